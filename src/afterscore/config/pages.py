"""Pages that belong to no app: the front door, the health check, the error pages."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader

from afterscore.workspaces import queries


def home(request: HttpRequest) -> HttpResponseBase:
    """To the pulse of the first workspace one belongs to."""
    if not request.user.is_authenticated:
        return redirect_to_login("/")
    member = queries.list_memberships(user_id=request.user.pk).first()
    if member is None:
        return render(request, "config/no_workspace.html", status=200)
    return redirect("insights:pulse", member.workspace.slug)


def healthz(_request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(_request: HttpRequest) -> HttpResponse:
    """Without the request: whatever broke must not break this page too."""
    return HttpResponse(loader.render_to_string("500.html"), status=500)
