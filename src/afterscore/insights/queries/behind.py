"""The cases behind a figure of the ledger, for whoever doubts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from afterscore.cases import queries as cases
from afterscore.cases.models import Case
from afterscore.cases.queries import Period
from afterscore.domain import casework, nps
from afterscore.domain.loops import Standing
from afterscore.domain.nps import Group
from afterscore.insights.queries.loops import GROUPS, SILENT, SPEAKING
from afterscore.workspaces.models import Workspace

CHUNK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Which of the ledger's figures; what is empty does not limit it."""

    part: str = ""
    standing: Standing | None = None
    is_contacted: bool | None = None
    is_due: bool = False  # the time by which they were to hear from us is up


def list_behind(
    *, workspace: Workspace, period: Period, figure: Figure, now: datetime
) -> QuerySet[Case]:
    """The longest waiting first."""
    found = cases.cases_of(workspace=workspace, period=period).filter(_part(figure.part))
    if figure.standing is not None:
        found = found.filter(_standing(figure.standing, now))
    if figure.is_contacted is not None:
        found = found.filter(first_reply_at__isnull=not figure.is_contacted)
    if figure.is_due:
        found = found.filter(Q(due_at=None) | Q(due_at__lte=now))
    return found.select_related("contact", "account", "owner__user", "response").order_by(
        "response__received_at", "id"
    )


def _part(part: str) -> Q:
    if part in GROUPS:
        return Q(response__score__in=nps.scores_of(Group(part)))
    if part == SPEAKING:
        return ~Q(comment_key="")
    return Q(comment_key="") if part == SILENT else Q()


def _standing(standing: Standing, now: datetime) -> Q:
    given_up = Q(outcome=casework.Outcome.NOT_CLOSED)
    late = Q(next_due_at__lt=now)
    match standing:
        case Standing.CLOSED:
            return Q(closed_at__isnull=False) & ~given_up
        case Standing.GIVEN_UP:
            return Q(closed_at__isnull=False) & given_up
        case Standing.LATE:
            return Q(closed_at=None) & late
        case Standing.IN_TIME:
            return Q(closed_at=None) & (Q(next_due_at=None) | ~late)
        case Standing.NO_CASE:
            return Q(pk=None)


def standing_of(case: Case, now: datetime) -> Standing:
    """Where one loop stands: the same rule as in the counts."""
    if case.closed_at is not None:
        given_up = case.outcome == casework.Outcome.NOT_CLOSED
        return Standing.GIVEN_UP if given_up else Standing.CLOSED
    late = case.next_due_at is not None and case.next_due_at < now
    return Standing.LATE if late else Standing.IN_TIME


HEADER = (
    "case", "name", "account", "score", "has_comment", "answered_at", "owner", "due_at",
    "first_reply_at", "closed_at", "stands", "outcome", "not_closed_reason", "root_cause",
    "minutes",
)  # fmt: skip


def behind_csv(found: QuerySet[Case], now: datetime) -> Iterator[tuple[str, ...]]:
    yield HEADER
    for case in found.iterator(chunk_size=CHUNK):
        yield (
            case.public_id,
            case.contact.name,
            case.account.name if case.account else "",
            str(case.response.score),
            "yes" if case.comment_key else "no",
            _instant(case.response.received_at),
            str(case.owner or ""),
            _instant(case.due_at),
            _instant(case.first_reply_at),
            _instant(case.closed_at),
            standing_of(case, now).value,
            case.outcome,
            case.not_closed_reason,
            case.root_cause,
            str(case.minutes),
        )


def _instant(value: datetime | None) -> str:
    return value.isoformat(timespec="seconds") if value else ""
