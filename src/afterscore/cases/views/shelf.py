"""The playbooks of a workspace, and changing one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterscore.cases import operations, playbooks, queries
from afterscore.cases.forms.shelf import CHOICES, LANGUAGES, PlaybookForm, own_languages
from afterscore.cases.views.steps import ICONS
from afterscore.domain import field_words
from afterscore.domain.roles import Role
from afterscore.domain.steps import StepKind
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.forms import settings_tabs
from afterscore.workspaces.models import Workspace

WRONG = 422


@require_safe
def show_playbooks(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    shelves = [
        {
            "shelf": shelf,
            "steps": [(step, ICONS[step.kind]) for step in shelf.playbook.steps],
            "own": own_languages(shelf.playbook),
        }
        for shelf in queries.list_playbooks(workspace=workspace)
    ]
    context = {
        "shelves": shelves,
        "spoken": len(LANGUAGES),
        "tabs": settings_tabs(workspace, "playbooks"),
    }
    return render(request, "cases/playbooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_playbook(request: HttpRequest, workspace: Workspace, key: str) -> HttpResponse:
    """Everybody reads how we answer; managers change it."""
    playbook = queries.get_playbook(workspace=workspace, key=key)
    if request.method != "POST":
        return _render(request, workspace, PlaybookForm(playbook))
    if not access.may(request, Role.MANAGER):
        raise PermissionDenied("This needs the role manager.")
    form = PlaybookForm(playbook, request.POST)
    if _rearranged(request, form):
        return _render(request, workspace, form)
    try:
        operations.change_playbook(
            workspace=workspace,
            key=key,
            steps=form.data,
            actor=access.actor_of(request),
            now=clock.now(),
        )
    except Refused as error:
        form.add_error(error.field or "", error.message)
        return _render(request, workspace, form, status=WRONG)
    messages.success(request, f"Saved. New cases of “{playbook.name}” are worked like this.")
    return redirect("playbooks:playbook", workspace.slug, key)


def _rearranged(request: HttpRequest, form: PlaybookForm) -> bool:
    """Whether a button moved, removed or added a step: nothing is saved by that."""
    for name, act in (
        ("up", lambda number: form.move(number, -1)),
        ("down", lambda number: form.move(number, 1)),
        ("remove", form.remove),
    ):
        number = request.POST.get(name, "")
        if number.isascii() and number.isdigit():
            act(int(number))
            return True
    if "add" in request.POST:
        kind = request.POST.get("new_kind", "")
        if kind in set(StepKind) and form.can_grow:
            form.add(StepKind(kind))
        return True
    return _put_into_words(request, form)


def _put_into_words(request: HttpRequest, form: PlaybookForm) -> bool:
    """Whether a button opened a mail for own words, or took them back."""
    if "write" in request.POST:
        number = request.POST["write"]
        form.write(number, request.POST.get(f"{number}-language", ""))
        return True
    if "forget" in request.POST:
        number, _dash, language = request.POST["forget"].partition("-")
        form.forget(number, language)
        return True
    return False


def _render(
    request: HttpRequest, workspace: Workspace, form: PlaybookForm, *, status: int = 200
) -> HttpResponse:
    key = form.playbook.key
    context: dict[str, Any] = {
        "form": form,
        "playbook": form.playbook,
        "edition": queries.find_edition(workspace=workspace, key=key),
        "editable": access.may(request, Role.MANAGER),
        "splits": key in {"key_account", "lost_account"},
        "words": field_words.LABELS.values(),
        "choices": CHOICES,
        "spoken": len(LANGUAGES),
        "was_changed": request.method == "POST",
    }
    return render(request, "cases/playbook.html", context, status=status)


@access.needs(Role.MANAGER)
@require_POST
def reset_playbook(request: HttpRequest, workspace: Workspace, key: str) -> HttpResponse:
    queries.get_playbook(workspace=workspace, key=key)
    operations.reset_playbook(
        workspace=workspace, key=key, actor=access.actor_of(request), now=clock.now()
    )
    name = playbooks.PLAYBOOKS[key].name
    messages.success(request, f"“{name}” is the built-in one again.")
    return redirect("playbooks:playbook", workspace.slug, key)
