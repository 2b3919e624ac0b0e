"""Does the company stand behind it: a part of the program's page and of the pulse."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.insights import queries
from afterscore.kit import clock
from afterscore.programs import queries as programs
from afterscore.workspaces.models import Workspace


@require_safe
def show_standing(request: HttpRequest, workspace: Workspace, slug: str = "") -> HttpResponse:
    """Of one program, or of all; fetched by the page after it is shown."""
    program = programs.get_program(workspace=workspace, slug=slug) if slug else None
    findings = queries.check_standing(workspace=workspace, program=program, now=clock.now())
    return render(request, "insights/standing.html", {"findings": findings})
