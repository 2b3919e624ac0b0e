"""Who was asked, who answered, and who never was: the crowds of a coverage audit.

Each person counts once. What is known of the company counts for each of its people: complaints and
tickets of a year, usage of 90 days, health where another system tells it as a number, revenue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet

from afterscore.cases.queries.lately import HEALTH_NAMES
from afterscore.customers.models import Account, Contact, Signal
from afterscore.domain import coverage
from afterscore.domain.coverage import Audit, Criterion, Crowd, Finding
from afterscore.programs.models import Enrolment
from afterscore.workspaces.models import Workspace

YEAR = timedelta(days=365)
USAGE_DAYS = timedelta(days=90)
_COMPLAINS = Q(name__icontains="complaint") | Q(name__icontains="escalat")

Known = Callable[["_Person"], float | None]


@dataclass(frozen=True, slots=True)
class _Person:
    contact: int
    account: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """`asked` people of a year beside those never asked in it, and of those asked, who answered
    beside who stayed silent."""

    people: int
    asked: int
    answered: int
    of_asking: Audit
    of_answering: Audit


class Pair(StrEnum):
    """Which two groups are set side by side."""

    ASKING = "asking"
    ANSWERING = "answering"


class Reach(StrEnum):
    """How far the asking came with people."""

    EVERYBODY = "everybody"
    ASKED = "asked"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Valued:
    """A person, and what is known of them; `is_heard` says on which side they stand."""

    contact: int
    value: float
    is_heard: bool


@dataclass(frozen=True, slots=True)
class _Sides:
    people: list[_Person]
    asked: list[_Person]
    never: list[_Person]
    answered: list[_Person]
    silent: list[_Person]

    def of(self, pair: Pair) -> tuple[list[_Person], list[_Person]]:
        if pair is Pair.ASKING:
            return self.asked, self.never
        return self.answered, self.silent


def audit_coverage(*, workspace: Workspace, now: datetime) -> Coverage:
    sides, known = _sides(workspace, now), _known(workspace, now)
    return Coverage(
        people=len(sides.people),
        asked=len(sides.asked),
        answered=len(sides.answered),
        of_asking=coverage.audit(list(_findings(known, *sides.of(Pair.ASKING)))),
        of_answering=coverage.audit(list(_findings(known, *sides.of(Pair.ANSWERING)))),
    )


def list_compared(
    *, workspace: Workspace, pair: Pair, criterion: Criterion, now: datetime
) -> tuple[Finding | None, list[Valued]]:
    """What one criterion tells of two groups, and everybody of whom it is known, the most first.
    None where nobody records it."""
    read = _known(workspace, now).get(criterion)
    if read is None:
        return None, []
    heard, unheard = _sides(workspace, now).of(pair)
    valued = [
        Valued(person.contact, value, is_heard)
        for side, is_heard in ((heard, True), (unheard, False))
        for person in side
        if (value := read(person)) is not None
    ]
    valued.sort(key=lambda each: (-each.value, each.contact))
    return coverage.compare(criterion, _crowd(read, heard), _crowd(read, unheard)), valued


def people_of(*, workspace: Workspace, reach: Reach, now: datetime) -> QuerySet[Contact]:
    """Whom one could ask, and of them who was asked within a year, or has answered."""
    people = askable(workspace, now)
    if reach is Reach.EVERYBODY:
        return people
    asked = _asked(workspace, now)
    if reach is Reach.ANSWERED:
        asked = asked.filter(state=Enrolment.State.ANSWERED)
    return people.filter(pk__in=asked.values("contact"))


def _sides(workspace: Workspace, now: datetime) -> _Sides:
    people, states = _people(workspace, now), _states(workspace, now)
    asked = [person for person in people if person.contact in states]
    return _Sides(
        people=people,
        asked=asked,
        never=[person for person in people if person.contact not in states],
        answered=[person for person in asked if states[person.contact]],
        silent=[person for person in asked if not states[person.contact]],
    )


def _people(workspace: Workspace, now: datetime) -> list[_Person]:
    return [_Person(*row) for row in askable(workspace, now).values_list("pk", "account_id")]


def askable(workspace: Workspace, now: datetime) -> QuerySet[Contact]:
    """Whom one could ask: with an address, at companies that are customers."""
    gone = Q(account__churned_on__lte=now.date()) | Q(account__lifecycle_stage__iexact="prospect")
    found = Contact.objects.filter(workspace=workspace, erased_at=None, email__isnull=False)
    return found.exclude(gone)


def _states(workspace: Workspace, now: datetime) -> dict[int, bool]:
    """By person asked within a year: whether they answered at least once."""
    rows = _asked(workspace, now).values_list("contact")
    answers = Count("pk", filter=Q(state=Enrolment.State.ANSWERED))
    return {contact: answered > 0 for contact, answered in rows.annotate(answered=answers)}


def _asked(workspace: Workspace, now: datetime) -> QuerySet[Enrolment]:
    found = Enrolment.objects.filter(workspace=workspace, created_at__gt=now - YEAR)
    return found.exclude(state=Enrolment.State.EXCLUDED).order_by()


def _known(workspace: Workspace, now: datetime) -> dict[Criterion, Known]:
    """How each criterion is read of a person; what nobody records is absent."""
    signals = Signal.objects.filter(workspace=workspace, occurred_at__gt=now - YEAR)
    tickets = signals.filter(kind=Signal.Kind.TICKET)
    usage = signals.filter(kind=Signal.Kind.USAGE, occurred_at__gt=now - USAGE_DAYS)
    found: dict[Criterion, Known] = {}
    for criterion, counted in (
        (Criterion.COMPLAINTS, signals.filter(_COMPLAINS)),
        (Criterion.TICKETS, tickets),
        (Criterion.USAGE, usage),
    ):
        by_account, by_contact = _counts(counted, "account"), _counts(counted, "contact")
        if by_account or by_contact:
            found[criterion] = _times(by_account, by_contact)
    for criterion, amounts in (
        (Criterion.HEALTH, _health(workspace)),
        (Criterion.REVENUE, _revenue(workspace)),
    ):
        if amounts:
            found[criterion] = _of_account(amounts)
    return found


def _counts(signals: Any, owner: str) -> Counter[int]:
    """Of companies all that is told of them; of people only what names no company."""
    rows = signals.exclude(**{owner: None})
    if owner == "contact":
        rows = rows.filter(account=None)
    return Counter(dict(rows.order_by().values_list(owner).annotate(times=Count("pk"))))


def _times(by_account: Counter[int], by_contact: Counter[int]) -> Known:
    def read(person: _Person) -> float:
        of_company = by_account[person.account] if person.account else 0
        return float(of_company + by_contact[person.contact])

    return read


def _of_account(amounts: Mapping[int, float]) -> Known:
    def read(person: _Person) -> float | None:
        return amounts.get(person.account) if person.account else None

    return read


def _health(workspace: Workspace) -> dict[int, float]:
    found = {}
    rows = Account.objects.filter(workspace=workspace).values_list("pk", "attributes")
    for account, attributes in rows:
        named = {key.casefold(): value for key, value in attributes.items()}
        values = (_number(named.get(name)) for name in HEALTH_NAMES)
        health = next((value for value in values if value is not None), None)
        if health is not None:
            found[account] = health
    return found


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number == number and abs(number) < 1e12 else None  # noqa: PLR0124 - not NaN


def _revenue(workspace: Workspace) -> dict[int, float]:
    """In the workspace's currency; others are not converted and not compared."""
    rows = Account.objects.filter(
        workspace=workspace,
        recurring_revenue__isnull=False,
        currency__in=("", workspace.currency),
    ).values_list("pk", "recurring_revenue")
    return {account: float(amount or Decimal(0)) for account, amount in rows}


def _findings(
    known: Mapping[Criterion, Known], heard: Iterable[_Person], unheard: Iterable[_Person]
) -> Iterable[Finding]:
    first, second = list(heard), list(unheard)
    for criterion in Criterion:
        if criterion in known:
            read = known[criterion]
            yield coverage.compare(criterion, _crowd(read, first), _crowd(read, second))


def _crowd(read: Known, people: Iterable[_Person]) -> Crowd:
    known = [(person, value) for person in people if (value := read(person)) is not None]
    values = [value for _person, value in known]
    of_company = Counter(person.account or -person.contact for person, _value in known)
    alike = sum(size * size for size in of_company.values())
    return Crowd(
        n=len(values),
        total=sum(values),
        squares=sum(value * value for value in values),
        worth=len(values) ** 2 / alike if alike else 0.0,
    )
