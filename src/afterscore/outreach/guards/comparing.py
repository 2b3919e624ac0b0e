"""What the ledger knows and the database does not.

Attempts alone do not tell: a row that was claimed when the backup was made has the attempt with
which it left afterwards, and a restored database may count on before anybody notices. So the state
counts as well: what the ledger calls sent must not wait. And what one process says of an attempt
is no word about the same number in another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from afterscore.outreach.ledger import Entry, Handed, Settled, Silenced
from afterscore.outreach.models import Message, State, Suppression
from afterscore.workspaces.models import Workspace

CHUNK = 5_000
COMPARED = ("public_id", "attempt", "state", "resends", "repeat_until")
SENT = "sent"
NOTHING_LEFT = frozenset({"untried", "later"})
WAITING = frozenset({State.PLANNED, State.DUE, State.CLAIMED})
OPEN = WAITING | {State.HANDOFF, State.IN_DOUBT}
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Departure:
    """An attempt that the ledger knows, and what became of it ("": unknown)."""

    handed: Handed
    outcome: str = ""
    reply: str = ""


@dataclass(slots=True)
class Comparison:
    known: int = 0
    behind: list[Departure] = field(default_factory=list)  # the row has not seen it
    # The row waits, and in a restored database that may be wrong; elsewhere it is on its way.
    unclear: list[Departure] = field(default_factory=list)
    absent: list[Departure] = field(default_factory=list)  # planned after the backup
    silenced: list[Silenced] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return len(self.behind) + len(self.absent) + len(self.silenced)


def compare(entries: Iterable[tuple[str, Entry]]) -> Comparison:
    """Each entry comes with the process that wrote it."""
    departures: dict[tuple[str, str, int], Departure] = {}
    silenced: dict[tuple[str, str, str, str], Silenced] = {}
    for process, entry in entries:
        match entry:
            case Handed():
                departures.setdefault((process, entry.message, entry.attempt), Departure(entry))
            case Settled():
                _keep_outcome(departures, process, entry)
            case Silenced():
                key = (entry.workspace, entry.address, entry.scope, entry.reason)
                if key not in silenced or silenced[key].at <= entry.at:
                    silenced[key] = entry
    found = Comparison()
    for chunk in _chunks(_most_telling(departures.values())):
        _compare_departures(chunk, found)
    for some in _chunks([each for each in silenced.values() if not each.is_lifted]):
        _compare_silenced(some, found)
    return found


def _keep_outcome(
    departures: dict[tuple[str, str, int], Departure], process: str, settled: Settled
) -> None:
    """Its hand-over may have been read earlier."""
    key = (process, settled.message, settled.attempt)
    handed = Handed("", settled.message, settled.attempt, address="", kind="", at=settled.at)
    known = departures.get(key, Departure(handed))
    if known.outcome != SENT:
        departures[key] = replace(known, outcome=settled.outcome, reply=settled.reply)


def _most_telling(departures: Iterable[Departure]) -> Iterable[Departure]:
    """Of each message the attempt that arrived, or the last one that may have."""
    found: dict[str, Departure] = {}
    for each in departures:
        known = found.get(each.handed.message)
        if each.outcome not in NOTHING_LEFT and (known is None or _weight(known) < _weight(each)):
            found[each.handed.message] = each
    return found.values()


def _weight(departure: Departure) -> tuple[bool, int]:
    return departure.outcome == SENT, departure.handed.attempt


def _compare_departures(chunk: Sequence[Departure], found: Comparison) -> None:
    names = [each.handed.message for each in chunk]
    rows = {
        row.public_id: row for row in Message.objects.filter(public_id__in=names).only(*COMPARED)
    }
    workspaces = _existing({each.handed.workspace for each in chunk})
    for each in chunk:
        row = rows.get(each.handed.message)
        if row is None:
            if each.handed.workspace in workspaces:  # else it was deleted with its workspace
                found.absent.append(each)
        elif _has_not_seen(row, each):
            found.behind.append(each)
        elif _may_have_left(row, each):
            found.unclear.append(each)
        else:
            found.known += 1


def _has_not_seen(row: Message, departure: Departure) -> bool:
    if row.attempt < departure.handed.attempt:
        return True
    return departure.outcome == SENT and row.state in OPEN and not row.resends


def _may_have_left(row: Message, departure: Departure) -> bool:
    """It waits with the very attempt of which no good end is known."""
    is_chosen = row.resends or row.repeat_until is not None  # to go once more, and known to be
    return row.attempt == departure.handed.attempt and row.state in WAITING and not is_chosen


def _compare_silenced(chunk: Sequence[Silenced], found: Comparison) -> None:
    workspaces = _existing({each.workspace for each in chunk})
    rows = Suppression.objects.filter(address_hash__in=[each.address for each in chunk])
    there = set(rows.values_list("workspace__public_id", "address_hash", "scope", "reason"))
    for each in chunk:
        key = (each.workspace, each.address, each.scope, each.reason)
        if each.workspace in workspaces and key not in there:
            found.silenced.append(each)
        else:
            found.known += 1


def _existing(names: set[str]) -> set[str]:
    rows = Workspace.objects.filter(public_id__in=names)
    return set(rows.values_list("public_id", flat=True))


def _chunks(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
