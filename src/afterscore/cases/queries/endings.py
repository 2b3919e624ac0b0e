"""How loops ended and what was promised in them: counts for the loop ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet

from afterscore.cases.models import Case, Commitment
from afterscore.cases.queries.loops import EVER, Period
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace


class Ending(NamedTuple):
    """So many closed cases ended alike; what nobody said is ""."""

    score: int
    has_comment: bool
    outcome: str
    reason: str
    root_cause: str
    cases: int


@dataclass(frozen=True, slots=True)
class Promises:
    """Commitments to customers by what became of them; `overdue` ones are open past their day."""

    kept: int
    broken: int
    open: int
    overdue: int
    released: int


def cases_of(*, workspace: Workspace, period: Period = EVER) -> QuerySet[Case]:
    """Of the counted answers of a period."""
    found = Case.objects.filter(workspace=workspace, response__validity=Response.Validity.COUNTED)
    if period.since is not None:
        found = found.filter(response__received_at__gte=period.since)
    if period.until is not None:
        found = found.filter(response__received_at__lt=period.until)
    if period.waves is not None:
        found = found.filter(response__wave__in=list(period.waves))
    return found


def count_endings(*, workspace: Workspace, period: Period = EVER) -> list[Ending]:
    rows = (
        cases_of(workspace=workspace, period=period)
        .filter(closed_at__isnull=False)
        .annotate(has_comment=ExpressionWrapper(~Q(comment_key=""), output_field=BooleanField()))
        .order_by()
        .values_list("score", "has_comment", "outcome", "not_closed_reason", "root_cause")
        .annotate(cases=Count("pk"))
    )
    return [Ending(*row) for row in rows]


class Fate(StrEnum):
    """What became of a promise; an overdue one is open past its day."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"
    OVERDUE = "overdue"
    RELEASED = "released"

    @property
    def label(self) -> str:
        return _FATES[self]


_FATES = {
    Fate.KEPT: "kept",
    Fate.BROKEN: "broken",
    Fate.OPEN: "still to keep",
    Fate.OVERDUE: "overdue",
    Fate.RELEASED: "no longer wanted",
}


def count_promises(*, workspace: Workspace, period: Period = EVER, today: date) -> Promises:
    """What was promised in the cases of these answers."""
    found = _promises(workspace, period).aggregate(
        **{fate.value: Count("pk", filter=_fated(fate, today)) for fate in Fate}
    )
    return Promises(**found)


def list_promises(
    *, workspace: Workspace, period: Period = EVER, fates: Iterable[Fate], today: date
) -> QuerySet[Commitment]:
    """Those of which one of these came, by their day."""
    asked = Q(pk=None)
    for fate in fates:
        asked |= _fated(fate, today)
    found = _promises(workspace, period).filter(asked)
    return found.select_related("case__contact", "case__account").order_by("due_on", "id")


def fate_of(promise: Commitment, today: date) -> Fate:
    if promise.state == Commitment.State.OPEN and promise.due_on < today:
        return Fate.OVERDUE
    return Fate(promise.state)


def _promises(workspace: Workspace, period: Period) -> QuerySet[Commitment]:
    return Commitment.objects.filter(
        workspace=workspace, case__in=cases_of(workspace=workspace, period=period)
    )


def _fated(fate: Fate, today: date) -> Q:
    is_open = Q(state=Commitment.State.OPEN)
    match fate:
        case Fate.OPEN:
            return is_open & Q(due_on__gte=today)
        case Fate.OVERDUE:
            return is_open & Q(due_on__lt=today)
        case _:
            return Q(state=fate.value)
