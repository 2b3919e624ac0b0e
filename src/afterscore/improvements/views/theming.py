"""Themes: the list, one theme with what its words find, and the usual ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterscore.domain.departments import Department
from afterscore.domain.roles import Role
from afterscore.domain.themes import WordRefused
from afterscore.improvements import operations, queries
from afterscore.improvements.forms import ThemeForm, tabs_for
from afterscore.improvements.models import Theme
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@require_safe
def list_themes(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    themes = queries.list_themes(workspace=workspace)
    context = {
        "tabs": tabs_for(workspace, "improvements:themes"),
        "groups": _by_department(themes),
        "count": len(themes),
        "may_change": access.may(request, Role.MANAGER),
    }
    return render(request, "improvements/themes.html", context)


def _by_department(themes: list[Theme]) -> list[tuple[str, list[Theme]]]:
    """In the order of departments; those of nobody in particular last, those not in use apart."""
    used = [theme for theme in themes if theme.is_active]
    groups = [
        (each.label, [theme for theme in used if theme.department == each]) for each in Department
    ]
    groups.append(("Nobody in particular", [theme for theme in used if not theme.department]))
    groups.append(("Not in use", [theme for theme in themes if not theme.is_active]))
    return [(label, rows) for label, rows in groups if rows]


@require_POST
@access.needs(Role.MANAGER)
def plant_themes(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    planted = operations.plant_themes(
        workspace=workspace, actor=access.actor_of(request), now=clock.now()
    )
    if planted:
        messages.success(request, f"{len(planted)} themes are added. Change what does not fit.")
    else:
        messages.info(request, "All the usual themes are there already.")
    return redirect("improvements:themes", workspace.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def new_theme(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    return _edit(request, workspace, None)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def edit_theme(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    return _edit(request, workspace, queries.get_theme(workspace=workspace, public_id=public_id))


def _edit(request: HttpRequest, workspace: Workspace, theme: Theme | None) -> HttpResponse:
    form = ThemeForm(
        request.POST if request.method == "POST" else None,
        initial=ThemeForm.values_of(theme) if theme else {},
    )
    if form.is_valid():
        try:
            operations.save_theme(
                workspace=workspace,
                theme=theme,
                actor=access.actor_of(request),
                now=clock.now(),
                **form.values(),
            )
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Saved. Answers that are there are looked through again.")
            return redirect("improvements:themes", workspace.slug)
    words = form.data.get("words", "") if form.is_bound else form.initial.get("words", "")
    context = {"theme": theme, "form": form, **_trial(workspace, words)}
    return render(request, "improvements/theme.html", context, status=422 if form.errors else 200)


@require_POST
@access.needs(Role.MANAGER)
def try_words(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """What the words of the form find, while they are written; nothing is kept."""
    context = _trial(workspace, request.POST.get("words", ""))
    return render(request, "improvements/trial.html", context)


def _trial(workspace: Workspace, words: str) -> dict[str, Any]:
    if not words.strip():
        return {"trial": None, "problem": ""}
    try:
        return {"trial": queries.try_words(workspace=workspace, text=words), "problem": ""}
    except WordRefused as error:
        return {"trial": None, "problem": str(error)}
