from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
)

from afterscore.cases.models import Case
from afterscore.cases.queries import listing
from afterscore.cases.queries.listing import Show
from afterscore.domain import casework
from afterscore.programs.models import Wave
from afterscore.workspaces.models import Member, Workspace

MOST_COUNTED = 1_000
"""Beyond so many, how many more there are changes nothing for whoever reads it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open cases stand in each drawer of a member's inbox, none above MOST_COUNTED."""

    mine: int
    all: int
    unassigned: int
    overdue: int
    waiting: int
    watched: int


def count_cases(*, workspace: Workspace, member: Member, now: datetime) -> Counts:
    """One query; each drawer is counted along its own index, and only as far as it is told."""
    drawers = {
        show.value: listing.select_cases(workspace=workspace, now=now, show=show, member=member)
        for show in COUNTED
    }
    return Counts(**count_up_to(drawers, workspace=workspace, most=MOST_COUNTED))


COUNTED = (Show.MINE, Show.ALL, Show.UNASSIGNED, Show.OVERDUE, Show.WAITING, Show.WATCHED)


def count_up_to(
    found: Mapping[str, QuerySet[Case]], *, workspace: Workspace, most: int
) -> dict[str, int]:
    """How many rows each of these has, in one query that stops at `most` of each."""
    numbers = {
        name: NumberOf(query.order_by().values("pk")[:most]) for name, query in found.items()
    }
    counted = Workspace.objects.filter(pk=workspace.pk).annotate(**numbers)
    return dict(counted.values(*numbers).get())


class NumberOf(Subquery):
    """How many rows a query has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


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
