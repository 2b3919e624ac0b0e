"""Improvements: the list by state, and one with whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterscore.domain import improving
from afterscore.domain.departments import Department
from afterscore.domain.improving import State
from afterscore.domain.roles import Role
from afterscore.improvements import operations, queries
from afterscore.improvements.forms import ImprovementForm, tabs_for
from afterscore.improvements.models import Improvement, Theme
from afterscore.improvements.queries import Listed
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.outreach import composition
from afterscore.outreach.composition.wire import Composed
from afterscore.outreach.models import Message
from afterscore.responses import queries as responses
from afterscore.responses.models import Response
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

ORDER = (State.IN_PROGRESS, State.PLANNED, State.PROPOSED, State.DONE, State.DROPPED)
DEEDS = {
    State.PROPOSED: "Take up again",
    State.PLANNED: "Plan it",
    State.IN_PROGRESS: "Start it",
    State.DROPPED: "Drop it",
}


@require_safe
def list_improvements(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    chosen = request.GET.get("department", "")
    department = Department(chosen) if chosen in set(Department) else None
    rows = queries.list_improvements(workspace=workspace, department=department)
    context = {
        "tabs": tabs_for(workspace, "improvements:list"),
        "groups": _by_state(rows),
        "departments": list(Department),
        "department": department,
        "may_change": access.may(request, Role.AGENT),
    }
    return render(request, "improvements/list.html", context)


def _by_state(rows: Sequence[Listed]) -> list[tuple[State, list[Listed]]]:
    groups = [(state, [row for row in rows if row.improvement.state == state]) for state in ORDER]
    return [(state, found) for state, found in groups if found]


@require_safe
def show_improvement(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    improvement = queries.get_improvement(workspace=workspace, public_id=public_id)
    state = State(improvement.state)
    voices = queries.list_voices(improvement=improvement)
    moves = [(to, _deed(state, to)) for to in improving.moves_from(state) if to is not State.DONE]
    context = {
        "improvement": improvement,
        "state": state,
        "voices": voices,
        "knowing": _knowing(voices),
        "suggestions": queries.list_suggestions(improvement=improvement),
        "moves": moves,
        "may_finish": state is State.DONE or State.DONE in improving.moves_from(state),
        "waiting": sum(1 for each in voices if each.knows is queries.Knows.NOT_YET),
        "may_change": access.may(request, Role.AGENT),
        "may_tell": access.may(request, Role.MANAGER),
        "letters": _letters(voices),
    }
    return render(request, "improvements/improvement.html", context)


def _deed(state: State, to: State) -> str:
    if to is State.PROPOSED and state is State.PLANNED:
        return "Back to the proposals"
    if to is State.PLANNED and state is State.IN_PROGRESS:
        return "Back to the plan"
    if to is State.IN_PROGRESS and state is State.DONE:
        return "It is not done yet"
    return DEEDS[to]


def _knowing(voices: Sequence[queries.Heard]) -> int:
    known = (queries.Knows.BY_MAIL, queries.Knows.BY_PERSON)
    return sum(1 for each in voices if each.knows in known)


def _letters(voices: Sequence[queries.Heard]) -> list[tuple[Message, Composed]]:
    """One for each language: what was written for all is shown as one of them gets it. Whoever is
    erased has no text any more."""
    first: dict[str, Message] = {}
    for each in voices:
        if each.voice.message is not None and each.voice.message.body:
            first.setdefault(each.voice.message.language, each.voice.message)
    return [(first[language], composition.compose(first[language])) for language in sorted(first)]


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.AGENT)
def new_improvement(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    return _edit(request, workspace, None)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.AGENT)
def edit_improvement(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    found = queries.get_improvement(workspace=workspace, public_id=public_id)
    return _edit(request, workspace, found)


def _edit(
    request: HttpRequest, workspace: Workspace, improvement: Improvement | None
) -> HttpResponse:
    """A new one may come from an answer (?response=…) or a theme (?theme=…)."""
    response = _response(workspace, request.GET.get("response", ""))
    initial = (
        ImprovementForm.values_of(improvement)
        if improvement
        else {
            "theme": _theme(workspace, request, response.comment if response else ""),
            "department": _department(request),
        }
    )
    form = ImprovementForm(
        request.POST if request.method == "POST" else None, workspace=workspace, initial=initial
    )
    if form.is_valid():
        actor, now = access.actor_of(request), clock.now()
        try:
            saved = operations.save_improvement(
                workspace=workspace,
                improvement=improvement,
                proposal=operations.Proposal(**form.values()),
                actor=actor,
                now=now,
            )
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            if response is not None:
                operations.link_voices(
                    improvement=saved,
                    responses=[response],
                    added_by=access.member_of(request),
                    actor=actor,
                    now=now,
                )
            messages.success(request, "Saved.")
            return redirect("improvements:improvement", workspace.slug, saved.public_id)
    context = {"improvement": improvement, "form": form, "response": response}
    return render(request, "improvements/edit.html", context, status=422 if form.errors else 200)


def _department(request: HttpRequest) -> str:
    chosen = request.GET.get("department", "")
    return chosen if chosen in set(Department) else ""


def _response(workspace: Workspace, public_id: str) -> Response | None:
    return responses.get_response(workspace=workspace, public_id=public_id) if public_id else None


def _theme(workspace: Workspace, request: HttpRequest, comment: str) -> Theme | None:
    if public_id := request.GET.get("theme", ""):
        return queries.get_theme(workspace=workspace, public_id=public_id)
    return next(iter(queries.match_themes(workspace=workspace, text=comment)), None)


@require_POST
@access.needs(Role.AGENT)
def move_improvement(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    improvement = queries.get_improvement(workspace=workspace, public_id=public_id)
    to = request.POST.get("to", "")
    if to not in set(State):
        raise NotFound("There is no such state.")
    try:
        operations.move_improvement(
            improvement=improvement,
            to=State(to),
            actor=access.actor_of(request),
            now=clock.now(),
        )
    except Refused as error:
        messages.error(request, error.message)
    return redirect("improvements:improvement", workspace.slug, public_id)


@require_POST
@access.needs(Role.AGENT)
def link_voices(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    improvement = queries.get_improvement(workspace=workspace, public_id=public_id)
    chosen = [
        responses.get_response(workspace=workspace, public_id=each)
        for each in request.POST.getlist("response")
    ]
    linked = operations.link_voices(
        improvement=improvement,
        responses=chosen,
        added_by=access.member_of(request),
        actor=access.actor_of(request),
        now=clock.now(),
    )
    if linked:
        messages.success(request, "Linked. They are told when it is done.")
    elif not chosen:
        messages.error(request, "Tick the answers that ask for it first.")
    return redirect("improvements:improvement", workspace.slug, public_id)


@require_POST
@access.needs(Role.AGENT)
def change_voice(
    request: HttpRequest, workspace: Workspace, public_id: str, response: str
) -> HttpResponse:
    """`told`: a person has told them; else the link is taken away."""
    improvement = queries.get_improvement(workspace=workspace, public_id=public_id)
    answer = responses.get_response(workspace=workspace, public_id=response)
    actor, now = access.actor_of(request), clock.now()
    try:
        if "told" in request.POST:
            voice = queries.get_voice(improvement=improvement, response=answer)
            operations.note_told(voice=voice, actor=actor, now=now)
            messages.success(request, "Noted: they know.")
        else:
            operations.unlink_voice(improvement=improvement, response=answer, actor=actor, now=now)
    except Refused as error:
        messages.error(request, error.message)
    return redirect("improvements:improvement", workspace.slug, public_id)
