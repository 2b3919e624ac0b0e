"""Doing something with a case. Each takes a form, does one thing, and shows the case again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from afterscore.cases import forms, operations, queries
from afterscore.cases.models import Case
from afterscore.cases.views import listing, showing
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

Perform = Callable[..., Case]
View = Callable[..., HttpResponse]


def _acting(
    form_class: type[forms.CaseForm],
    perform: Perform,
    *,
    say: Callable[[Case], str],
    moves_on: bool = False,
) -> View:
    """A view that gives a checked form to an operation; with `moves_on` the next case follows."""

    @access.needs(Role.AGENT)
    @require_POST
    def act(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
        case = queries.get_case(workspace=workspace, public_id=public_id)
        form = form_class(request.POST, case=case, member=access.member_of(request))
        changed = _perform(request, form, perform)
        if changed is None:
            fresh = queries.get_case(workspace=workspace, public_id=public_id)
            return showing.show_panes(request, workspace, case=fresh, now=clock.now(), failed=form)
        messages.success(request, say(changed))
        return redirect(_after(request, workspace, changed, moves_on=moves_on))

    return act


def _perform(request: HttpRequest, form: forms.CaseForm, perform: Perform) -> Case | None:
    if not form.is_valid():
        return None
    try:
        return perform(
            case=form.case, actor=access.actor_of(request), now=clock.now(), **form.given()
        )
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None


def _after(request: HttpRequest, workspace: Workspace, case: Case, *, moves_on: bool) -> str:
    """The address to show next; the selection stays."""
    query = listing.selection_of(request).query
    if not moves_on:
        return reverse("cases:case", args=[workspace.slug, case.public_id]) + query
    following = _find(workspace, request.POST.get("next", ""))
    if following is None:
        return reverse("cases:inbox", args=[workspace.slug]) + query
    return reverse("cases:case", args=[workspace.slug, following.public_id]) + query


def _find(workspace: Workspace, public_id: str) -> Case | None:
    try:
        return queries.get_case(workspace=workspace, public_id=public_id)
    except NotFound:
        return None


def _name(case: Case) -> Any:
    return case.contact


reply = _acting(
    forms.ReplyForm,
    operations.reply,
    say=lambda case: f"The reply to {_name(case)} is on its way.",
)
log_call = _acting(
    forms.CallForm, operations.log_call, say=lambda case: f"The call with {_name(case)} is logged."
)
add_note = _acting(forms.NoteForm, operations.add_note, say=lambda _case: "The note is saved.")
hear_customer = _acting(
    forms.HeardForm,
    operations.record_customer_message,
    say=lambda case: f"Saved. {_name(case)} waits for your answer.",
)
assign = _acting(
    forms.AssignForm, operations.assign, say=lambda case: f"{case.owner} has this case now."
)
close_case = _acting(
    forms.CloseForm,
    operations.close_case,
    say=lambda case: f"The case of {_name(case)} is closed.",
    moves_on=True,
)
set_themes = _acting(
    forms.ThemesForm, operations.set_themes, say=lambda _case: "The themes are saved."
)
reopen_case = _acting(
    forms.ReopenForm,
    operations.reopen_case,
    say=lambda case: f"The case of {_name(case)} is open again.",
)
