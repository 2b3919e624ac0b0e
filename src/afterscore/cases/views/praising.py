"""The wall of praise."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterscore.cases.operations import praising as operations
from afterscore.cases.queries import praising as queries
from afterscore.cases.views import tabs
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.workspaces import access
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace


@require_safe
def show_wall(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    member = access.member_of(request)
    chosen = request.GET.get("who", "")
    whom = workspaces.get_member(workspace=workspace, public_id=chosen) if chosen else None
    context = {
        "tabs": tabs.tabs(workspace, "wall"),
        "words": queries.list_words(workspace=workspace, member=whom),
        "people": queries.count_by_member(workspace=workspace),
        "whom": whom,
        "reader": member,
        "may_hide_all": access.may(request, Role.MANAGER),
    }
    return render(request, "cases/praise.html", context)


@require_POST
def hide(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """By a manager, or by the one who is named."""
    row = queries.get_praise(workspace=workspace, public_id=public_id)
    member = access.member_of(request)
    if row.member != member and not access.may(request, Role.MANAGER):
        raise PermissionDenied("Only a manager takes away what is about somebody else.")
    operations.hide_praise(praise_row=row, by=member, now=clock.now())
    messages.success(request, "It is off the wall.")
    return redirect("praise:wall", workspace.slug)
