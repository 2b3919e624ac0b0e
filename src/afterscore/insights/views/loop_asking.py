"""Which figure of the ledger an address asks for, and the address of one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.urls import reverse

from afterscore.domain import segments
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.causes import RootCause
from afterscore.domain.loops import Standing
from afterscore.insights import queries
from afterscore.insights.composition import ledger
from afterscore.insights.composition.ledger_words import Scope
from afterscore.insights.queries import Figure
from afterscore.insights.views.choosing import Chosen
from afterscore.workspaces.models import Workspace

_CONTACTED = {"yes": True, "no": False}


def figure_of(request: HttpRequest) -> Figure:
    """Nonsense does not limit anything."""
    given = request.GET.get

    def one(name: str, values: set[str]) -> str:
        value = given(name, "")
        return value if value in values else ""

    standing, key = one("standing", set(Standing)), given("key", "")
    known = key in queries.KEYS or segments.kind_of(key) is not None
    return Figure(
        part=one("part", set(queries.LABELS) - {queries.EVERY}),
        key=key if known else "",
        value=given("value", "") if known else "",
        standing=Standing(standing) if standing else None,
        is_contacted=_CONTACTED.get(given("contacted", "")),
        is_ripe=given("ripe") == "yes",
        outcome=one("outcome", set(Outcome)),
        reason=one("reason", set(NotClosedReason)),
        root_cause=one("cause", set(RootCause)),
    )


def query_of(figure: Figure) -> dict[str, str]:
    """What is empty is left out of an address."""
    contacted = {None: "", True: "yes", False: "no"}[figure.is_contacted]
    return {
        "part": figure.part,
        "key": figure.key,
        "value": figure.value,
        "standing": figure.standing.value if figure.standing else "",
        "contacted": contacted,
        "ripe": "yes" if figure.is_ripe else "",
        "outcome": figure.outcome,
        "reason": figure.reason,
        "cause": figure.root_cause,
    }


def rows_url(workspace: Workspace, chosen: Chosen, figure: Figure) -> str:
    """Of the list of just those answers."""
    query = chosen.query_with(**query_of(figure))
    return f"{reverse('loops:rows', args=[workspace.slug])}?{query}"


def figure_url(
    workspace: Workspace, chosen: Chosen, name: str, figure: Figure | None = None, **more: str
) -> str:
    """Of how a figure comes about; of everybody's without one."""
    query = chosen.query_with(figure=name, **query_of(figure or Figure()), **more)
    return f"{reverse('loops:explain', args=[workspace.slug])}?{query}"


@dataclass(frozen=True, slots=True)
class Links:
    """Of the numbers of one line: answers and late ones lead to their list, the others to how they
    come about."""

    answers: str
    late: str
    closed: str
    heard: str
    reply: str
    minutes: str


def links_of(workspace: Workspace, chosen: Chosen, figure: Figure) -> Links:
    def explained(name: str) -> str:
        return figure_url(workspace, chosen, name, figure)

    return Links(
        answers=rows_url(workspace, chosen, figure),
        late=rows_url(workspace, chosen, replace(figure, standing=Standing.LATE)),
        closed=explained(ledger.CLOSED),
        heard=explained(ledger.HEARD),
        reply=explained(ledger.REPLY),
        minutes=explained(ledger.MINUTES),
    )


def scope_of(workspace: Workspace, chosen: Chosen) -> Scope:
    return Scope(workspace, "" if chosen.is_all_time else chosen.when, chosen.program)
