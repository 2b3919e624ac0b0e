"""Turns the `workspace` of an address into the object, or into a 404 for strangers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from afterscore.domain import calendars
from afterscore.kit.errors import NotFound, Unavailable
from afterscore.workspaces import access, backends


class WorkspaceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timezone.deactivate()
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _arguments: tuple[Any, ...],
        options: dict[str, Any],
    ) -> HttpResponseBase | None:
        slug = options.get("workspace")
        if not isinstance(slug, str):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        memberships = backends.memberships_of(request.user)
        member = next((one for one in memberships if one.workspace.slug == slug), None)
        if member is None:
            raise Http404
        request.memberships = memberships  # type: ignore[attr-defined]
        request.member = member  # type: ignore[attr-defined]
        options["workspace"] = member.workspace
        timezone.activate(calendars.zone_or(member.workspace.time_zone, "UTC"))
        access.refuse_unless_allowed(view, member)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A missing object and a stranger's object look the same."""
        if isinstance(exception, NotFound):
            raise Http404 from exception
        if isinstance(exception, Unavailable):
            return render(request, "503.html", {"why": exception}, status=503)
        return None
