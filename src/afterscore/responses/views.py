"""What is in no score: the list, with the signs, and a person's decision about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.roles import Role
from afterscore.domain.scanners import Counting, Validity
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.responses import forms, operations, queries
from afterscore.responses.forms import Decision
from afterscore.responses.models import Response
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
    chosen = _chosen(request.GET.get("show", ""))
    found = queries.list_set_aside(workspace=workspace, validity=chosen)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "chosen": chosen,
        "tabs": _tabs(workspace, chosen),
        "page": page,
        "may_decide": access.may(request, Role.MANAGER) and chosen != Validity.PROVISIONAL,
        "may_discard": chosen == Validity.QUARANTINED,
        "counting": Counting(workspace.answers_count),
        "previous_url": _page_url(page, chosen, -1),
        "next_url": _page_url(page, chosen, 1),
        "pages_summary": f"{page.start_index():,} to {page.end_index():,} "
        f"of {page.paginator.count:,}",
    }
    return render(request, "responses/aside.html", context)


@require_POST
@access.needs(Role.MANAGER)
def decide(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """One decision about the chosen answers, with its reason."""
    form = forms.DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.first_error())
    else:
        _decide(request, workspace, form.cleaned_data)
    shown = _chosen(request.POST.get("show", ""))
    return redirect(f"{reverse('responses:aside', args=[workspace.slug])}?show={shown}")


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


def _chosen(name: str) -> Validity:
    return Validity(name) if name in TABS else Validity.QUARANTINED


def _tabs(workspace: Workspace, chosen: Validity) -> list[dict[str, Any]]:
    counts = queries.count_by_validity(workspace=workspace)
    return [
        {
            "name": validity.value,
            "label": label,
            "count": counts.get(validity, 0),
            "active": validity == chosen,
        }
        for validity, label in TABS.items()
    ]


def _page_url(page: Page[Response], chosen: Validity, step: int) -> str:
    number = page.number + step
    if not 1 <= number <= page.paginator.num_pages:
        return ""
    return f"?show={chosen}&page={number}"
