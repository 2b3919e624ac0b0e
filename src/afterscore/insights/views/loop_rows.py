"""The rows behind the ledger's figures, and its tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.cases import queries as cases
from afterscore.cases.models import Case
from afterscore.cases.queries import Period
from afterscore.domain import loops
from afterscore.domain.health import Rate
from afterscore.domain.loops import Line, Standing
from afterscore.domain.survival import Curve
from afterscore.insights import queries
from afterscore.insights.composition import ledger_words
from afterscore.insights.queries import Figure
from afterscore.insights.views import loop_asking
from afterscore.insights.views.choosing import Chosen, choose
from afterscore.kit import clock, sheets
from afterscore.kit.errors import NotFound, Refused
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

PAGE = 50
LOTS_PAGE = 20
Rows = Iterator[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Behind:
    """One answer as the list shows it, with its case where it has one; `waited` is how long the
    customer had to wait for a reply."""

    answer: Response
    case: Case | None
    standing: Standing
    waited: str

    @classmethod
    def of(cls, answer: Response, case: Case | None, now: datetime) -> Behind:
        waited = ""
        if case is not None and case.first_reply_at is not None:
            seconds = (case.first_reply_at - answer.received_at).total_seconds()
            waited = f"after {loops.describe_hours(max(seconds, 0) / 3600)}"
        return cls(answer, case, queries.standing_of(case, now), waited)


@require_safe
def show_rows(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """One click behind a figure: its answers."""
    now = clock.now()
    chosen, figure = choose(request, workspace, now=now), loop_asking.figure_of(request)
    found = queries.list_behind(workspace=workspace, period=chosen.period, figure=figure, now=now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    own = loop_asking.query_of(figure)
    cases_of = queries.cases_by_answer(workspace, page.object_list)

    def url(step: int) -> str:
        number = page.number + step
        if not 1 <= number <= page.paginator.num_pages:
            return ""
        return f"?{chosen.query_with(**own, page=str(number))}"

    context = {
        "chosen": chosen,
        "title": ledger_words.title(loop_asking.scope_of(workspace, chosen), figure),
        "page": page,
        "rows": [Behind.of(answer, cases_of.get(answer.pk), now) for answer in page],
        "query": chosen.query_with(**own),
        "previous_url": url(-1),
        "next_url": url(1),
        "pages_summary": f"{page.start_index():,} to {page.end_index():,} "
        f"of {page.paginator.count:,}",
    }
    return render(request, "insights/loops_rows.html", context)


@require_safe
def show_lots(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Whom a lot put first where somebody had more equal work than time, for anybody to check."""
    page = Paginator(cases.list_draws(workspace=workspace), LOTS_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "previous_url": f"?page={page.number - 1}" if page.has_previous() else "",
        "next_url": f"?page={page.number + 1}" if page.has_next() else "",
        "pages_summary": f"{page.start_index():,} to {page.end_index():,} "
        f"of {page.paginator.count:,}",
    }
    return render(request, "insights/loops_lots.html", context)


class Selected(TypedDict):
    workspace: Workspace
    period: Period
    now: datetime


@require_safe
def download_loops(request: HttpRequest, workspace: Workspace, name: str) -> StreamingHttpResponse:
    """A table of the ledger as CSV: one of TABLES, or by owner, department or an attribute."""
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    asked = _Asked(workspace, chosen, loop_asking.figure_of(request), now)
    table = _TABLES.get(name)
    rows = table(asked) if table else _by_key(asked, name)
    return sheets.download(rows, name=f"loops-{name.replace('.', '-')}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a table is to be of; `now` is the moment of the question, not of the last line."""

    workspace: Workspace
    chosen: Chosen
    figure: Figure
    now: datetime

    @property
    def selection(self) -> Selected:
        return {"workspace": self.workspace, "period": self.chosen.period, "now": self.now}


LINE_HEADER = (
    "answers", "closed", "in_time", "late", "not_closed", "no_case", "closed_ratio", "closed_low",
    "closed_high", "heard_in_time", "heard_late", "heard_in_time_ratio",
    "closed_without_written_contact", "minutes", "first_reply_median_hours",
    "first_reply_median_low", "first_reply_median_high",
)  # fmt: skip


def _cells(line: Line, replies: Curve) -> tuple[str, ...]:
    middle = replies.while_watched(loops.FEWEST_WATCHED).middle
    counts = (line.answers, line.closed, line.in_time, line.late, line.given_up, line.no_case)
    return (
        *map(str, counts),
        _number(line.share.ratio),
        *_limits(line.share),
        str(line.kept),
        str(line.broken),
        _number(line.promise.ratio),
        str(line.uncontacted),
        str(line.minutes),
        *(_number(value) for value in (middle.time, middle.low, middle.high)),
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def _limits(rate: Rate) -> tuple[str, str]:
    return (_number(rate.low), _number(rate.high)) if rate.n else ("", "")


def _ledger(asked: _Asked) -> Rows:
    found = queries.get_ledger(**asked.selection)
    yield ("respondents", *LINE_HEADER, "care", "care_difference")
    for part in (found.every, *found.parts):
        care = found.care.get(part.key)
        told = "" if care is None else care.care.value
        known = care.difference if care else None
        difference = _number(known.difference) if known else ""
        yield (part.key, *_cells(part.line, part.replies), told, difference)


def _replies(asked: _Asked) -> Rows:
    found = queries.get_ledger(**asked.selection)
    curves = {part.key: part.replies for part in (found.every, *found.parts)}
    yield from _curves(curves)


def _closures(asked: _Asked) -> Rows:
    yield from _curves(queries.closure_curves(**asked.selection))


def _curves(curves: dict[str, Curve]) -> Rows:
    yield ("respondents", "hours", "happened_ratio", "low", "high", "at_risk", "happened")
    for key, curve in curves.items():
        for each in curve.points:
            ratios = (1 - each.ratio, 1 - each.high, 1 - each.low)
            counts = (str(each.at_risk), str(each.happened))
            yield (key, _number(each.time), *map(_number, ratios), *counts)


def _endings(asked: _Asked) -> Rows:
    yield ("score", "has_comment", "outcome", "not_closed_reason", "root_cause", "cases")
    for each in cases.count_endings(workspace=asked.workspace, period=asked.chosen.period):
        said = "yes" if each.has_comment else "no"
        yield (str(each.score), said, each.outcome, each.reason, each.root_cause, str(each.cases))


def _behind(asked: _Asked) -> Rows:
    found = queries.list_behind(**asked.selection, figure=asked.figure)
    yield from queries.behind_csv(asked.workspace, found, asked.now)


def _next_scores(asked: _Asked) -> Rows:
    yield ("score", "contacted", "next_score", "people")
    for each in queries.list_next_scores(**asked.selection):
        contacted = "yes" if each.is_contacted else "no"
        yield (str(each.score), contacted, str(each.next_score), str(each.people))


def _renewals(asked: _Asked) -> Rows:
    yield ("lowest_score", "contacted", "stayed", "left", "revenue", "minutes")
    for each in queries.list_renewals(**asked.selection):
        contacted = "yes" if each.is_contacted else "no"
        counts = (str(each.stayed), str(each.left), str(each.revenue), str(each.minutes))
        yield (str(each.score), contacted, *counts)


def _by_key(asked: _Asked, key: str) -> Rows:
    try:
        rows = queries.list_rows(**asked.selection, key=key)
    except Refused as error:
        raise NotFound(error.message) from error
    lines = [(row.label, *_cells(row.line, row.replies)) for row in rows]
    return iter([(key, *LINE_HEADER), *lines])


_TABLES: dict[str, Callable[[_Asked], Rows]] = {
    "ledger": _ledger,
    "replies": _replies,
    "closures": _closures,
    "endings": _endings,
    "rows": _behind,
    "next-scores": _next_scores,
    "renewals": _renewals,
}
