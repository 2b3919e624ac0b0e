"""One thing done to several cases of the list, with a summary, and taken back by one click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from afterscore.cases import operations, queries
from afterscore.cases.forms.together import MOST_TOGETHER, TogetherForm
from afterscore.cases.models import Case
from afterscore.cases.operations import Result
from afterscore.cases.views import listing
from afterscore.cases.views.listing import UNDO
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.roles import Role
from afterscore.improvements import queries as improvements
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.workspaces import access
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

Perform = Callable[[Case], Case]


@access.needs(Role.AGENT)
@require_POST
def act_together(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = TogetherForm(request.POST, workspace=workspace)
    cases = queries.list_chosen(
        workspace=workspace, public_ids=request.POST.getlist("case")[:MOST_TOGETHER]
    )
    request.session.pop(UNDO, None)
    if not cases:
        messages.error(request, "Choose the cases first: x, or the box beside the score.")
    elif not form.is_valid():
        messages.error(request, " ".join(str(error[0]) for error in form.errors.values()))
    else:
        before = {case.public_id: case.owner.public_id if case.owner else "" for case in cases}
        result = operations.do_together(cases=cases, perform=_perform(request, form))
        _tell(request, form, result)
        _keep_for_undo(request, form, result, before)
    return _back(request, workspace)


def _perform(request: HttpRequest, form: TogetherForm) -> Perform:
    values = form.cleaned_data
    given: dict[str, Any] = {"actor": access.actor_of(request), "now": clock.now()}
    match values["act"]:
        case "assign":
            owner = form.members[values["owner"]]
            return lambda case: operations.assign(case=case, owner=owner, **given)
        case "note":
            return lambda case: operations.add_note(case=case, text=values["text"], **given)
        case "tag":
            theme = form.themes[values["theme"]]
            return lambda case: operations.tag(case=case, theme=theme, **given)
        case _:
            outcome = Outcome(values["outcome"])
            is_given_up = outcome is Outcome.NOT_CLOSED
            reason = NotClosedReason(values["reason"]) if is_given_up else None
            return lambda case: operations.close_case(
                case=case, outcome=outcome, reason=reason, **given
            )


def _tell(request: HttpRequest, form: TogetherForm, result: Result) -> None:
    if result.done:
        messages.success(request, f"{_in_words(len(result.done))} {_deed(form)}.")
    for case, why in result.refused:
        messages.warning(request, f"{case.contact} was left as it is. {why}")


def _in_words(number: int) -> str:
    return "1 case was" if number == 1 else f"{number} cases were"


def _deed(form: TogetherForm) -> str:
    values = form.cleaned_data
    match values["act"]:
        case "assign":
            return f"given to {form.members[values['owner']]}"
        case "note":
            return "noted"
        case "tag":
            return f"given the theme {form.themes[values['theme']]}"
        case _:
            return f"closed: {Outcome(values['outcome']).label}"


def _keep_for_undo(
    request: HttpRequest, form: TogetherForm, result: Result, before: dict[str, str]
) -> None:
    """A note stays: what colleagues have read cannot be unread."""
    act = form.cleaned_data["act"]
    if act == "note" or not result.done:
        return
    done = [case.public_id for case in result.done]
    request.session[UNDO] = {
        "act": act,
        "theme": form.cleaned_data["theme"],
        "cases": {key: before[key] for key in done},
        "at": clock.now().timestamp(),
        "words": f"{_in_words(len(done))} {_deed(form)}",
    }


@access.needs(Role.AGENT)
@require_POST
def undo_together(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    kept = request.session.pop(UNDO, None)
    if kept is None:
        messages.error(request, "There is nothing to take back any more.")
        return _back(request, workspace)
    cases = queries.list_chosen(workspace=workspace, public_ids=list(kept["cases"]))
    result = operations.do_together(cases=cases, perform=_taking_back(request, workspace, kept))
    if result.done:
        messages.success(request, f"{_in_words(len(result.done))} put back as before.")
    for case, why in result.refused:
        messages.warning(request, f"{case.contact} was left as it is. {why}")
    return _back(request, workspace)


def _taking_back(request: HttpRequest, workspace: Workspace, kept: dict[str, Any]) -> Perform:
    given: dict[str, Any] = {"actor": access.actor_of(request), "now": clock.now()}

    def assign(case: Case) -> Case:
        key = kept["cases"][case.public_id]
        if not key:
            raise Refused("Nobody had it before. Assign it to somebody else instead.")
        owner = workspaces.get_member(workspace=workspace, public_id=key)
        return operations.assign(case=case, owner=owner, **given)

    def untag(case: Case) -> Case:
        try:
            theme = improvements.get_theme(workspace=workspace, public_id=kept["theme"])
        except NotFound as error:
            raise Refused("The theme is gone.") from error
        return operations.untag(case=case, theme=theme, **given)

    def reopen(case: Case) -> Case:
        return operations.reopen_case(case=case, why="It was closed by mistake.", **given)

    return {"assign": assign, "tag": untag, "close": reopen}[kept["act"]]


def _back(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    query = listing.selection_of(request).query
    return redirect(reverse("cases:inbox", args=[workspace.slug]) + query)
