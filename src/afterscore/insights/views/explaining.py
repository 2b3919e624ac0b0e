"""How a number comes about: as a page, and as a panel beside the number."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from afterscore.insights import mart
from afterscore.insights.composition import explanations
from afterscore.insights.views import figures
from afterscore.workspaces.models import Workspace


@require_safe
@mart.look()
def explain(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    frame = figures.frame_for(request, workspace, "score")
    is_part = request.headers.get("HX-Request") == "true"
    asked = frame.kept
    found = explanations.explain(frame, figure=asked.get("figure"), after=asked.get("after"))
    template = "insights/explain_body.html" if is_part else "insights/explain.html"
    page = figures.show(request, frame, template, {"found": found, "is_part": is_part})
    patch_vary_headers(page, ["HX-Request"])
    return page
