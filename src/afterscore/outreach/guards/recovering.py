"""Reads the ledger back into a restored database: what left, has left; the silenced stay so.

Only what the database does not know is changed, so reading it back twice changes nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from afterscore.customers.models import Contact, Signal
from afterscore.kit.errors import Refused
from afterscore.outreach import ledger, queries
from afterscore.outreach.guards import comparing, restores
from afterscore.outreach.guards.comparing import Comparison, Departure, compare
from afterscore.outreach.models import Guard, State, Suppression
from afterscore.workspaces.models import Workspace

STATES = {"sent": State.SENT, "failed": State.FAILED}
UNKNOWN = "Handed over after the backup that was restored; what became of it is not known."
REFUSED = "The mail server refused it."
SOURCE = "send-ledger"


@dataclass(frozen=True, slots=True)
class Report:
    """In messages and addresses; `absent` are messages that were planned after the backup."""

    files: int
    oldest: str
    newest: str
    known: int
    sent: int
    in_doubt: int
    failed: int
    absent: int
    silenced: int
    hosts_not_here: tuple[str, ...]

    @property
    def missing(self) -> int:
        return self.sent + self.in_doubt + self.failed + self.absent + self.silenced


def check() -> Report:
    """Changes nothing."""
    return _report(_compare_all())


@transaction.atomic
def apply(*, now: datetime) -> Report:
    """Sending stays paused until somebody resumes it."""
    found = _compare_all()
    report = _report(found)
    for state in (State.SENT, State.FAILED, State.IN_DOUBT):
        _settle(state, [each for each in found.behind if _state(each) == state])
    _remember_absent(found.absent, now=now)
    _silence(found, now=now)
    restores.accept(now=now)
    text = (
        "The database was restored, and the send ledger has been read back. Look at the messages "
        "in doubt; then run: afterscore sending resume"
    )
    Guard.objects.filter(name=restores.NAME, is_closed=True).update(why=text, changed_at=now)
    return report


def _compare_all() -> Comparison:
    paths = ledger.files(ledger.folder())
    if not paths:
        raise Refused(
            f"There is no send ledger in {ledger.folder()}. Copy it there from the machine that "
            "sent, or set AFTERSCORE_LEDGER_DIR to where it is."
        )
    found = compare(
        (ledger.process_of(path), entry) for path in paths for entry in ledger.read(path)[0]
    )
    found.behind += found.unclear
    return found


def _report(found: Comparison) -> Report:
    names = [path.name for path in ledger.files(ledger.folder())]
    days = [name.partition(".")[0] for name in names]
    states = [_state(each) for each in found.behind]
    return Report(
        files=len(names),
        oldest=days[0],
        newest=days[-1],
        known=found.known,
        sent=states.count(State.SENT),
        in_doubt=states.count(State.IN_DOUBT),
        failed=states.count(State.FAILED),
        absent=len(found.absent),
        silenced=len(found.silenced),
        hosts_not_here=tuple(restores.hosts_not_here(names)),
    )


def _state(departure: Departure) -> State:
    return STATES.get(departure.outcome, State.IN_DOUBT)


_SETTLE = """
WITH done AS (
    UPDATE outreach_message m
    SET state = %(state)s, attempt = greatest(m.attempt, x.attempt), reply = x.reply,
        reason = %(reason)s, handed_at = x.at, sent_at = CASE WHEN %(state)s = 'sent' THEN x.at END,
        claimed_by = '', lease_until = NULL, is_held = false
    FROM unnest(%(names)s::text[], %(attempts)s::int[], %(replies)s::text[],
        %(instants)s::timestamptz[]) AS x(name, attempt, reply, at)
    WHERE m.public_id = x.name AND (m.attempt < x.attempt OR m.state = ANY(%(open)s))
    RETURNING m.contact_id, m.kind, x.at
)
UPDATE customers_contact c SET last_asked_at = greatest(c.last_asked_at, d.at)
FROM (SELECT contact_id, max(at) AS at FROM done WHERE kind = ANY(%(asking)s) GROUP BY 1) d
WHERE c.id = d.contact_id AND %(state)s <> 'failed'
"""


def _settle(state: State, departures: Sequence[Departure]) -> None:
    reasons = {State.SENT: "", State.FAILED: REFUSED, State.IN_DOUBT: UNKNOWN}
    if departures:
        with connection.cursor() as cursor:
            cursor.execute(
                _SETTLE,
                {
                    "state": state.value,
                    "reason": reasons[state],
                    "open": [each.value for each in comparing.OPEN],
                    "asking": [kind.value for kind in queries.ASKING],
                    "names": [each.handed.message for each in departures],
                    "attempts": [each.handed.attempt for each in departures],
                    "replies": [each.reply for each in departures],
                    "instants": [each.handed.at for each in departures],
                },
            )


def _remember_absent(absent: Sequence[Departure], *, now: datetime) -> None:
    """The message is gone with the plan it belonged to, but its reader got it: it counts."""
    for workspace in _workspaces(each.handed.workspace for each in absent):
        by_address: dict[str, list[Departure]] = {}
        for each in absent:
            if each.handed.workspace == workspace.public_id:
                by_address.setdefault(each.handed.address, []).append(each)
        contacts = Contact.objects.filter(workspace=workspace).exclude(email=None)
        for contact in contacts.iterator():
            if found := by_address.get(queries.address_hash(contact.email or "")):
                _tell(contact, found, now=now)


def _tell(contact: Contact, departures: Sequence[Departure], *, now: datetime) -> None:
    Signal.objects.bulk_create(
        [
            Signal(
                workspace_id=contact.workspace_id,
                kind=Signal.Kind.MESSAGE,
                name=each.handed.kind,
                contact=contact,
                source=SOURCE,
                external_id=each.handed.message,
                occurred_at=datetime.fromisoformat(each.handed.at),
                recorded_at=now,
            )
            for each in departures
        ],
        ignore_conflicts=True,
    )
    asked = [each.handed.at for each in departures if each.handed.kind in queries.ASKING]
    if asked:
        latest = datetime.fromisoformat(max(asked))
        earlier = Q(last_asked_at=None) | Q(last_asked_at__lt=latest)
        Contact.objects.filter(earlier, pk=contact.pk).update(last_asked_at=latest)


def _silence(found: Comparison, *, now: datetime) -> None:
    workspaces = {
        row.public_id: row for row in _workspaces(each.workspace for each in found.silenced)
    }
    Suppression.objects.bulk_create(
        [
            Suppression(
                workspace=workspaces[each.workspace],
                address_hash=each.address,
                scope=each.scope,
                reason=each.reason,
                source=each.source or SOURCE,
                created_at=now,
            )
            for each in found.silenced
        ],
        ignore_conflicts=True,
    )


def _workspaces(names: Iterable[str]) -> list[Workspace]:
    return list(Workspace.objects.filter(public_id__in=set(names)))
