from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.programs import operations, queries
from afterscore.programs.models import Program
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def launch_program(request: HttpRequest, workspace: Workspace, slug: str) -> HttpResponse:
    """A deliberate act: everything it will do is said before the button."""
    program = queries.get_program(workspace=workspace, slug=slug)
    now = clock.now()
    if request.method != "POST":
        return render(request, "programs/launch.html", _summary(program, now))
    try:
        wave = operations.launch(program=program, actor=access.actor_of(request), now=now)
    except Refused as error:
        messages.error(request, error.message)
        return redirect("programs:launch", workspace.slug, slug)
    messages.success(request, f"Launched. {queries.say_people(wave.eligible)} will be asked.")
    return redirect("programs:wave", workspace.slug, wave.public_id)


def _summary(program: Program, now: datetime) -> dict[str, Any]:
    zone = program.workspace.time_zone
    preview = queries.preview(program=program, now=now)
    empty = queries.nobody_to_ask(preview=preview, zone=zone)
    return {
        "program": program,
        "preview": preview,
        "sentences": queries.tell(preview, zone=zone),
        "obstacles": [*queries.list_obstacles(program=program), *([empty] if empty else [])],
        "people": queries.say_people(preview.asked),
    }
