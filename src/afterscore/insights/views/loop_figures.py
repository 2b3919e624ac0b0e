"""How a share of the loop ledger comes about: as a page, and as a panel beside the number."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from afterscore.domain import explaining
from afterscore.domain.explaining import Explanation
from afterscore.insights import queries
from afterscore.insights.composition import behind
from afterscore.insights.composition.behind import Rows
from afterscore.insights.queries import Figure, Part
from afterscore.insights.views import panels
from afterscore.insights.views.choosing import Chosen, choose
from afterscore.insights.views.panels import Panel
from afterscore.kit import clock
from afterscore.responses import queries as responses
from afterscore.workspaces.models import Workspace

CLOSED, HEARD = "closed", "heard"
FIGURES = (CLOSED, HEARD)


def address(workspace: Workspace, chosen: Chosen, **figure: str) -> str:
    return f"{reverse('loops:explain', args=[workspace.slug])}?{chosen.query_with(**figure)}"


def explain_figure(request: HttpRequest, workspace: Workspace, figure: str) -> HttpResponse:
    """Of a part of the ledger; of everybody where the address names none."""
    now = clock.now()
    chosen, key = choose(request, workspace, now=now), request.GET.get("part", "")
    part = key if key in queries.LABELS else queries.EVERY
    after = request.GET.get("after", "")
    ledger = queries.get_ledger(workspace=workspace, period=chosen.period, now=now)
    rows = _rows(workspace, chosen, part, figure=figure, after=after)
    named = {"figure": figure, "part": part}
    explanation = _explanation(ledger.part(part), figure)
    shown = Panel(
        sentence=f"{queries.LABELS[part]}, of {_whose(chosen)} in {chosen.words}",
        parts=(explanation,) if explanation else (),
        rows=rows,
        next_url=address(workspace, chosen, **named, after=rows.next_after)
        if rows.next_after
        else "",
        first_url=address(workspace, chosen, **named) if after else "",
        csv_url=_table(workspace, chosen, part) if figure == CLOSED else "",
        page_url=f"{reverse('loops:ledger', args=[workspace.slug])}?{chosen.query}",
        page_name="Loops",
    )
    return panels.show(request, shown)


def _rows(workspace: Workspace, chosen: Chosen, part: str, *, figure: str, after: str) -> Rows:
    period = chosen.period
    if figure == CLOSED:
        answers = responses.list_responses(
            workspace=workspace, since=period.since, until=period.until, waves=period.waves
        )
        return behind.loops_page(workspace, answers, part, after)
    limits = Figure(part="" if part == queries.EVERY else part, is_due=True)
    found = queries.list_behind(workspace=workspace, period=period, figure=limits, now=clock.now())
    shown = partial(behind.loop_rows, workspace)
    return behind.page_of(found, after, shown, noun="loop", nouns="loops")


def _whose(chosen: Chosen) -> str:
    return chosen.program.name if chosen.program else "all programs"


def _table(workspace: Workspace, chosen: Chosen, part: str) -> str:
    query = chosen.query_with(part="" if part == queries.EVERY else part)
    return f"{reverse('loops:csv', args=[workspace.slug, 'rows'])}?{query}"


def _explanation(part: Part, figure: str) -> Explanation | None:
    line = part.line
    if figure == HEARD:
        return explaining.share(
            line.promise.count,
            line.promise.n,
            title="How many heard from us in time",
            done_word="heard in time",
            whole_word="whose time is up",
            page="loop-ledger",
        )
    return explaining.share(
        line.closed,
        line.answers,
        title="How many loops are closed",
        done_word="closed",
        whole_word="answers",
        page="loop-ledger",
    )
