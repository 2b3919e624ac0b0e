"""The parts of the ledger's page that come after its first screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.cases import queries as cases
from afterscore.domain import calendars, loops
from afterscore.insights import queries
from afterscore.insights.composition import ledger, ledger_endings, ledger_returns
from afterscore.insights.composition.ledger_endings import Tallied, tally
from afterscore.insights.queries import Figure, Row
from afterscore.insights.views import (
    drawings,
    loop_asking,
    loop_lines,
    loop_returns,
    loop_words,
)
from afterscore.insights.views.choosing import Chosen, choose
from afterscore.insights.views.loop_lines import group_curves, shown
from afterscore.insights.views.loop_returns import Addresses
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.workspaces.models import Workspace

MOST_ROWS = 30
TITLES = {
    "insights/loops_closures.html": "Time until closed",
    "insights/loops_endings.html": "How loops end",
    "insights/loops_returns.html": "What it brings",
    "insights/loops_table.html": "Who answers whom",
}


@require_safe
def show_closures(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """How long it takes until loops are closed."""
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    closures = queries.closure_curves(workspace=workspace, period=chosen.period, now=now)
    explain = partial(loop_asking.figure_url, workspace, chosen, ledger.CLOSING)
    lines = group_curves(closures, explain)
    if file := drawings.file_of(request, loop_lines.CLOSURES.charts(lines, closures)):
        return file
    context = {
        "closures": lines,
        "drawing": loop_lines.CLOSURES,
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
    returns = loop_returns.retention(found, workspace.currency, urls)
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
    returns = loop_returns.conversion(found, urls)
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
