"""The loop ledger: did we answer everybody, how fast, whom did we neglect, and what came of it."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.domain import loops, parity
from afterscore.domain.loops import Standing
from afterscore.insights import operations, queries
from afterscore.insights.composition import ledger
from afterscore.insights.models import Reading
from afterscore.insights.queries import Figure
from afterscore.insights.views import (
    drawings,
    loop_asking,
    loop_figures,
    loop_lines,
    loop_words,
)
from afterscore.insights.views.choosing import WHEN, choose
from afterscore.insights.views.loop_lines import group_curves, shown
from afterscore.kit import clock
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


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

    curves = {part.key: part.replies for part in found.parts}
    lines = group_curves(curves, explain)
    if file := drawings.file_of(request, loop_lines.REPLIES.charts(lines, curves)):
        return file
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
        "curves": lines,
        "drawing": loop_lines.REPLIES,
        "standings": [each for each in Standing if each is not Standing.NO_CASE],
    }
    empty = not found.every.line.answers
    return render(request, "insights/loops_empty.html" if empty else "insights/loops.html", context)


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
