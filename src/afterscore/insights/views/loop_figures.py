"""How a figure of the loop ledger comes about: as a page, and as a panel beside the number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from afterscore.insights.composition import ledger, ledger_endings, ledger_returns, ledger_words
from afterscore.insights.composition.ledger import Asked
from afterscore.insights.queries import Figure
from afterscore.insights.views import loop_asking, panels
from afterscore.insights.views.choosing import Chosen, choose
from afterscore.insights.views.panels import Panel
from afterscore.kit import clock
from afterscore.workspaces.models import Workspace

FIGURES = ledger.FIGURES | ledger_endings.FIGURES | ledger_returns.FIGURES
WITH_TABLE = {ledger.CLOSED, ledger.REPLY, ledger.CLOSING}
"""Figures behind which are just the answers that the table of rows has."""


def explain_figure(request: HttpRequest, workspace: Workspace, name: str) -> HttpResponse:
    """Of a part of the ledger or of a row of its table; of everybody where the address names
    none."""
    now = clock.now()
    chosen = choose(request, workspace, now=now)
    figure = loop_asking.figure_of(request)
    if name != ledger_endings.ENDED:  # the others are of people, not of where their loops stand
        figure = Figure(part=figure.part, key=figure.key, value=figure.value)
    one, after = request.GET.get("one", ""), request.GET.get("after", "")
    told = FIGURES[name](Asked(workspace, chosen.period, figure, now, one, after))
    following = told.rows.next_after
    scope = loop_asking.scope_of(workspace, chosen)

    def again(after: str) -> str:
        return loop_asking.figure_url(workspace, chosen, name, figure, one=one, after=after)

    return panels.show(
        request,
        Panel(
            sentence=ledger_words.whose(scope, figure, told.among),
            parts=told.parts,
            rows=told.rows,
            next_url=again(following) if following else "",
            first_url=again("") if after else "",
            csv_url=_table(workspace, chosen, figure) if name in WITH_TABLE else "",
            page_url=f"{reverse('loops:ledger', args=[workspace.slug])}?{chosen.query}",
            page_name="Loops",
        ),
    )


def _table(workspace: Workspace, chosen: Chosen, figure: Figure) -> str:
    query = chosen.query_with(**loop_asking.query_of(figure))
    return f"{reverse('loops:csv', args=[workspace.slug, 'rows'])}?{query}"
