"""What the numbers of the coverage audit are made of, and the people behind each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from afterscore.customers.models import Contact
from afterscore.domain import explaining
from afterscore.domain.coverage import Criterion, Crowd, Finding
from afterscore.domain.explaining import Explanation
from afterscore.insights.composition import behind
from afterscore.insights.composition.behind import Row, Rows
from afterscore.insights.composition.healthy import CRITERIA, PAIRS
from afterscore.insights.queries import covering
from afterscore.insights.queries.covering import Pair, Reach, Valued
from afterscore.insights.views import panels
from afterscore.insights.views.panels import Panel
from afterscore.kit import clock
from afterscore.kit.errors import NotFound
from afterscore.kit.templatetags import display
from afterscore.workspaces.models import Workspace

OF_WHAT = {
    Criterion.COMPLAINTS: "Complaints in a year",
    Criterion.HEALTH: "Health, as another system tells it",
    Criterion.USAGE: "Signs of use in 90 days",
    Criterion.TICKETS: "Support tickets in a year",
    Criterion.REVENUE: "Revenue a year of the company",
}
UNITS = {
    Criterion.COMPLAINTS: ("complaint", "complaints"),
    Criterion.USAGE: ("sign of use", "signs of use"),
    Criterion.TICKETS: ("ticket", "tickets"),
}
WHOM = "People whom one could ask: with an address, and not of a company that left or never bought"


@require_safe
def explain_coverage(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    people = request.GET.get("people", "")
    if people in set(Reach):
        return _explain_people(request, workspace, Reach(people), now=now)
    pair, criterion = request.GET.get("pair", ""), request.GET.get("criterion", "")
    if pair not in set(Pair) or criterion not in set(Criterion):
        raise NotFound("There is no such figure.")
    return _explain_criterion(request, workspace, Pair(pair), Criterion(criterion), now=now)


def _explain_people(
    request: HttpRequest, workspace: Workspace, reach: Reach, *, now: datetime
) -> HttpResponse:
    found = covering.audit_coverage(workspace=workspace, now=now)
    done, whole = (found.asked, found.people)
    words = ("How many were asked within a year", "asked", "people")
    if reach is Reach.ANSWERED:
        done, whole = (found.answered, found.asked)
        words = ("How many have answered, of those asked within a year", "answered", "asked")
    title, done_word, whole_word = words
    explained = explaining.share(
        done, whole, title=title, done_word=done_word, whole_word=whole_word
    )
    people = covering.people_of(workspace=workspace, reach=reach, now=now)
    rows = behind.page_of(
        people.select_related("account").order_by("name", "id"),
        request.GET.get("after", ""),
        partial(behind.contact_rows, workspace),
        noun="person",
        nouns="people",
    )
    return _show(request, workspace, sentence=WHOM, explained=explained, rows=rows)


def _explain_criterion(
    request: HttpRequest, workspace: Workspace, pair: Pair, criterion: Criterion, *, now: datetime
) -> HttpResponse:
    finding, valued = covering.list_compared(
        workspace=workspace, pair=pair, criterion=criterion, now=now
    )
    side = request.GET.get("side", "")
    shown = [each for each in valued if not side or each.is_heard is (side == "heard")]
    rows = behind.page_of(
        shown,
        request.GET.get("after", ""),
        partial(_valued_rows, workspace, criterion, names=None if side else PAIRS[pair][1:]),
        noun="person",
        nouns="people",
    )
    explained = _criterion(finding, pair, side) if finding else None
    sentence = f"{OF_WHAT[criterion]}, of people whom one could ask"
    return _show(request, workspace, sentence=sentence, explained=explained, rows=rows)


def _criterion(finding: Finding, pair: Pair, side: str) -> Explanation | None:
    name = CRITERIA[finding.criterion][0]
    _title, heard, unheard = PAIRS[pair]
    if not side:
        return explaining.standardised(
            finding,
            title=f"{name}: how far the two groups are apart",
            names=(heard.lower(), unheard.lower()),
        )
    crowd, group = _side(finding, side, heard, unheard)
    return explaining.mean(crowd, title=f"{name}, {group.lower()}: on average")


def _side(finding: Finding, side: str, heard: str, unheard: str) -> tuple[Crowd, str]:
    return (finding.heard, heard) if side == "heard" else (finding.unheard, unheard)


def _valued_rows(
    workspace: Workspace,
    criterion: Criterion,
    valued: Sequence[Valued],
    *,
    names: tuple[str, str] | None,
) -> Iterator[Row]:
    """`names` of the sides where those of both are listed together."""
    found = Contact.objects.filter(workspace=workspace).select_related("account")
    contacts = found.in_bulk([each.contact for each in valued])
    notes = {}
    for each in valued:
        side = f"{names[0] if each.is_heard else names[1]}: ".lower() if names else ""
        notes[each.contact] = side + _words(criterion, each.value, workspace.currency)
    ordered = [contacts[each.contact] for each in valued if each.contact in contacts]
    yield from behind.contact_rows(workspace, ordered, notes)


def _words(criterion: Criterion, value: float, currency: str) -> str:
    if criterion is Criterion.REVENUE:
        return f"{display.money(Decimal(value), currency, exact=True)} a year"
    if criterion is Criterion.HEALTH:
        return f"health {value:,.2f}".removesuffix(".00")
    one, many = UNITS[criterion]
    return f"{value:,.0f} {one if value == 1 else many}"


def _show(
    request: HttpRequest,
    workspace: Workspace,
    *,
    sentence: str,
    explained: Explanation | None,
    rows: Rows,
) -> HttpResponse:
    return panels.show(
        request,
        Panel(
            sentence=sentence,
            parts=(explained,) if explained else (),
            rows=rows,
            page_url=f"{reverse('score:health', args=[workspace.slug])}#coverage",
            page_name="Health",
            **panels.around(request, rows),
        ),
    )
