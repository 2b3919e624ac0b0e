"""How loops ended and what was promised in them: counts for the loop ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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


def count_promises(*, workspace: Workspace, period: Period = EVER, today: date) -> Promises:
    """What was promised in the cases of these answers."""
    states = Commitment.State
    found = Commitment.objects.filter(
        workspace=workspace, case__in=cases_of(workspace=workspace, period=period)
    ).aggregate(
        kept=Count("pk", filter=Q(state=states.KEPT)),
        broken=Count("pk", filter=Q(state=states.BROKEN)),
        open=Count("pk", filter=Q(state=states.OPEN, due_on__gte=today)),
        overdue=Count("pk", filter=Q(state=states.OPEN, due_on__lt=today)),
        released=Count("pk", filter=Q(state=states.RELEASED)),
    )
    return Promises(**found)
