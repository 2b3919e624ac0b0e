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
from afterscore.programs.queries import Obstacle, Preview
from afterscore.programs.views import calendars
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
    people = queries.say_people(wave.eligible)
    begun = "Started" if wave.enrols_until else "Launched"
    messages.success(request, f"{begun}. {people} will be asked.")
    return redirect("programs:wave", workspace.slug, wave.public_id)


def _summary(program: Program, now: datetime) -> dict[str, Any]:
    zone = program.workspace.time_zone
    preview = queries.preview(program=program, now=now)
    is_standing = queries.is_standing(program)
    empty = None if is_standing else queries.nobody_to_ask(preview=preview, zone=zone)
    return {
        **(calendars.calendar_of(preview.drip.kept()) if preview.drip else {}),
        "program": program,
        "preview": preview,
        "is_standing": is_standing,
        "sentences": _sentences(program, preview, zone),
        "obstacles": [
            *queries.list_obstacles(program=program),
            *_too_slow(preview),
            *([empty] if empty else []),
        ],
        "people": queries.say_people(preview.asked),
    }


def _too_slow(preview: Preview) -> list[Obstacle]:
    """A wave that its people cannot carry within its longest time, or not at all."""
    refusal = preview.drip.planned.refusal if preview.drip else ""
    return [Obstacle("pace", refusal)] if refusal else []


def _sentences(program: Program, preview: Preview, zone: str) -> list[str]:
    """A program that asks by itself says first what starts it; then whom it would ask at once."""
    told = list(queries.tell(preview, zone=zone))
    if not queries.is_standing(program):
        return told
    trigger = queries.tell_trigger(program=program)
    if not preview.asked and not preview.left_out:
        return [*trigger, "Nobody is due today."]
    return [*trigger, "Due today:", *told]
