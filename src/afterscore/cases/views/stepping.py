"""Doing a step of a case. Each takes a form, does one thing, and shows the case again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afterscore.cases import operations, queries
from afterscore.cases.forms import steps as pages
from afterscore.cases.models import Case, Task
from afterscore.cases.views import handed, listing, showing
from afterscore.domain.departments import Department
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Member, Workspace

WRONG = 422
SHOWN = 100
View = Callable[..., HttpResponse]


def _stepping(
    form_class: type[Any],
    perform: Callable[..., Task],
    say: str,
    *,
    may: Callable[[Task, Member], bool] | None = None,
) -> View:
    """A view that gives a checked form to an operation on one task. `may` lets in others than
    agents, for this task."""

    @access.needs(Role.VIEWER if may else Role.AGENT)
    @require_POST
    def act(request: HttpRequest, workspace: Workspace, public_id: str, task: str) -> HttpResponse:
        case = queries.get_case(workspace=workspace, public_id=public_id)
        found = queries.get_task(workspace=workspace, public_id=task)
        if found.case_id != case.pk:
            raise NotFound("This task belongs to another case.")
        if may is not None and not may(found, access.member_of(request)):
            handed.refuse()
        options = {"case": case} if form_class is pages.HandOverForm else {}
        form = form_class(request.POST, **options)
        try:
            changed = perform(task=found, **_checked(form), **_now(request))
        except Refused as error:
            return _refuse(request, workspace, case, error)
        messages.success(request, say.format(title=changed.title))
        return redirect(_back(request, workspace, case))

    return act


def _checked(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label or name.capitalize() if name in form.fields else ""
        raise Refused(f"{label}: {errors[0]}".removeprefix(": "), field=name)
    given: dict[str, Any] = form.given()  # type: ignore[attr-defined]
    return given


def _now(request: HttpRequest) -> dict[str, Any]:
    return {"actor": access.actor_of(request), "now": clock.now()}


def _refuse(request: HttpRequest, workspace: Workspace, case: Case, error: Refused) -> HttpResponse:
    """The case as it is, with the reason; what was typed is kept by the browser."""
    messages.error(request, error.message)
    fresh = queries.get_case(workspace=workspace, public_id=case.public_id)
    page = showing.show_panes(request, workspace, case=fresh, now=clock.now())
    page.status_code = WRONG
    page["HX-Push-Url"] = "false"
    return page


def _back(request: HttpRequest, workspace: Workspace, case: Case) -> str:
    query = listing.selection_of(request).query
    return reverse("cases:case", args=[workspace.slug, case.public_id]) + query


def _finish(task: Task, **given: Any) -> Task:
    return operations.finish_task(task=task, **given)


finish_task = _stepping(pages.FinishForm, _finish, "Noted: {title}.", may=handed.may_finish)
skip_task = _stepping(
    pages.SkipForm, operations.skip_task, "Left out: {title}.", may=handed.may_skip
)
write_task = _stepping(pages.WriteForm, operations.write_task, "The mail is on its way.")
resume_task = _stepping(pages.ResumeForm, operations.resume_task, "To do again: {title}.")
hand_task_over = _stepping(pages.HandOverForm, operations.hand_task_over, "Handed over: {title}.")


@access.needs(Role.AGENT)
@require_POST
def take_task(
    request: HttpRequest, workspace: Workspace, public_id: str, task: str
) -> HttpResponse:
    """A member takes what is her department's."""
    case = queries.get_case(workspace=workspace, public_id=public_id)
    found = queries.get_task(workspace=workspace, public_id=task)
    if found.case_id != case.pk:
        raise NotFound("This task belongs to another case.")
    try:
        operations.hand_task_over(task=found, owner=access.member_of(request), **_now(request))
    except Refused as error:
        return _refuse(request, workspace, case, error)
    messages.success(request, f"Yours now: {found.title}.")
    return redirect(_back(request, workspace, case))


@access.needs(Role.AGENT)
@require_POST
def add_task(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    case = queries.get_case(workspace=workspace, public_id=public_id)
    try:
        given = _checked(pages.AddTaskForm(request.POST, case=case))
        task = operations.add_task(case=case, **given, **_now(request))
    except Refused as error:
        return _refuse(request, workspace, case, error)
    messages.success(request, f"Added: {task.title}.")
    return redirect(_back(request, workspace, case))


@require_safe
def show_tasks(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What is to be done, of one's own, of a department, or of everybody."""
    member = access.member_of(request)
    now = clock.now()
    counts = queries.count_work(workspace=workspace, member=member, now=now)
    show = request.GET.get("show") or _home(request, counts)
    department = show if show in set(Department) else ""
    tasks = list(
        queries.list_work(
            workspace=workspace,
            member=member if show == "mine" else None,
            department=department,
        )[: SHOWN + 1]
    )
    context = {
        "now": now,
        "tasks": tasks[:SHOWN],
        "has_more": len(tasks) > SHOWN,
        "shown": SHOWN,
        "show": show,
        "department": Department(department) if department else None,
        "tabs": _tabs(workspace, member.department, counts, show),
        "departments": [one for one in Department if one != member.department],
    }
    return render(request, "cases/tasks.html", context)


def _home(request: HttpRequest, counts: queries.TaskCounts) -> str:
    """What one comes for: one's own; for a viewer what she or her department is asked for."""
    if access.may(request, Role.AGENT) or counts.mine:
        return "mine"
    return access.member_of(request).department or "all"


def _tabs(
    workspace: Workspace, own: str, counts: queries.TaskCounts, show: str
) -> list[dict[str, Any]]:
    found = [("mine", "Mine", counts.mine)]
    if own:
        found.append((own, Department(own).label, counts.pool))
    found.append(("all", "Everybody’s", counts.all))
    address = reverse("cases:tasks", args=[workspace.slug])
    return [
        {
            "label": label,
            "count": count,
            "url": f"{address}?show={name}",
            "active": name == show,
        }
        for name, label, count in found
    ]
