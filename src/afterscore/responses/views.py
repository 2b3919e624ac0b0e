"""What is in no score: the list, with the signs, and a person's decision about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.roles import Role
from afterscore.domain.scanners import Counting, Validity
from afterscore.kit import clock, sheets
from afterscore.kit.errors import NotFound, Refused
from afterscore.programs import queries as programs
from afterscore.programs.models import Wave
from afterscore.responses import forms, operations, queries
from afterscore.responses.forms import Decision
from afterscore.responses.models import Response
from afterscore.responses.queries import Selection
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

PAGE = 50
TABS = {
    Validity.QUARANTINED: "Suspected automated",
    Validity.DISCARDED: "Discarded",
    Validity.PROVISIONAL: "Not confirmed",
}
DONE = {
    Decision.ACCEPT: ("counts now and has a case.", "count now, and each has a case."),
    Decision.DISCARD: ("is discarded; it stays listed.", "are discarded; they stay listed."),
}


@require_safe
def show_aside(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    chosen = _Chosen.of(request, workspace)
    page = Paginator(chosen.answers(workspace), PAGE).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen.validity,
        "wave": chosen.wave,
        "tabs": _tabs(workspace, chosen),
        "query": chosen.query(),
        "page": page,
        "may_decide": access.may(request, Role.MANAGER) and chosen.validity != Validity.PROVISIONAL,
        "may_discard": chosen.validity == Validity.QUARANTINED,
        "counting": Counting(workspace.answers_count),
        "previous_url": _page_url(page, chosen, -1),
        "next_url": _page_url(page, chosen, 1),
        "pages_summary": f"{page.start_index():,} to {page.end_index():,} "
        f"of {page.paginator.count:,}",
    }
    return render(request, "responses/aside.html", context)


@require_safe
def download_aside(request: HttpRequest, workspace: Workspace) -> StreamingHttpResponse:
    """What is on the page's tab, all of it, as CSV."""
    chosen = _Chosen.of(request, workspace)
    rows = queries.csv_rows(chosen.answers(workspace))
    return sheets.download(rows, name=f"set-aside-{chosen.validity}")


@require_POST
@access.needs(Role.MANAGER)
def decide(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """One decision about the chosen answers, with its reason."""
    form = forms.DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.first_error())
    else:
        _decide(request, workspace, form.cleaned_data)
    shown = _Chosen.of(request, workspace).query()
    return redirect(f"{reverse('responses:aside', args=[workspace.slug])}?{shown}")


def _decide(request: HttpRequest, workspace: Workspace, chosen: dict[str, Any]) -> None:
    decision = Decision(chosen["decision"])
    operation = {
        Decision.ACCEPT: operations.accept_answer,
        Decision.DISCARD: operations.discard_answer,
    }[decision]
    actor, now, count = access.actor_of(request), clock.now(), 0
    for public_id in chosen["answers"]:
        try:
            answer = queries.get_response(workspace=workspace, public_id=public_id)
            operation(response=answer, why=chosen["why"], actor=actor, now=now)
            count += 1
        except (NotFound, Refused) as error:
            messages.error(request, str(error))
    if count:
        one, several = DONE[decision]
        messages.success(request, f"1 answer {one}" if count == 1 else f"{count} answers {several}")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which of what is set aside is to be seen: one tab, of one wave or of all."""

    validity: Validity
    wave: Wave | None

    @classmethod
    def of(cls, request: HttpRequest, workspace: Workspace) -> _Chosen:
        """Raises NotFound for a wave that is not of this workspace."""
        given = request.POST if request.method == "POST" else request.GET
        show, wave = given.get("show", ""), given.get("wave", "")
        return cls(
            validity=Validity(show) if show in TABS else Validity.QUARANTINED,
            wave=programs.get_wave(workspace=workspace, public_id=wave) if wave else None,
        )

    @property
    def selection(self) -> Selection:
        return {"waves": [self.wave]} if self.wave else {}

    def answers(self, workspace: Workspace) -> QuerySet[Response]:
        return queries.list_set_aside(workspace=workspace, validity=self.validity, **self.selection)

    def query(self, **changes: object) -> str:
        given = {"show": self.validity.value, "wave": self.wave and self.wave.public_id}
        return urlencode({name: value for name, value in {**given, **changes}.items() if value})


def _tabs(workspace: Workspace, chosen: _Chosen) -> list[dict[str, Any]]:
    counts = queries.count_by_validity(workspace=workspace, **chosen.selection)
    return [
        {
            "query": chosen.query(show=validity.value),
            "label": label,
            "count": counts.get(validity, 0),
            "active": validity == chosen.validity,
        }
        for validity, label in TABS.items()
    ]


def _page_url(page: Page[Response], chosen: _Chosen, step: int) -> str:
    number = page.number + step
    if not 1 <= number <= page.paginator.num_pages:
        return ""
    return f"?{chosen.query(page=number)}"
