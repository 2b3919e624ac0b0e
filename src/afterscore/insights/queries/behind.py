"""The answers behind a figure of the ledger, each with its case, for whoever doubts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from afterscore.cases import queries as cases
from afterscore.cases.models import Case
from afterscore.cases.queries import Period
from afterscore.domain import casework, loops, nps
from afterscore.domain.loops import Standing
from afterscore.domain.nps import Group
from afterscore.insights.queries.loops import GROUPS, SILENT, SPEAKING
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

CHUNK = 2_000
BY_MEMBER = {cases.OWNER, cases.DEPARTMENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Which of the ledger's figures; what is empty does not limit it.

    `key` is what a table is split by, and `value` one of its rows: "" where nobody, or nothing, is
    known.
    """

    part: str = ""
    key: str = ""
    value: str = ""
    standing: Standing | None = None
    is_contacted: bool | None = None
    is_due: bool = False  # the time by which they were to hear from us is up
    is_ripe: bool = False  # old enough to compare
    has_minutes: bool = False
    outcome: str = ""
    reason: str = ""
    root_cause: str = ""


def list_behind(
    *, workspace: Workspace, period: Period, figure: Figure, now: datetime
) -> QuerySet[Response]:
    """The longest waiting first. An answer without a case is among them where nothing is asked of
    its case."""
    has_attribute = figure.key and figure.key not in BY_MEMBER
    found = responses.list_responses(
        workspace=workspace,
        since=period.since,
        until=period.until,
        waves=period.waves,
        matching={figure.key: figure.value} if has_attribute else None,
    )
    asked = _of_answer(figure, now) & _by_case(workspace, figure, now)
    return found.filter(asked).order_by("received_at", "id")


def _of_answer(figure: Figure, now: datetime) -> Q:
    found = Q()
    if figure.part in GROUPS:
        found &= Q(score__in=nps.scores_of(Group(figure.part)))
    if figure.is_ripe:
        found &= Q(received_at__lt=now - loops.RIPE_AFTER)
    return found


def _by_case(workspace: Workspace, figure: Figure, now: datetime) -> Q:
    asked = _of_case(figure, now)
    if not asked:
        return Q()
    own = Case.objects.filter(workspace=workspace, response=OuterRef("pk")).alias(who=_DEPARTMENT)
    if _needs_case(figure):
        return Q(Exists(own.filter(asked)))
    # Not one of another kind, rather than one of this kind or none: half the work.
    found = Q(~Exists(own.filter(~asked)))
    without = _VOICES.get(figure.part, (Q(), Q()))[1]
    return found & (without | Q(Exists(own))) if without else found


_DEPARTMENT = Coalesce(NullIf("department", Value("")), "owner__department", Value(""))
_VOICES = {
    SPEAKING: (~Q(comment_key=""), ~Q(comment="")),
    SILENT: (Q(comment_key=""), Q(comment="")),
}
"""What the case was last told of a comment; the answer's own where there is no case."""


def _of_case(figure: Figure, now: datetime) -> Q:
    found = _VOICES.get(figure.part, (Q(), Q()))[0] & _whose(figure)
    if figure.standing is not None:
        found &= _standing(figure.standing, now)
    if figure.is_contacted is not None:
        found &= Q(first_reply_at__isnull=not figure.is_contacted)
    if figure.is_due:
        found &= Q(due_at__lte=now)
    if figure.has_minutes:
        found &= Q(minutes__gt=0)
    ended = {
        "outcome": figure.outcome,
        "not_closed_reason": figure.reason,
        "root_cause": figure.root_cause,
    }
    asked = {name: value for name, value in ended.items() if value}
    return found & Q(**asked, closed_at__isnull=False) if asked else found


def _whose(figure: Figure) -> Q:
    if figure.key == cases.OWNER:
        return Q(owner__public_id=figure.value) if figure.value else Q(owner=None)
    return Q(who=figure.value) if figure.key == cases.DEPARTMENT else Q()


def _needs_case(figure: Figure) -> bool:
    """Whether an answer that has no case cannot be one of these."""
    return (
        figure.standing not in {None, Standing.NO_CASE}
        or figure.is_contacted is not None
        or figure.is_due
        or figure.has_minutes
        or bool(figure.outcome or figure.reason or figure.root_cause)
        or (figure.key in BY_MEMBER and bool(figure.value))
    )


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


def standing_of(case: Case | None, now: datetime) -> Standing:
    """Where one loop stands: the same rule as in the counts."""
    if case is None:
        return Standing.NO_CASE
    if case.closed_at is not None:
        given_up = case.outcome == casework.Outcome.NOT_CLOSED
        return Standing.GIVEN_UP if given_up else Standing.CLOSED
    late = case.next_due_at is not None and case.next_due_at < now
    return Standing.LATE if late else Standing.IN_TIME


def cases_by_answer(workspace: Workspace, answers: Iterable[Response]) -> dict[int, Case]:
    """The case of each answer that has one, by the answer's key."""
    found = Case.objects.filter(workspace=workspace, response__in=list(answers))
    return {case.response_id: case for case in found.select_related("owner__user")}


def count_minutes(workspace: Workspace, answers: QuerySet[Response]) -> dict[int, int]:
    """How many of their loops have so many minutes written down; those with none are left out."""
    found = Case.objects.filter(workspace=workspace, response__in=answers.order_by(), minutes__gt=0)
    rows = found.order_by().values_list("minutes").annotate(loops=Count("pk"))
    return dict(rows)


HEADER = (
    "case", "name", "account", "score", "has_comment", "answered_at", "owner", "due_at",
    "first_reply_at", "closed_at", "stands", "outcome", "not_closed_reason", "root_cause",
    "minutes",
)  # fmt: skip


def behind_csv(
    workspace: Workspace, found: QuerySet[Response], now: datetime
) -> Iterator[tuple[str, ...]]:
    yield HEADER
    answers = found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(answers, CHUNK)):
        own = cases_by_answer(workspace, chunk)
        for answer in chunk:
            yield _line(answer, own.get(answer.pk), now)


def _line(answer: Response, case: Case | None, now: datetime) -> tuple[str, ...]:
    speaks = case.comment_key if case else answer.comment
    told = (
        answer.contact.name,
        answer.account.name if answer.account else "",
        str(answer.score),
        "yes" if speaks else "no",
        _instant(answer.received_at),
    )
    stands = standing_of(case, now).value
    if case is None:
        return ("", *told, "", "", "", "", stands, "", "", "", "0")
    return (
        case.public_id,
        *told,
        str(case.owner or ""),
        _instant(case.due_at),
        _instant(case.first_reply_at),
        _instant(case.closed_at),
        stands,
        case.outcome,
        case.not_closed_reason,
        case.root_cause,
        str(case.minutes),
    )


def _instant(value: datetime | None) -> str:
    return value.isoformat(timespec="seconds") if value else ""
