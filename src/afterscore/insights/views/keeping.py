"""Views that somebody keeps, and links by which a page is read without a login."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afterscore.cases import operations as cases
from afterscore.cases import queries as case_queries
from afterscore.domain import withholding
from afterscore.domain.roles import Role
from afterscore.insights.composition import frames
from afterscore.insights.composition.asking import Asked
from afterscore.insights.composition.frames import Frame
from afterscore.insights.models import SharedLink
from afterscore.insights.operations import sharing
from afterscore.insights.queries import sharing as links
from afterscore.insights.views import figures
from afterscore.kit import clock
from afterscore.kit.errors import NotFound, Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@access.needs(Role.VIEWER)
@require_POST
def save_view(request: HttpRequest, workspace: Workspace, page: str) -> HttpResponse:
    asked, address = _page_of(request, workspace, page)
    try:
        view = cases.save_view(
            member=access.member_of(request),
            page=page,
            name=request.POST.get("name", ""),
            query=asked.address,
            is_shared="is_shared" in request.POST and access.may(request, Role.AGENT),
            actor=access.actor_of(request),
            now=clock.now(),
        )
        messages.success(request, f"The view “{view.name}” is kept.")
    except Refused as error:
        messages.error(request, error.message)
    return redirect(address)


@access.needs(Role.VIEWER)
@require_POST
def remove_view(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    view = case_queries.get_own_view(member=access.member_of(request), public_id=public_id)
    _asked, address = _page_of(request, workspace, view.page)
    cases.remove_view(view=view, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"The view “{view.name}” is gone.")
    return redirect(address)


def _page_of(request: HttpRequest, workspace: Workspace, page: str) -> tuple[Asked, str]:
    if page not in frames.PAGES:
        raise NotFound("There is no such page.")
    asked = figures.asked_by(request, workspace)
    return asked, frames.Links(workspace.slug).page(page, asked)


@access.needs(Role.MANAGER)
def share(request: HttpRequest, workspace: Workspace, page: str) -> HttpResponse:
    """What the link will show, for how long; then the link itself, once."""
    if page not in frames.PAGES:
        raise NotFound("There is no such page.")
    frame = figures.frame_for(request, workspace, page)
    context: dict[str, Any] = {"title": frames.PAGES[page][0], "days": sharing.USUAL_DAYS}
    if request.method == "POST":
        context |= _share(request, frame)
    context |= {
        "all_days": sharing.DAYS,
        "fewest": withholding.FEWEST,
        "page_url": frame.links.page(page, frame.kept),
        "page_name": frames.PAGES[page][0],
    }
    return figures.show(request, frame, "insights/share.html", context)


def _share(request: HttpRequest, frame: Frame) -> dict[str, Any]:
    days, title = request.POST.get("days", ""), request.POST.get("title", "")
    given: dict[str, Any] = {
        "title": title,
        "days": int(days) if days in {str(each) for each in sharing.DAYS} else 0,
        "shows_words": "shows_words" in request.POST,
    }
    try:
        link, secret = sharing.share_page(
            member=access.member_of(request),
            page=SharedLink.Page(frame.page),
            query=frames.frozen(frame).query,
            actor=access.actor_of(request),
            now=frame.now,
            **given,
        )
    except Refused as error:
        return given | {"error": error}
    address = request.build_absolute_uri(reverse("shared:page", args=[secret]))
    return given | {"link": link, "address": address}


@access.needs(Role.MANAGER)
@require_safe
def list_links(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    now = clock.now()
    rows = [
        (link, links.is_open(link, now=now))
        for link in links.list_links(workspace=workspace, now=now)
    ]
    return render(request, "insights/links.html", {"rows": rows})


@access.needs(Role.MANAGER)
@require_POST
def end_link(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    link = links.get_link(workspace=workspace, public_id=public_id)
    sharing.end_sharing(link=link, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"The link to “{link.title}” opens nothing any more.")
    return redirect("score:links", workspace.slug)
