"""What the ledger knows and the database does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from afterscore.outreach.ledger import Entry, Handed, Settled, Silenced
from afterscore.outreach.models import Message, Suppression
from afterscore.workspaces.models import Workspace

CHUNK = 5_000
NOTHING_LEFT = frozenset({"untried", "later"})
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Departure:
    """The last attempt of a message that the ledger knows, and what became of it ("": unknown)."""

    handed: Handed
    outcome: str = ""
    reply: str = ""


@dataclass(slots=True)
class Comparison:
    known: int = 0
    behind: list[Departure] = field(default_factory=list)  # the row knows of fewer attempts
    absent: list[Departure] = field(default_factory=list)  # planned after the backup
    silenced: list[Silenced] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return len(self.behind) + len(self.absent) + len(self.silenced)


def compare(entries: Iterable[Entry]) -> Comparison:
    departures: dict[str, Departure] = {}
    silenced: dict[tuple[str, str, str, str], Silenced] = {}
    for entry in entries:
        match entry:
            case Handed():
                _keep_later(departures, entry)
            case Settled():
                _keep_outcome(departures, entry)
            case Silenced():
                key = (entry.workspace, entry.address, entry.scope, entry.reason)
                if key not in silenced or silenced[key].at <= entry.at:
                    silenced[key] = entry
    found = Comparison()
    left = [each for each in departures.values() if each.outcome not in NOTHING_LEFT]
    for chunk in _chunks(left):
        _compare_departures(chunk, found)
    for some in _chunks([each for each in silenced.values() if not each.is_lifted]):
        _compare_silenced(some, found)
    return found


def _keep_later(departures: dict[str, Departure], handed: Handed) -> None:
    known = departures.get(handed.message)
    if known is None or known.handed.attempt < handed.attempt:
        departures[handed.message] = Departure(handed)


def _keep_outcome(departures: dict[str, Departure], settled: Settled) -> None:
    known = departures.get(settled.message)
    if known is not None and known.handed.attempt == settled.attempt:
        departures[settled.message] = replace(known, outcome=settled.outcome, reply=settled.reply)


def _compare_departures(chunk: Sequence[Departure], found: Comparison) -> None:
    names = [each.handed.message for each in chunk]
    rows = Message.objects.filter(public_id__in=names)
    attempts = dict(rows.values_list("public_id", "attempt"))
    workspaces = _existing({each.handed.workspace for each in chunk})
    for each in chunk:
        attempt = attempts.get(each.handed.message)
        if attempt is None:
            if each.handed.workspace in workspaces:  # else it was deleted with its workspace
                found.absent.append(each)
        elif attempt < each.handed.attempt:
            found.behind.append(each)
        else:
            found.known += 1


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
