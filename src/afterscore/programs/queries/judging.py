"""Everybody in the workspace, judged: who may be asked now, who may not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import F

from afterscore.customers.models import Contact
from afterscore.domain import fatigue, segments
from afterscore.domain.fatigue import Budget, Candidate, Eligible, Policy, Quarantine, Verdict
from afterscore.domain.segments import Condition
from afterscore.kit.among import among as in_keys
from afterscore.programs.models import Program, Wave
from afterscore.programs.queries import finding, known
from afterscore.programs.queries.known import Known
from afterscore.workspaces.models import Workspace

CHUNK = 5_000
"""People held in memory at once; a few more where an account would be cut."""

OPT_IN = "opt_in"
"""The basis of consent of people who joined the feedback program of their own accord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whom somebody wants to ask; `program` is its public id.

    `touches` are the messages of one invitation, as times after the first. `seed` draws the lots
    by which people of one account take their turns; `wave` is one that already asks somebody.
    """

    workspace: Workspace
    audience: Condition
    cadence_days: int
    program: str
    touches: tuple[timedelta, ...] = (timedelta(0),)
    account_limit: int | None = None
    account_spread_days: int = 0
    seed: int = 0
    wave: int | None = None

    @property
    def policy(self) -> Policy:
        return Policy(
            minimum_gap_days=self.workspace.minimum_gap_days,
            cadence_days=self.cadence_days,
            consent_required=self.workspace.consent_required,
            account_limit=self.account_limit,
            budget=Budget(self.workspace.budget_messages, self.workspace.budget_days),
            touches=self.touches,
        )

    @property
    def minds_accounts(self) -> bool:
        return self.account_limit is not None or self.account_spread_days > 0


class Person(NamedTuple):
    """A contact with what asking needs of the account and its owner, in one flat row."""

    contact_id: int
    email: str | None
    name: str
    language: str
    time_zone: str
    consent_basis: str
    last_asked_at: datetime | None
    erased_at: datetime | None
    account_id: int | None
    account_name: str | None
    owner_id: int | None
    owner_name: str | None
    owner_email: str | None
    owner_is_active: bool | None
    ask_gap_days: int | None
    quarantined_until: datetime | None
    quarantine_why: str
    account_quarantined_until: datetime | None
    account_quarantine_why: str | None
    plan: str | None
    persona: str

    def __str__(self) -> str:
        return self.name or self.email or "(erased)"

    @property
    def has_opted_in(self) -> bool:
        return self.consent_basis.strip().lower() == OPT_IN

    def quarantines(self, zone: ZoneInfo) -> tuple[Quarantine, ...]:
        """They end with a day of the workspace, so they are told by its clock."""
        own, whole = self.quarantined_until, self.account_quarantined_until
        if own is None and whole is None:
            return ()
        found = []
        if own is not None:
            found.append(Quarantine(own.astimezone(zone), self.quarantine_why))
        if whole is not None:
            why = self.account_quarantine_why or ""
            found.append(Quarantine(whole.astimezone(zone), why, whole_account=True))
        return tuple(found)

    @property
    def peer_group(self) -> str:
        """People like this one: the same plan, the same persona. "" where neither is known."""
        known = (" ".join(part.split()) for part in (self.plan or "", self.persona))
        return " · ".join(part for part in known if part)


_OWNER = "account__owner"
_COLUMNS = (
    "pk", "email", "name", "language", "time_zone", "consent_basis", "last_asked_at", "erased_at",
    "account_id", "account__name", f"{_OWNER}_id", f"{_OWNER}__user__name",
    f"{_OWNER}__user__email", f"{_OWNER}__is_active", "ask_gap_days", "quarantined_until",
    "quarantine_why", "account__quarantined_until", "account__quarantine_why",
    "account__plan", "persona",
)  # fmt: skip


class Judged(NamedTuple):
    person: Person
    verdict: Verdict


def asking_of(program: Program, wave: Wave | None = None) -> Asking:
    """For a new wave, or for more people in an open one.

    Every reminder that the program allows itself is counted, whether or not it may go in the end.
    """
    return Asking(
        workspace=program.workspace,
        audience=segments.parse(program.audience),
        cadence_days=program.cadence_days,
        program=program.public_id,
        touches=_touches(program),
        account_limit=program.account_limit,
        account_spread_days=program.account_spread_days,
        seed=next_seed(program) if wave is None else wave.seed,
        wave=None if wave is None else wave.pk,
    )


def _touches(program: Program) -> tuple[timedelta, ...]:
    first = 0
    if program.heads_up == Program.HeadsUp.MAIL:
        first = program.heads_up_days
    reminders = (
        first + step * program.reminder_after_days for step in range(1, program.reminders + 1)
    )
    return tuple(timedelta(days=days) for days in sorted({0, first, *reminders}))


def next_seed(program: Program) -> int:
    """For the lots of the program's next wave: a preview draws the same as the launch after it."""
    return fatigue.seed_of(f"{program.public_id}:{finding.next_number(program=program)}")


def judge_contacts(
    *, asking: Asking, now: datetime, among: Sequence[int] | None = None
) -> Iterator[list[Judged]]:
    """Every contact of the workspace once (or those `among` them), in chunks, so that memory stays
    flat. People of one account are in one chunk where accounts matter."""
    rows = read_people(asking.workspace, among=among, by_account=asking.minds_accounts)
    for people in _chunks(rows, whole_accounts=asking.minds_accounts):
        yield _judged(asking, people, now)


def judge_contact(*, asking: Asking, contact: Contact, now: datetime) -> Verdict:
    """Of one contact; beside the others of the account, where there is a limit for accounts."""
    among = [contact.pk]
    if asking.minds_accounts and contact.account_id is not None:
        others = Contact.objects.filter(workspace=asking.workspace, account=contact.account_id)
        among = list(others.values_list("pk", flat=True))
    for chunk in judge_contacts(asking=asking, now=now, among=among):
        for person, verdict in chunk:
            if person.contact_id == contact.pk:
                return verdict
    raise ValueError("the contact is not of this workspace")


def judge_asked(*, asking: Asking, contact: Contact, is_shown: bool, now: datetime) -> Verdict:
    """Whether somebody whom the open wave asks already may be shown the question as well.

    Having been asked is no reason against it, and what `is_shown` already is not one message more;
    but whoever is left alone since, or may not be written to any more, is shown nothing.
    """
    person = next(read_people(asking.workspace, among=[contact.pk]))
    known_of = _candidate(person, known.of_people(asking, [person], now))
    candidate = replace(
        known_of,
        last_asked_at=None,
        last_asked_in_program_at=None,
        messages=() if is_shown else known_of.messages,
        matches_audience=True,
        account_asked=0,
    )
    return fatigue.judge(candidate, asking.policy, now)


def read_people(
    workspace: Workspace, *, among: Sequence[int] | None = None, by_account: bool = False
) -> Iterator[Person]:
    """As they stand in the database, a chunk in memory at once."""
    found = Contact.objects.filter(workspace=workspace)
    if among is not None:
        found = found.filter(in_keys("pk", among))
    order = (F("account_id").asc(nulls_last=True), "pk") if by_account else ("pk",)
    rows = found.order_by(*order).values_list(*_COLUMNS)
    return map(Person._make, rows.iterator(chunk_size=CHUNK))


def _chunks(people: Iterable[Person], *, whole_accounts: bool) -> Iterator[list[Person]]:
    chunk: list[Person] = []
    for person in people:
        is_cut = whole_accounts and person.account_id is not None
        if len(chunk) >= CHUNK and not (is_cut and person.account_id == chunk[-1].account_id):
            yield chunk
            chunk = []
        chunk.append(person)
    if chunk:
        yield chunk


def _judged(asking: Asking, people: Sequence[Person], now: datetime) -> list[Judged]:
    facts = known.of_people(asking, people, now)
    policy = asking.policy
    if not asking.minds_accounts:
        return [
            Judged(person, fatigue.judge(_candidate(person, facts), policy, now))
            for person in people
        ]
    by_contact = _in_turn(asking, people, facts, now)
    return [Judged(person, by_contact[person.contact_id]) for person in people]


def _in_turn(
    asking: Asking, people: Sequence[Person], facts: Known, now: datetime
) -> dict[int, Verdict]:
    """By lot, so that neither an early entry in the list nor a name is an advantage; who was drawn
    before takes a place at the account."""
    policy = asking.policy
    drawn = sorted(people, key=lambda person: fatigue.lot(asking.seed, person.contact_id))
    asked_now: Counter[int] = Counter()
    verdicts: dict[int, Verdict] = {}
    for person in drawn:
        account = person.account_id or 0
        place = asked_now[account] if account else 0
        already = facts.asked_at_account.get(account, 0) if account else 0
        candidate = _candidate(person, facts, account_asked=place + already)
        verdict = fatigue.judge(candidate, policy, now)
        if isinstance(verdict, Eligible):
            verdict = Eligible(place)
            asked_now[account] += 1
        verdicts[person.contact_id] = verdict
    return verdicts


def _candidate(person: Person, facts: Known, *, account_asked: int = 0) -> Candidate:
    contact = person.contact_id
    suppressed = facts.suppressed.get(person.email or "")
    return Candidate(
        email=person.email,
        erased=person.erased_at is not None,
        suppressed=suppressed.reason if suppressed else None,
        only_here=suppressed is not None and suppressed.only_here,
        consent=person.consent_basis,
        opted_in=person.has_opted_in,
        last_asked_at=facts.last_asked_at(person),
        last_asked_in_program_at=facts.asked_here.get(contact),
        ask_gap_days=person.ask_gap_days,
        quarantines=person.quarantines(facts.zone),
        messages=facts.messages_of(contact),
        matches_audience=contact in facts.inside,
        account_asked=account_asked,
    )
