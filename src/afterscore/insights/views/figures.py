"""Score, Compare, Explore and Health: one sentence chooses the answers, the page shows what they
bear, and every number opens what it is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterscore.cases import queries as cases
from afterscore.domain import calendars
from afterscore.domain.roles import Role
from afterscore.insights import mart
from afterscore.insights.charts import Chart
from afterscore.insights.composition import (
    asking,
    comparing,
    explanations,
    exploring,
    frames,
    healthy,
    scores,
)
from afterscore.insights.composition.asking import Asked
from afterscore.insights.composition.frames import Frame, Links
from afterscore.insights.views import drawings
from afterscore.kit import clock, sheets
from afterscore.kit.errors import NotFound
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


def asked_by(request: HttpRequest, workspace: Workspace) -> Asked:
    zone = calendars.zone_or(workspace.time_zone, "UTC")
    return asking.read_asked(request.GET, today=calendars.local_day(clock.now(), zone))


def frame_for(request: HttpRequest, workspace: Workspace, page: str) -> Frame:
    return frames.frame_of(
        workspace=workspace,
        page=page,
        asked=asked_by(request, workspace),
        now=clock.now(),
        links=Links(workspace.slug),
    )


def show(
    request: HttpRequest, frame: Frame, template: str, context: dict[str, Any]
) -> HttpResponse:
    member = access.member_of(request)
    around = {
        "frame": frame,
        "views": cases.list_views(member=member, page=frame.page),
        "may_share": access.may(request, Role.MANAGER),
        "may_tell_all": access.may(request, Role.AGENT),
        "may_aim": access.may(request, Role.MANAGER),
    }
    return render(request, template, around | context)


@require_safe
@mart.look()
def show_score(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    frame = frame_for(request, workspace, "score")
    shown = scores.compose_score(frame)
    if _asks_for_file(request):
        return _file(request, shown.charts)
    return show(request, frame, "insights/score.html", {"shown": shown})


def _asks_for_file(request: HttpRequest) -> bool:
    """Charts take their time: for the page they are made once, where they stand."""
    return "chart" in request.GET or "as" in request.GET


def _file(request: HttpRequest, charts: Iterable[Chart]) -> HttpResponse:
    found = drawings.file_of(request, charts)
    if found is None:
        raise NotFound("There is no such chart on this page.")
    return found


@require_safe
@mart.look()
def show_compare(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    frame = frame_for(request, workspace, "compare")
    shown = comparing.compose_compare(frame)
    if _asks_for_file(request):
        return _file(request, shown.charts)
    return show(request, frame, "insights/compare.html", {"shown": shown})


@require_safe
@mart.look()
def show_explore(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    frame = frame_for(request, workspace, "explore")
    shown = exploring.compose_explore(frame)
    if _asks_for_file(request):
        return _file(request, shown.charts)
    return show(request, frame, "insights/explore.html", {"shown": shown})


@require_safe
@mart.look()
def show_health(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    frame = frame_for(request, workspace, "health")
    shown = healthy.compose_health(frame)
    if shown is None:
        return render(request, "insights/pulse_empty.html")
    if _asks_for_file(request):
        return _file(request, shown.charts)
    return show(request, frame, "insights/health.html", {"shown": shown})


@require_safe
def show_coverage(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    """Looks at everybody, so the page fetches it after it is shown."""
    frame = frame_for(request, workspace, "health")
    is_part = request.headers.get("HX-Request") == "true"
    template = "insights/coverage.html" if is_part else "insights/coverage_page.html"
    return show(request, frame, template, {"shown": healthy.compose_coverage(frame)})


@require_safe
@mart.look()
def show_chooser(request: HttpRequest, workspace: Workspace, page: str) -> HttpResponse:
    """The form behind "Filter"; a page of its own without scripts."""
    if page not in frames.PAGES:
        raise NotFound("There is no such page.")
    frame = frame_for(request, workspace, page)
    context = {
        "choosers": list(frames.choosers(frame)),
        "page_url": frame.links.page(page, Asked.nothing()),
        "page_name": frames.PAGES[page][0],
        "is_part": request.headers.get("HX-Request") == "true",
    }
    return show(request, frame, "insights/filter.html", context)


@require_safe
def download(
    request: HttpRequest, workspace: Workspace, page: str, table: str
) -> StreamingHttpResponse:
    """A table of one of the pages, with everything in it that the page leaves out for width."""
    if page not in frames.PAGES:
        raise NotFound("There is no such page.")
    rows = _table(frame_for(request, workspace, page), table)
    return sheets.download(rows, name=f"{page}-{table}")


def _table(frame: Frame, table: str) -> Iterable[Iterable[str]]:  # noqa: PLR0911 - one a table
    match frame.page, table:
        case "score", "trend":
            return scores.trend_table(scores.compose_score(frame).trend_rows)
        case "score", "segments":
            key = frame.choose(frame.asked.get("by"), *scores.PREFERRED)
            return scores.segments_table(key, scores.list_rows(frame, key, with_all=True))
        case "score", "answers":
            return explanations.answers_table(frame)
        case "compare", "split":
            return comparing.split_table(comparing.compose_compare(frame))
        case "explore", "cells":
            return exploring.cells_table(frame)
        case "health", "coverage":
            return healthy.coverage_table(frame)
        case "health", "frequency":
            page = healthy.compose_health(frame)
            return healthy.frequency_table(page) if page else ()
        case _:
            raise NotFound("There is no such table.")
