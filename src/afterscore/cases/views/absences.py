"""Who is away. Everybody says so for herself, managers for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from afterscore.cases import queries
from afterscore.cases.forms.absences import AbsenceForm
from afterscore.cases.operations import priorities
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access, operations
from afterscore.workspaces import forms as settings_pages
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Absence, Workspace


@dataclass(frozen=True, slots=True)
class Row:
    absence: Absence
    is_now: bool
    due: int  # open cases that somebody has to act on meanwhile
    may_change: bool


def show_absences(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    member = access.member_of(request)
    may_plan = access.may(request, Role.AGENT)
    if request.method == "POST" and not may_plan:
        raise PermissionDenied("Only members who answer customers plan absences.")
    whose = None if access.may(request, Role.MANAGER) else member
    form = AbsenceForm(_data(request), workspace=workspace, member=whose)
    if request.method == "POST" and form.is_valid() and _planned(request, form):
        return redirect("absences:absences", workspace.slug)
    today = priorities.local_today(workspace, clock.now())
    absences = list(workspaces.list_absences(workspace=workspace, since=today))
    due = queries.count_due_meanwhile(absences=absences)
    context = {
        "tabs": settings_pages.settings_tabs(workspace, "absences"),
        "rows": [
            Row(each, each.starts_on <= today, due[each.pk], _may_change(request, each))
            for each in absences
        ],
        "form": form if may_plan else None,
        "holidays": _next_days_off(workspace),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/absences.html", context, status=status)


def _data(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _may_change(request: HttpRequest, absence: Absence) -> bool:
    if access.may(request, Role.MANAGER):
        return True
    is_hers = absence.member_id == access.member_of(request).pk
    return is_hers and access.may(request, Role.AGENT)


def _next_days_off(workspace: Workspace) -> list[tuple[date, str]]:
    today = priorities.local_today(workspace, clock.now())
    return workspaces.next_days_off(workspace, since=today)


def _planned(request: HttpRequest, form: AbsenceForm) -> bool:
    try:
        absence = operations.plan_absence(
            member=form.chosen(),
            actor=access.actor_of(request),
            now=clock.now(),
            **form.given(),
        )
    except Refused as error:
        _show(form, error)
        return False
    messages.success(request, _what_follows(absence))
    return True


def _what_follows(absence: Absence) -> str:
    if absence.stand_in:
        return (
            f"Saved. New cases of {absence.member} go to {absence.stand_in}, and so does what "
            "comes due meanwhile, from the first day on."
        )
    return (
        f"Saved. New cases of {absence.member} wait as long as their customers may, else go to "
        "whoever is there. Managers hear of what comes due meanwhile."
    )


def edit_absence(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    absence = _changeable(request, workspace, public_id)
    form = AbsenceForm(_data(request), workspace=workspace, absence=absence)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_absence(
                absence=absence, actor=access.actor_of(request), now=clock.now(), **form.given()
            )
        except Refused as error:
            _show(form, error)
        else:
            messages.success(request, _what_follows(absence))
            return redirect("absences:absences", workspace.slug)
    context = {
        "tabs": settings_pages.settings_tabs(workspace, "absences"),
        "absence": absence,
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "cases/absence.html", context, status=status)


@require_POST
def remove_absence(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    absence = _changeable(request, workspace, public_id)
    operations.remove_absence(absence=absence, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"{absence.member} works on these days after all.")
    return redirect("absences:absences", workspace.slug)


def _changeable(request: HttpRequest, workspace: Workspace, public_id: str) -> Absence:
    absence = workspaces.get_absence(workspace=workspace, public_id=public_id)
    if not _may_change(request, absence):
        raise PermissionDenied("Only she herself or a manager changes this.")
    return absence


def _show(form: AbsenceForm, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)
