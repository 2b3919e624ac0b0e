"""The loop ledger: did we answer everybody, how fast, whom did we neglect, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.cases import queries as cases
from afterscore.domain import calendars, loops, parity
from afterscore.domain.loops import Standing
from afterscore.domain.nps import Group
from afterscore.domain.survival import Curve
from afterscore.insights import operations, queries
from afterscore.insights.composition import ledger, ledger_endings, ledger_returns
from afterscore.insights.composition.ledger_endings import Tallied, tally
from afterscore.insights.models import Reading
from afterscore.insights.queries import Figure, Part, Row
from afterscore.insights.views import loop_asking, loop_figures, loop_words
from afterscore.insights.views.choosing import WHEN, Chosen, choose
from afterscore.insights.views.loop_asking import Links
from afterscore.insights.views.loop_words import Addresses
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.kit.templatetags.curves import CurveLine, Stair
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

MOST_ROWS = 30
Explain = Callable[[Figure], str]
TITLES = {
    "insights/loops_closures.html": "Time until closed",
    "insights/loops_endings.html": "How loops end",
    "insights/loops_returns.html": "What it brings",
    "insights/loops_table.html": "Who answers whom",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A line's standings as pieces of a bar, in percent."""

    standing: Standing
    answers: int
    x: float
    width: float
    css: str


def bars(line: loops.Line) -> list[Bar]:
    """In the order of the key: closed, still in time, late, not closed."""
    found, x = [], 0.0
    for standing in (Standing.CLOSED, Standing.IN_TIME, Standing.LATE, Standing.GIVEN_UP):
        width = 100 * line.count_of(standing) / line.answers if line.answers else 0.0
        css = standing.value.replace("_", "-")
        found.append(Bar(standing, line.count_of(standing), x, width, css))
        x += width
    return [bar for bar in found if bar.width]


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a table, with the addresses of what is behind its numbers."""

    part: Part | Row
    pieces: list[Bar]
    median: tuple[str, str]
    links: Links

    @property
    def is_group(self) -> bool:
        return self.part.key in set(Group)

    @property
    def css(self) -> str:
        if self.part.key == queries.EVERY:
            return "all-row"
        starts = (queries.GROUPS[0], queries.VOICES[0])
        return "first-of-part" if self.part.key in starts else ""


def shown(workspace: Workspace, chosen: Chosen, part: Part | Row, key: str = "") -> Shown:
    """A part of the ledger; with a key, a row of the table that is split by it."""
    own = "" if part.key == queries.EVERY else part.key
    figure = Figure(key=key, value=part.key) if key else Figure(part=own)
    links = loop_asking.links_of(workspace, chosen, figure)
    return Shown(part, bars(part.line), loop_words.median(part.replies), links)


@require_safe
def show_loops(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """One minute: closed of all, what is late, how fast, whether anybody is neglected."""
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    found = queries.get_ledger(workspace=workspace, period=chosen.period, now=now)
    operations.note_reading(member=access.member_of(request), page=Reading.Page.LOOPS, now=now)
    every = shown(workspace, chosen, found.every)
    behind = partial(loop_asking.rows_url, workspace, chosen)
    explain = partial(loop_asking.figure_url, workspace, chosen, ledger.REPLY)

    def care_url(part: str) -> str:
        return loop_asking.figure_url(workspace, chosen, ledger.CARE, Figure(part=part))

    context = {
        "links": every.links,
        "in_time_url": behind(Figure(standing=Standing.IN_TIME)),
        "no_case_url": behind(Figure(standing=Standing.NO_CASE)),
        "uncontacted_url": behind(Figure(standing=Standing.CLOSED, is_contacted=False)),
        "chosen": chosen,
        "periods": WHEN,
        "answer": loop_words.headline(
            found,
            chosen.words,
            closed_url=every.links.closed,
            list_url=lambda standing: behind(Figure(standing=standing)),
        ),
        "every": found.every,
        "rows": [every, *(shown(workspace, chosen, part) for part in found.parts)],
        "care": loop_words.care_sentences(found, care_url),
        "ripe": loop_words.ripe_answers(found),
        "ripe_url": behind(Figure(is_ripe=True)),
        "median": every.median,
        "curves": group_curves({part.key: part.replies for part in found.parts}, explain),
        "standings": [each for each in Standing if each is not Standing.NO_CASE],
    }
    empty = not found.every.line.answers
    return render(request, "insights/loops_empty.html" if empty else "insights/loops.html", context)


def group_curves(curves: Mapping[str, Curve], explain: Explain) -> list[CurveLine]:
    """One line for each group with enough answers, as far as enough of them are still watched."""
    lines = [
        curve_line(
            queries.LABELS[group], curves[group], tone=group, url=explain(Figure(part=group))
        )
        for group in (each.value for each in Group)
        if curves[group].people >= loops.FEWEST_TO_RANK
    ]
    return [line for line in lines if line.ends]


def curve_line(label: str, curve: Curve, *, tone: str, url: str) -> CurveLine:
    """Upside down: the share to whom it has happened."""
    shown = curve.while_watched(loops.FEWEST_WATCHED)
    stairs = [
        Stair(hours=each.time, ratio=1 - each.ratio, low=1 - each.high, high=1 - each.low)
        for each in shown.points
    ]
    return CurveLine(
        label=label,
        stairs=stairs,
        ends=shown.longest,
        tone=tone,
        note=loop_words.median_note(curve),
        url=url,
    )


@require_safe
def show_closures(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """How long it takes until loops are closed."""
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    closures = queries.closure_curves(workspace=workspace, period=chosen.period, now=now)
    explain = partial(loop_asking.figure_url, workspace, chosen, ledger.CLOSING)
    context = {
        "closures": group_curves(closures, explain),
        "closure": loop_words.closing_time(closures[queries.EVERY], explain()),
    }
    return _part(request, chosen, "insights/loops_closures.html", context)


@dataclass(frozen=True, slots=True)
class TallyRow:
    """With the addresses of what is behind its numbers; `of_whom` by group, the silent last."""

    told: Tallied
    cases_url: str
    share_url: str
    of_whom: list[tuple[int, str]]


def tally_rows(workspace: Workspace, chosen: Chosen, rows: Iterable[Tallied]) -> list[TallyRow]:
    def behind(figure: Figure, part: str = "") -> str:
        return loop_asking.rows_url(workspace, chosen, replace(figure, part=part))

    return [
        TallyRow(
            row,
            behind(row.figure),
            loop_asking.figure_url(workspace, chosen, ledger_endings.ENDED, row.figure),
            [
                *((number, behind(row.figure, group)) for group, number in row.groups),
                (row.silent, behind(row.figure, queries.SILENT)),
            ],
        )
        for row in rows
    ]


@require_safe
def show_endings(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What was promised, why loops were given up, how the others ended."""
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    today = calendars.local_day(now, calendars.zone_or(workspace.time_zone, "UTC"))
    endings = cases.count_endings(workspace=workspace, period=chosen.period)
    promises = cases.count_promises(workspace=workspace, period=chosen.period, today=today)
    context = {
        "promises": promises,
        "kept": loop_words.kept_promises(promises),
        "promise_urls": {
            fate.value: loop_asking.figure_url(
                workspace, chosen, ledger_endings.PROMISE, one=fate.value
            )
            for fate in cases.Fate
        },
        "reasons": tally_rows(workspace, chosen, tally(ledger_endings.REASONS, endings)),
        "causes": tally_rows(workspace, chosen, tally(ledger_endings.CAUSES, endings)),
        "outcomes": tally_rows(workspace, chosen, tally(ledger_endings.OUTCOMES, endings)),
    }
    return _part(request, chosen, "insights/loops_endings.html", context)


@require_safe
def show_retention(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    found = queries.get_retention(workspace=workspace, period=chosen.period, now=now)
    staying = partial(loop_asking.figure_url, workspace, chosen, ledger_returns.STAYING)
    urls = Addresses(
        all=staying(),
        lot=staying(one=ledger_returns.LOT),
        kept=loop_asking.figure_url(workspace, chosen, ledger_returns.KEPT),
    )
    returns = loop_words.retention(found, workspace.currency, urls)
    context = {"returns": returns, "title": "What it brings: who stays"}
    return _part(request, chosen, "insights/loops_returns.html", context)


@require_safe
def show_conversion(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    found = queries.get_conversion(workspace=workspace, period=chosen.period, now=now)
    minds = partial(loop_asking.figure_url, workspace, chosen, ledger_returns.MINDS)
    urls = Addresses(
        all=minds(),
        lot=minds(one=ledger_returns.LOT),
        groups={group: minds(Figure(part=group.value)) for group in found.groups},
    )
    returns = loop_words.conversion(found, urls)
    context = {"returns": returns, "title": "What it brings: minds changed"}
    return _part(request, chosen, "insights/loops_returns.html", context)


@require_safe
def show_table(request: HttpRequest, workspace: Workspace, key: str) -> HttpResponse:
    """By owner, department or segment. Raises NotFound for an attribute that does not exist."""
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    rows = list_rows(workspace, chosen, key)
    context = {
        "key": key,
        "key_label": queries.KEYS.get(key, key),
        "keys": queries.KEYS,
        "rows": [shown(workspace, chosen, row, key) for row in rows[:MOST_ROWS]],
        "left_out": max(0, len(rows) - MOST_ROWS),
        "fewest": loops.FEWEST_TO_RANK,
    }
    return _part(request, chosen, "insights/loops_table.html", context)


def list_rows(workspace: Workspace, chosen: Chosen, key: str) -> list[Row]:
    try:
        return queries.list_rows(
            workspace=workspace, period=chosen.period, key=key, now=clock.now()
        )
    except Refused as error:
        raise NotFound(error.message) from error


def _part(
    request: HttpRequest, chosen: Chosen, template: str, context: dict[str, Any]
) -> HttpResponse:
    """A part of the ledger's page, or a page of its own where no script fetched it."""
    is_part = request.headers.get("HX-Request") == "true"
    shown = {"chosen": chosen, "title": TITLES[template], "part": template} | context
    return render(request, template if is_part else "insights/loops_part.html", shown)


@require_safe
def explain_loops(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What each figure means, with the counts of which it is made; or how one comes about."""
    figure = request.GET.get("figure", "")
    if figure in loop_figures.FIGURES:
        return loop_figures.explain_figure(request, workspace, figure)
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    found = queries.get_ledger(workspace=workspace, period=chosen.period, now=now)
    context = {
        "chosen": chosen,
        "line": found.every.line,
        "every": found.every,
        "median": loop_words.median(found.every.replies),
        "standings": [(each, found.every.line.count_of(each)) for each in Standing],
        "ripe_days": loops.RIPE_AFTER.days,
        "links": loop_asking.links_of(workspace, chosen, Figure()),
        "care": [
            (
                each,
                found.care[each.key],
                loop_asking.figure_url(workspace, chosen, ledger.CARE, Figure(part=each.key)),
            )
            for each in found.parts
        ],
        "shortfall": parity.SHORTFALL,
        "tolerance": parity.TOLERANCE,
        "minimum": parity.MINIMUM_PART,
    }
    return render(request, "insights/loops_explain.html", context)
