from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.insights import mart, operations
from afterscore.insights.composition import pulses
from afterscore.insights.models import Reading
from afterscore.insights.views import drawings, figures
from afterscore.kit import clock
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@require_safe
@mart.look()
def show_pulse(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """The score, whether it moved, whether we answered, what is at stake, what to do."""
    frame = figures.frame_for(request, workspace, "pulse")
    shown = pulses.compose_pulse(frame)
    if shown is None:
        return render(request, "insights/pulse_empty.html")
    if found := drawings.file_of(request, shown.charts):
        return found
    if request.headers.get("HX-Request") == "true":
        return render(request, "insights/pulse_figures.html", {"frame": frame, "shown": shown})
    member = access.member_of(request)
    operations.note_reading(member=member, page=Reading.Page.PULSE, now=clock.now())
    return figures.show(request, frame, "insights/pulse.html", {"shown": shown})
