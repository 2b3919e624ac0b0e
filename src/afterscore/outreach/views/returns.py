"""The mail that came back, and what was made of it. Its writers are strangers: shown as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from afterscore.domain.roles import Role
from afterscore.kit import clock, paging
from afterscore.outreach import composition, inlet, operations, queries
from afterscore.outreach.inlet import Cover
from afterscore.outreach.models import InboundEvent
from afterscore.outreach.views import lifting
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

PAGE = 50
LATE = timedelta(minutes=10)  # a mail is read within seconds while a worker runs
MOST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    event: InboundEvent
    cover: Cover
    about: str  # the subject of the message it is about, or ""
    is_late: bool


@require_safe
@access.needs(Role.AGENT)
def came_back(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    open_only = request.GET.get("show") == "open"
    every, left = queries.count_inbound(workspace=workspace)
    number = paging.number(request.GET.get("page", ""))
    start = (number - 1) * PAGE
    found = list(
        queries.list_inbound(workspace=workspace, open_only=open_only)[start : start + PAGE + 1]
    )
    page = reverse("outreach:came_back", args=[workspace.slug])
    where = f"{page}?show=open&page=" if open_only else f"{page}?page="
    context = {
        "rows": [_row(event, workspace) for event in found[:PAGE]],
        "every": every,
        "left": left,
        "open_only": open_only,
        "domain": settings.AFTERSCORE_BOUNCE_DOMAIN,
        "has_inlet": settings.AFTERSCORE_INLET is not None,
        "previous_url": f"{where}{number - 1}" if number > 1 else "",
        "next_url": f"{where}{number + 1}" if len(found) > PAGE else "",
        "summary": f"{start + 1} to {start + min(len(found), PAGE)}" if found else "",
    }
    return render(request, "outreach/came_back.html", context)


@require_safe
@access.needs(Role.AGENT)
def came_back_once(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    event = queries.get_inbound(workspace=workspace, public_id=public_id)
    raw = event.body.encode("latin-1")
    about = event.message
    context = {
        "row": _row(event, workspace),
        "event": event,
        "lift": about and lifting.lift_after(event, lifting.lifts_of(about)),
        "recipient": operations.recipient_of(event=event),
        "words": inlet.words_of(raw)[:MOST_SHOWN],
        "source": raw.decode("utf-8", "replace")[:MOST_SHOWN],
        "is_cut": len(raw) > MOST_SHOWN,
    }
    return render(request, "outreach/came_back_once.html", context)


def _row(event: InboundEvent, workspace: Workspace) -> Row:
    message = event.message
    if message is not None:
        message.workspace = workspace
    return Row(
        event=event,
        cover=inlet.cover(_beginning(event).encode("latin-1")),
        about="" if message is None else composition.subject_of(message),
        is_late=event.processed_at is None and clock.now() - event.received_at > LATE,
    )


def _beginning(event: InboundEvent) -> str:
    return str(getattr(event, "beginning", "")) or event.body
