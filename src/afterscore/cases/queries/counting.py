from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from afterscore.cases.models import Case
from afterscore.domain import casework
from afterscore.programs.models import Wave
from afterscore.workspaces.models import Member, Workspace


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open cases stand in each drawer of a member's inbox."""

    mine: int
    all: int
    unassigned: int
    overdue: int
    waiting: int


def count_cases(*, workspace: Workspace, member: Member, now: datetime) -> Counts:
    """One query over the open cases alone: what is closed costs nothing here."""
    numbers = Case.objects.filter(workspace=workspace, next_due_at__isnull=False).aggregate(
        mine=Count("id", filter=Q(owner=member)),
        all=Count("id"),
        unassigned=Count("id", filter=Q(owner=None)),
        overdue=Count("id", filter=Q(next_due_at__lt=now)),
        waiting=Count("id", filter=Q(state=casework.State.WAITING)),
    )
    return Counts(**numbers)


def count_waiting(*, workspace: Workspace) -> dict[int | None, int]:
    """Open cases by the key of their owner, None for nobody; without those in which the next word
    is the customer's."""
    rows = Case.objects.filter(workspace=workspace, next_due_at__isnull=False).exclude(
        state=casework.State.WAITING
    )
    return dict(rows.values_list("owner").annotate(cases=Count("id")).order_by())


class Closure(NamedTuple):
    """Answers of one score, with or without a comment: how many, and how many loops are closed."""

    score: int
    has_comment: bool
    total: int
    closed: int


def closure_counts(
    *,
    workspace: Workspace,
    since: datetime | None = None,
    waves: Sequence[Wave] | None = None,
) -> list[Closure]:
    """By score and comment, ascending. A case given up ("not closed") does not count as closed.

    `since` looks at when the answer came in.
    """
    found = Case.objects.filter(workspace=workspace)
    if since is not None:
        found = found.filter(response__received_at__gte=since)
    if waves is not None:
        found = found.filter(response__wave__in=list(waves))
    closed = Q(closed_at__isnull=False) & ~Q(outcome=casework.Outcome.NOT_CLOSED)
    rows = (
        found.annotate(
            has_comment=ExpressionWrapper(~Q(comment_key=""), output_field=BooleanField())
        )
        .values_list("score", "has_comment")
        .annotate(total=Count("id"), closed=Count("id", filter=closed))
        .order_by("score", "has_comment")
    )
    return [Closure(*row) for row in rows]
