"""Pages that belong to no app: the front door, the health check, the error pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from afterscore.workspaces import queries


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the pulse of the first workspace one belongs to."""
    member = queries.list_memberships(user=request.user).first()
    if member is None:
        return render(request, "config/no_workspace.html", status=200)
    return redirect("insights:pulse", member.workspace.slug)


def healthz(_request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def bad_request(request: HttpRequest, _exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, _exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, _exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)
