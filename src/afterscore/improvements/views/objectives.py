from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterscore.domain.departments import Department
from afterscore.domain.roles import Role
from afterscore.improvements import operations, queries
from afterscore.improvements.forms import ObjectiveForm, tabs_for
from afterscore.improvements.models import Objective
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@require_safe
def list_objectives(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    rows = list(queries.list_objectives(workspace=workspace))
    context = {
        "tabs": tabs_for(workspace, "improvements:objectives"),
        "groups": [
            (department, [row for row in rows if row.department == department])
            for department in Department
            if any(row.department == department for row in rows)
        ],
        "may_change": access.may(request, Role.MANAGER),
    }
    return render(request, "improvements/objectives.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def new_objective(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    return _edit(request, workspace, None)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def edit_objective(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    found = queries.get_objective(workspace=workspace, public_id=public_id)
    return _edit(request, workspace, found)


def _edit(request: HttpRequest, workspace: Workspace, objective: Objective | None) -> HttpResponse:
    initial = (
        ObjectiveForm.values_of(objective)
        if objective
        else {"department": request.GET.get("department", "")}
    )
    form = ObjectiveForm(
        request.POST if request.method == "POST" else None, workspace=workspace, initial=initial
    )
    if form.is_valid():
        try:
            operations.save_objective(
                workspace=workspace,
                objective=objective,
                actor=access.actor_of(request),
                now=clock.now(),
                **form.values(),
            )
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Saved.")
            return redirect("improvements:objectives", workspace.slug)
    context = {"objective": objective, "form": form}
    return render(
        request, "improvements/objective.html", context, status=422 if form.errors else 200
    )


@require_POST
@access.needs(Role.MANAGER)
def end_objective(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    objective = queries.get_objective(workspace=workspace, public_id=public_id)
    try:
        operations.end_objective(
            objective=objective,
            is_reached="reached" in request.POST,
            actor=access.actor_of(request),
            now=clock.now(),
        )
    except Refused as error:
        messages.error(request, error.message)
    return redirect("improvements:objectives", workspace.slug)
