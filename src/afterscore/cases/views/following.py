"""Watching somebody else's case, and having seen what happened in it, or that one was named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from afterscore.cases import operations, queries
from afterscore.cases.models import Case
from afterscore.cases.views import known, listing, offering
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


def part_of(request: HttpRequest, case: Case, now: datetime) -> dict[str, Any]:
    """Who watches the case, whether the reader is named in it, and what it is about."""
    reading = known.reading_for(request, case)
    named = (*case.themes, *case.heard_themes)
    themes = offering.offered_for(request, case.workspace, now=now).themes if named else ()
    return {
        "lately": queries.lately_of(case=case, now=now),
        "contacts": reading.contacts,
        "watchers": reading.watchers,
        "is_watching": reading.is_watching,
        "is_named": reading.is_named,
        "watch_news": reading.news,
        "case_themes": [theme for theme in themes if theme.public_id in case.themes],
        "heard_themes": [theme for theme in themes if theme.public_id in case.heard_themes],
    }


@access.needs(Role.VIEWER)
@require_POST
def watch(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """On and off by the same button."""
    case = queries.get_case(workspace=workspace, public_id=public_id)
    member = access.member_of(request)
    is_on = member in queries.list_watchers(case=case)
    change = operations.stop_watching if is_on else operations.watch
    change(case=case, member=member, actor=access.actor_of(request), now=clock.now())
    words = "You no longer watch this case." if is_on else "You watch this case now."
    messages.success(request, words)
    return _case(request, workspace, case)


@access.needs(Role.VIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def unwatch(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """Where the link in a mail leads: it asks first, for programs follow links, too."""
    case = queries.get_case(workspace=workspace, public_id=public_id)
    member = access.member_of(request)
    if request.method == "POST":
        operations.stop_watching(
            case=case, member=member, actor=access.actor_of(request), now=clock.now()
        )
        messages.success(request, f"You no longer watch the case of {case.contact}.")
        return _case(request, workspace, case)
    is_watching = member in queries.list_watchers(case=case)
    return render(request, "cases/unwatch.html", {"case": case, "is_watching": is_watching})


@access.needs(Role.VIEWER)
@require_POST
def see(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    """The page tells that the reader has the case before her."""
    case = queries.get_case(workspace=workspace, public_id=public_id)
    member, now = access.member_of(request), clock.now()
    operations.see_mentions(case=case, member=member, actor=access.actor_of(request), now=now)
    operations.see_news(case=case, member=member, now=now)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    return _case(request, workspace, case)


def _case(request: HttpRequest, workspace: Workspace, case: Case) -> HttpResponse:
    query = listing.selection_of(request).query
    return redirect(reverse("cases:case", args=[workspace.slug, case.public_id]) + query)
