"""The settings of mail routes: owners alone see and change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.outreach import operations, queries
from afterscore.outreach.channels.providers import PROVIDERS, Provider
from afterscore.outreach.forms import RouteForm
from afterscore.outreach.models import MailRoute
from afterscore.workspaces import access
from afterscore.workspaces import forms as settings_pages
from afterscore.workspaces.models import Workspace

LISTED = 20  # reports about nobody


@dataclass(frozen=True, slots=True)
class Row:
    route: MailRoute
    provider: str
    waiting: int
    last_report_at: datetime | None
    can_report: bool


@require_safe
@access.needs(Role.OWNER)
def list_routes(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    waiting = queries.count_waiting_by_route(workspace=workspace)
    rows = []
    for route in queries.list_routes(workspace=workspace):
        provider = queries.provider_of(route)
        last = queries.last_report_at(route=route)
        rows.append(Row(route, provider.name, waiting.get(route.pk, 0), last, provider.reports))
    context = {
        "tabs": settings_pages.settings_tabs(workspace, "list"),
        "rows": rows,
        "for_everybody": any(not row.route.senders for row in rows),
        "install": queries.install_way(),
        "waiting": waiting.get(None, 0),
    }
    return render(request, "outreach/routes.html", context)


@require_safe
@access.needs(Role.OWNER)
def choose_provider(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    context = {
        "tabs": settings_pages.settings_tabs(workspace, "list"),
        "providers": list(PROVIDERS.values()),
    }
    return render(request, "outreach/route_choose.html", context)


@access.needs(Role.OWNER)
def new_route(request: HttpRequest, workspace: Workspace, provider: str) -> HttpResponse:
    if provider not in PROVIDERS:
        raise Http404
    chosen = PROVIDERS[provider]
    form = RouteForm(request.POST or None, provider=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            route = operations.create_route(
                workspace=workspace,
                provider=provider,
                actor=access.actor_of(request),
                now=clock.now(),
                **form.values(),
            )
        except Refused as error:
            _show(form, error)
        else:
            messages.success(
                request, "The route is there. Send a test mail to see whether it works."
            )
            return redirect("routes:route", workspace.slug, route.public_id)
    context = {
        "tabs": settings_pages.settings_tabs(workspace, "list"),
        "form": form,
        "provider": chosen,
    }
    return render(request, "outreach/route.html", context)


@access.needs(Role.OWNER)
def edit_route(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    route = queries.get_route(workspace=workspace, public_id=public_id)
    provider = queries.provider_of(route)
    stored, problem = _stored(route)
    form = RouteForm(request.POST or None, provider=provider, route=route, stored=stored)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_route(
                route=route,
                is_active=form.cleaned_data["is_active"],
                actor=access.actor_of(request),
                now=clock.now(),
                **form.values(),
            )
        except Refused as error:
            _show(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("routes:route", workspace.slug, public_id)
    context = {
        "tabs": settings_pages.settings_tabs(workspace, "list"),
        "form": form,
        "route": route,
        "provider": provider,
        "problem": problem,
        "email": access.member_of(request).user.email,
        **_reports(route, provider, stored),
    }
    return render(request, "outreach/route.html", context)


def _stored(route: MailRoute) -> tuple[frozenset[str], str]:
    """Which secrets are kept, or why that cannot be said."""
    try:
        return frozenset(queries.secrets_of(route)), ""
    except Refused as error:
        return frozenset(), error.message


def _reports(route: MailRoute, provider: Provider, stored: frozenset[str]) -> dict[str, object]:
    if not provider.reports:
        return {}
    unmatched = queries.list_unmatched(route=route)
    return {
        "address": queries.report_address(route),
        "inbound_address": queries.inbound_address(route) if provider.inbound_view else "",
        "last_report_at": queries.last_report_at(route=route),
        "is_signed": bool(provider.is_signed_by),
        "is_checked": provider.is_signed_by in stored,
        "unmatched": unmatched[:LISTED],
        "unmatched_count": unmatched.count(),
    }


@require_POST
@access.needs(Role.OWNER)
def try_route(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    route = queries.get_route(workspace=workspace, public_id=public_id)
    email = access.member_of(request).user.email
    trial = operations.try_route(
        workspace=workspace,
        route=route,
        recipient=email,
        actor=access.actor_of(request),
        now=clock.now(),
    )
    if trial.is_taken:
        messages.success(request, f"A test mail for {email} was taken: {trial.reply}")
    else:
        messages.error(request, f"The test mail for {email} was not taken. {trial.reply}")
    return redirect("routes:route", workspace.slug, public_id)


@require_POST
@access.needs(Role.OWNER)
def renew_address(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    route = queries.get_route(workspace=workspace, public_id=public_id)
    operations.renew_report_address(route=route, actor=access.actor_of(request), now=clock.now())
    messages.success(
        request, "The address is new. Enter it at the provider; the old one is refused."
    )
    return redirect("routes:route", workspace.slug, public_id)


@require_POST
@access.needs(Role.OWNER)
def remove_route(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    route = queries.get_route(workspace=workspace, public_id=public_id)
    operations.remove_route(route=route, actor=access.actor_of(request), now=clock.now())
    messages.success(request, f"'{route.name}' is removed. What waited for it goes another way.")
    return redirect("routes:list", workspace.slug)


def _show(form: RouteForm, error: Refused) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)
