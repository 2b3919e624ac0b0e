from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.programs import queries
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@require_safe
def list_programs(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    context = {
        "programs": queries.list_overview(workspace=workspace),
        "calls": queries.list_calls_to_make(workspace=workspace).count(),
        "now": clock.now(),
        "may_change": access.may(request, Role.MANAGER),
    }
    return render(request, "programs/list.html", context)
