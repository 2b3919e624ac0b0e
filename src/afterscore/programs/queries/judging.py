"""Everybody in the workspace, judged: who may be asked now, who may not, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, Q

from afterscore.customers import queries as customers
from afterscore.customers.models import Contact
from afterscore.domain import calendars, fatigue, segments
from afterscore.domain.fatigue import Candidate, Policy, Verdict
from afterscore.domain.segments import Condition
from afterscore.outreach import queries as outreach
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.workspaces.models import Workspace

CHUNK = 2_000
"""People held in memory at once."""

ASKED = (Enrolment.State.ENROLLED, Enrolment.State.ANSWERED)
OPT_IN = "opt_in"
"""The basis of consent of people who joined the feedback program of their own accord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whom somebody wants to ask; `program` is its public id."""

    workspace: Workspace
    audience: Condition
    cadence_days: int
    program: str


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

    def __str__(self) -> str:
        return self.name or self.email or "(erased)"

    @property
    def has_opted_in(self) -> bool:
        return self.consent_basis.strip().lower() == OPT_IN


class Judged(NamedTuple):
    person: Person
    verdict: Verdict


class _LastAsked(NamedTuple):
    anywhere: datetime | None = None
    here: datetime | None = None


_NEVER = _LastAsked()


def asking_of(program: Program, _wave: Wave | None = None) -> Asking:
    return Asking(
        workspace=program.workspace,
        audience=segments.parse(program.audience),
        cadence_days=program.cadence_days,
        program=program.public_id,
    )


def judge_contacts(
    *, asking: Asking, now: datetime, among: Sequence[int] | None = None
) -> Iterator[list[Judged]]:
    """Every contact of the workspace once (or those `among` them), in chunks, so that memory stays
    flat."""
    last = 0
    while people := _people_after(asking.workspace, last, among):
        last = people[-1].contact_id
        yield _judged(asking, people, now)


def _people_after(workspace: Workspace, last: int, among: Sequence[int] | None) -> list[Person]:
    owner = "account__owner"
    contacts = Contact.objects.filter(workspace=workspace, pk__gt=last)
    if among is not None:
        contacts = contacts.filter(pk__in=among)
    rows = (
        contacts.order_by("pk")
        .values_list(
            "pk", "email", "name", "language", "time_zone", "consent_basis", "last_asked_at",
            "erased_at", "account_id", "account__name", f"{owner}_id", f"{owner}__user__name",
            f"{owner}__user__email", f"{owner}__is_active",
        )[:CHUNK]
    )  # fmt: skip
    return [Person._make(row) for row in rows]


def _judged(asking: Asking, people: Sequence[Person], now: datetime) -> list[Judged]:
    policy = Policy(
        minimum_gap_days=asking.workspace.minimum_gap_days,
        cadence_days=asking.cadence_days,
        consent_required=asking.workspace.consent_required,
    )
    inside = _inside(asking, people, now)
    suppressed = outreach.suppression_reasons(
        workspace=asking.workspace, emails=[person.email for person in people if person.email]
    )
    asked = _last_asked(asking, people)
    return [
        Judged(person, fatigue.judge(_candidate(person, inside, suppressed, asked), policy, now))
        for person in people
    ]


def _candidate(
    person: Person,
    inside: frozenset[int],
    suppressed: Mapping[str, str],
    asked: Mapping[int, _LastAsked],
) -> Candidate:
    last = asked.get(person.contact_id, _NEVER)
    return Candidate(
        email=person.email,
        erased=person.erased_at is not None,
        suppressed=suppressed.get(person.email or ""),
        consent=person.consent_basis,
        opted_in=person.has_opted_in,
        last_asked_at=_later(person.last_asked_at, last.anywhere),
        last_asked_in_program_at=last.here,
        matches_audience=person.contact_id in inside,
    )


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((at for at in (first, second) if at is not None), default=None)


def _inside(asking: Asking, people: Sequence[Person], now: datetime) -> frozenset[int]:
    """Which of these contacts the audience's filter lets in."""
    if asking.audience == segments.EVERYONE:
        return frozenset(person.contact_id for person in people)
    today = calendars.local_day(now, calendars.zone_or(asking.workspace.time_zone, "UTC"))
    matching = customers.filter_contacts(
        workspace=asking.workspace, condition=asking.audience, today=today
    )
    span = (people[0].contact_id, people[-1].contact_id)
    return frozenset(matching.filter(pk__range=span).values_list("pk", flat=True))


def _last_asked(asking: Asking, people: Sequence[Person]) -> dict[int, _LastAsked]:
    """Enrolments count from their launch, whether or not the mail has gone out yet: two programs
    launched on one day do not ask the same person twice."""
    rows = (
        Enrolment.objects.filter(
            workspace=asking.workspace,
            contact__in=[person.contact_id for person in people],
            state__in=ASKED,
        )
        .values_list("contact_id")
        .annotate(
            anywhere=Max("created_at"),
            here=Max("created_at", filter=Q(wave__program__public_id=asking.program)),
        )
    )
    return {contact: _LastAsked(anywhere, here) for contact, anywhere, here in rows}
