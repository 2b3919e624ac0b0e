"""Whether the score has to do with who stays, what its numbers are made of, and the contracts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from afterscore.cases.queries import EVER
from afterscore.customers.models import Account
from afterscore.domain import explaining, nps, predicting
from afterscore.domain.explaining import Explanation
from afterscore.domain.nps import Group
from afterscore.domain.outcomes import Rate
from afterscore.domain.predicting import Predicting, Told
from afterscore.insights import queries
from afterscore.insights.composition import behind
from afterscore.insights.composition.behind import Row
from afterscore.insights.queries import Contract
from afterscore.insights.views import panels
from afterscore.insights.views.panels import Panel
from afterscore.kit import clock
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Workspace

ODDS = "odds"
FIGURES = {*Told, ODDS}
WHOSE = "Contracts that came to an end, of companies that had answered in the year before"


@dataclass(frozen=True, slots=True)
class RateRow:
    """The contracts of one group, with what leads to all of them and to those that left."""

    label: str
    rate: Rate
    url: str
    left_url: str


@require_safe
def show_predicting(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Looks at all contracts, so the page Health fetches it after it is shown."""
    renewals = queries.list_renewals(workspace=workspace, period=EVER, now=clock.now())
    found = predicting.judge(renewals)
    is_part = request.headers.get("HX-Request") == "true"
    template = "insights/predicting.html" if is_part else "insights/predicting_page.html"
    context = {
        "found": found,
        "pieces": [
            (piece, _address(workspace, figure=piece.told) if piece.told else "")
            for piece in found.pieces
        ],
        "rates": [_rate_row(workspace, each) for each in found.leaving.rates],
        "pairs_url": _address(workspace, figure=Told.PAIRS),
        "odds_url": _address(workspace, figure=ODDS),
    }
    return render(request, template, context)


def _rate_row(workspace: Workspace, rate: Rate) -> RateRow:
    group = rate.group.value
    every = _address(workspace, figure=Told.CONTRACTS, group=group) if rate.n else ""
    left = _address(workspace, figure=Told.LEFT, group=group) if rate.left else every
    return RateRow(predicting.group_label(rate.group), rate, every, left)


def _address(workspace: Workspace, **figure: str) -> str:
    return f"{reverse('score:explain_predicting', args=[workspace.slug])}?{urlencode(figure)}"


@require_safe
def explain_predicting(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now, asked = clock.now(), request.GET.get("figure", "")
    if asked not in FIGURES:
        raise NotFound("There is no such figure.")
    named = request.GET.get("group", "")
    group = Group(named) if named in set(Group) else None
    renewals = queries.list_renewals(workspace=workspace, period=EVER, now=now)
    explained = _explanation(predicting.judge(renewals), asked, group)
    contracts = queries.list_contracts(workspace=workspace, period=EVER, now=now)
    rows = behind.page_of(
        [each for each in contracts if _is_meant(each, asked, group)],
        request.GET.get("after", ""),
        partial(_rows, workspace),
        noun="contract",
        nouns="contracts",
    )
    panel = Panel(
        sentence=WHOSE if group is None else f"{WHOSE}: {predicting.group_label(group)}",
        parts=(explained,) if explained else (),
        rows=rows,
        page_url=f"{reverse('score:health', args=[workspace.slug])}#predicting",
        page_name="Health",
        **panels.around(request, rows),
    )
    return panels.show(request, panel)


def _is_meant(contract: Contract, figure: str, group: Group | None) -> bool:
    if group is not None and nps.group_of(contract.score) is not group:
        return False
    if figure in {Told.LEFT, Told.STAYED}:
        return contract.has_left is (figure == Told.LEFT)
    return True


def _explanation(found: Predicting, figure: str, group: Group | None) -> Explanation | None:
    if figure == Told.PAIRS:
        return explaining.area(found.left, found.stayed)
    if figure == ODDS:
        if found.slope is None:
            return None
        return explaining.odds(found.left, found.stayed, found.slope)
    scores = range(len(found.left)) if group is None else nps.scores_of(group)
    left, stayed = (sum(each[score] for score in scores) for each in (found.left, found.stayed))
    has_stayed = figure == Told.STAYED
    return explaining.share(
        stayed if has_stayed else left,
        left + stayed,
        title="How many stayed" if has_stayed else "How many left",
        done_word="stayed" if has_stayed else "left",
        whole_word="contracts ended",
        page="leaving",
    )


def _rows(workspace: Workspace, contracts: Sequence[Contract]) -> Iterator[Row]:
    """With the lowest score that somebody of the company had given."""
    accounts = Account.objects.filter(workspace=workspace).in_bulk(
        {each.account for each in contracts}
    )
    for each in contracts:
        account = accounts[each.account]
        yield Row(
            name=account.name,
            url=reverse("customers:account", args=[workspace.slug, account.public_id]),
            score=each.score,
            at=each.ended_at,
            note="left" if each.has_left else "stayed",
        )
