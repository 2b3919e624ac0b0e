"""What the forms of one page offer, read once for all of them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from afterscore.cases import queries
from afterscore.cases.queries import Offered
from afterscore.workspaces.models import Workspace


def offered_for(request: HttpRequest, workspace: Workspace, *, now: datetime) -> Offered:
    found: Offered | None = getattr(request, "offered", None)
    if found is None:
        found = Offered(workspace=workspace, today=queries.local_day(workspace, now=now))
        request.offered = found  # type: ignore[attr-defined]
    return found
