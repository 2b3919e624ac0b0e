"""Whether the score has to do with who stays."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.cases.queries import EVER
from afterscore.domain import predicting
from afterscore.insights import queries
from afterscore.kit import clock
from afterscore.workspaces.models import Workspace


@require_safe
def show_predicting(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Looks at all contracts, so the page Health fetches it after it is shown."""
    renewals = queries.list_renewals(workspace=workspace, period=EVER, now=clock.now())
    found = predicting.judge(renewals)
    is_part = request.headers.get("HX-Request") == "true"
    template = "insights/predicting.html" if is_part else "insights/predicting_page.html"
    rates = [(predicting.group_label(each.group), each) for each in found.leaving.rates]
    return render(request, template, {"found": found, "rates": rates})
