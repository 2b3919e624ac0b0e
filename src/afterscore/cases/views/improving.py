"""A part of a case's page: which improvements its answer asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from afterscore.cases import queries
from afterscore.cases.models import Case
from afterscore.cases.views import keeping
from afterscore.domain.roles import Role
from afterscore.improvements import operations
from afterscore.improvements import queries as improvements
from afterscore.kit import clock
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


def part(request: HttpRequest, case: Case, now: datetime) -> dict[str, Any]:
    asked = improvements.list_improvements_of(response=case.response)
    linked = {heard.voice.improvement_id for heard in asked}
    offered = []
    if access.may(request, Role.AGENT):
        alive = improvements.list_alive(workspace=case.workspace)
        offered = [each for each in alive if each.pk not in linked]
    return {"asked_for": asked, "offered_improvements": offered}


@require_POST
@access.needs(Role.AGENT)
def link(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The answer of this case asks for an improvement that is there."""
    case = queries.get_case(workspace=workspace, public_id=public_id)
    improvement = improvements.get_improvement(
        workspace=workspace, public_id=request.POST.get("improvement", "")
    )
    operations.link_voices(
        improvement=improvement,
        responses=[case.response],
        added_by=access.member_of(request),
        actor=access.actor_of(request),
        now=clock.now(),
    )
    messages.success(request, f"Linked. They hear of it when it is done: {improvement.title}")
    return keeping.show_case_again(request, workspace, case)
