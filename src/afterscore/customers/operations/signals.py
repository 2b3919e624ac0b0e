"""What other systems tell of customers: taken in once, however often it is told."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction

from afterscore.customers import registry
from afterscore.customers.importers import records
from afterscore.customers.models import Account, Contact, Signal
from afterscore.customers.operations import checks
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit import ids
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Workspace

CHUNK = 1_000
SPOKEN_TO = "Somebody spoke with them personally."
CLOCKS_DIFFER = timedelta(minutes=5)
MAX_ID = 120
MAX_SOURCE = 60
Row = TypeVar("Row")
_NAME = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSignal:
    """One thing that happened, as another system tells it.

    It names a person (by id or address), a company (by id or name), or both. Without an id of its
    own, what it says is its id.
    """

    kind: str
    name: str
    occurred_at: datetime
    source: str = "import"
    external_id: str = ""
    contact_id: str = ""
    email: str = ""
    account_id: str = ""
    account: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one signal was not taken in; `number` counts from 0 as they were given."""

    number: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Intake:
    """`known` were there already; the problems say why the rest was refused."""

    created: int
    known: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Whom:
    contact: Contact | None
    account_id: int | None


def record_signals(
    *, workspace: Workspace, signals: Iterable[NewSignal], actor: Actor, now: datetime
) -> Intake:
    """Good ones go in, the others are named. Telling the same again changes nothing.

    Each chunk of a thousand is a transaction of its own, so a long file that is cut off can be
    sent again from its start.
    """
    created = known = 0
    problems: list[Problem] = []
    for start, chunk in _chunks(signals):
        part = _record_chunk(workspace, chunk, actor, now)
        created += part.created
        known += part.known
        problems += (Problem(start + p.number, p.field, p.message) for p in part.problems)
    return Intake(created, known, tuple(problems))


def _chunks(signals: Iterable[NewSignal]) -> Iterator[tuple[int, list[NewSignal]]]:
    start, chunk = 0, list[NewSignal]()
    for signal in signals:
        chunk.append(signal)
        if len(chunk) == CHUNK:
            yield start, chunk
            start, chunk = start + CHUNK, []
    if chunk:
        yield start, chunk


@transaction.atomic
def _record_chunk(
    workspace: Workspace, chunk: Sequence[NewSignal], actor: Actor, now: datetime
) -> Intake:
    people = _People(workspace, chunk)
    rows: list[Signal] = []
    problems: list[Problem] = []
    for number, signal in enumerate(chunk):
        try:
            rows.append(_row(workspace, signal, people.whom(signal), now))
        except Refused as error:
            problems.append(Problem(number, error.field or "", error.message))
    new = _insert(workspace, rows)
    if new:
        event = events.SignalsRecorded(workspace.public_id, count=len(new))
        journal.record(workspace=workspace, event=event, actor=actor, now=now)
    _tell_of_conversations(workspace, new, actor, now)
    return Intake(len(new), len(rows) - len(new), tuple(problems))


def _insert(workspace: Workspace, rows: Sequence[Signal]) -> list[Signal]:
    """Those that were not there yet: of two who tell the same at once, one is right."""
    Signal.objects.bulk_create(rows, ignore_conflicts=True)
    ours = {row.public_id for row in rows}
    stored = Signal.objects.select_related("contact").filter(
        workspace=workspace, public_id__in=ours
    )
    return list(stored.order_by("id"))


def _tell_of_conversations(
    workspace: Workspace, rows: Sequence[Signal], actor: Actor, now: datetime
) -> None:
    """Whoever was spoken to is not reminded by a machine of what they were asked before that."""
    last: dict[int, datetime] = {}
    for row in rows:
        if row.kind == Signal.Kind.INTERACTION and row.contact is not None:
            event = events.ContactSpokenTo(row.contact.public_id, signal=row.public_id)
            journal.record(workspace=workspace, event=event, actor=actor, now=now)
            last[row.contact.pk] = max(row.occurred_at, last.get(row.contact.pk, row.occurred_at))
    if last:
        registry.stop_asking(workspace=workspace, since=last, why=SPOKEN_TO, now=now)


def _row(workspace: Workspace, signal: NewSignal, whom: _Whom, now: datetime) -> Signal:
    _refuse_wrong(signal, now)
    return Signal(
        workspace=workspace,
        public_id=ids.make("sig"),
        kind=signal.kind,
        name=signal.name,
        contact=whom.contact,
        account_id=whom.account_id,
        source=signal.source,
        external_id=signal.external_id or _digest(signal, whom),
        attributes=checks.checked_attributes(signal.attributes),
        occurred_at=signal.occurred_at,
        recorded_at=now,
    )


def _refuse_wrong(signal: NewSignal, now: datetime) -> None:
    kinds = list(Signal.Kind.values)
    if signal.kind not in kinds:
        raise Refused(f"“{signal.kind[:40]}” is no kind. Use {', '.join(kinds)}.", field="kind")
    if not _NAME.fullmatch(signal.name) or len(signal.name) > 80:
        raise Refused(
            f"“{signal.name[:40]}” is no name for what happened: lower-case letters, digits and "
            "single _ or -, such as onboarding_finished.",
            field="name",
        )
    if signal.occurred_at.utcoffset() is None:
        raise Refused(
            "The time needs its offset, like 2026-05-04T09:00:00+02:00.", field="occurred_at"
        )
    if signal.occurred_at > now + CLOCKS_DIFFER:
        raise Refused(
            "This lies in the future; only what has happened is taken in.", field="occurred_at"
        )
    _refuse_long(signal)


def _refuse_long(signal: NewSignal) -> None:
    if not signal.source.strip() or len(signal.source) > MAX_SOURCE:
        raise Refused(
            f"Say which system it comes from, in at most {MAX_SOURCE} letters.", field="source"
        )
    if len(signal.external_id) > MAX_ID:
        raise Refused(f"An id has at most {MAX_ID} letters.", field="external_id")


def _digest(signal: NewSignal, whom: _Whom) -> str:
    said = (
        signal.kind, signal.name, signal.occurred_at.isoformat(),
        str(whom.contact.pk if whom.contact else ""), str(whom.account_id or ""),
        repr(sorted(signal.attributes.items(), key=lambda item: item[0])),
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


class _People:
    """The contacts and accounts that a chunk names, looked up in four queries."""

    def __init__(self, workspace: Workspace, chunk: Sequence[NewSignal]) -> None:
        contacts = Contact.objects.filter(workspace=workspace, erased_at=None)
        emails = {signal.email.strip().lower() for signal in chunk} - {""}
        numbers = {signal.contact_id.strip() for signal in chunk} - {""}
        self.by_email = {each.email: each for each in contacts.filter(email__in=emails)}
        self.by_id = {each.external_id: each for each in contacts.filter(external_id__in=numbers)}
        accounts = Account.objects.filter(workspace=workspace).only("id", "external_id", "name_key")
        names = {records.account_key(signal.account) for signal in chunk} - {""}
        own_ids = {signal.account_id.strip() for signal in chunk} - {""}
        self.account_by_name = {each.name_key: each for each in accounts.filter(name_key__in=names)}
        self.account_by_id = {
            each.external_id: each for each in accounts.filter(external_id__in=own_ids)
        }

    def whom(self, signal: NewSignal) -> _Whom:
        """Raises Refused for a stranger, and for a signal about nobody."""
        contact = self._contact(signal)
        account = self._account(signal)
        if contact is None and account is None:
            raise Refused(
                "It names nobody. Give an email, a contact_id, an account or an account_id.",
                field="email",
            )
        account_id = account.pk if account else contact.account_id if contact else None
        return _Whom(contact, account_id)

    def _contact(self, signal: NewSignal) -> Contact | None:
        if signal.contact_id.strip():
            return _found(self.by_id, signal.contact_id.strip(), "contact_id", "contact of the id")
        if signal.email.strip():
            return _found(
                self.by_email, signal.email.strip().lower(), "email", "contact with the address"
            )
        return None

    def _account(self, signal: NewSignal) -> Account | None:
        if signal.account_id.strip():
            return _found(
                self.account_by_id, signal.account_id.strip(), "account_id", "account of the id"
            )
        if signal.account.strip():
            key = records.account_key(signal.account)
            return _found(self.account_by_name, key, "account", "account of the name")
        return None


def _found(known: Mapping[Any, Row], key: str, field: str, what: str) -> Row:
    row = known.get(key)
    if row is None:
        raise Refused(f"There is no {what} “{key[:80]}”. Import customers first.", field=field)
    return row
