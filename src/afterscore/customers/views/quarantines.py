"""Leaving a person or an account alone for a while: one small form for both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from afterscore.customers import operations, queries
from afterscore.customers.forms import QuarantineForm
from afterscore.customers.models import Account, Contact
from afterscore.domain import calendars
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

Keep = Callable[[datetime | None, str], object]


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def contact(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    found = queries.get_contact(workspace=workspace, public_id=public_id)

    def keep(until: datetime | None, why: str) -> object:
        actor = access.actor_of(request)
        return operations.quarantine_contact(
            contact=found, until=until, why=why, actor=actor, now=clock.now()
        )

    return _answer(request, workspace, found, keep, page="customers:contact")


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def account(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    found = queries.get_account(workspace=workspace, public_id=public_id)

    def keep(until: datetime | None, why: str) -> object:
        actor = access.actor_of(request)
        return operations.quarantine_account(
            account=found, until=until, why=why, actor=actor, now=clock.now()
        )

    return _answer(request, workspace, found, keep, page="customers:account")


def _answer(
    request: HttpRequest, workspace: Workspace, whom: Contact | Account, keep: Keep, *, page: str
) -> HttpResponse:
    form = QuarantineForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(workspace, whom),
        is_left_alone=whom.quarantined_until is not None,
    )
    page_url = reverse(page, args=[workspace.slug, whom.public_id])
    if form.is_valid():
        until, said = _wanted(request, workspace, form)
        try:
            keep(until, form.cleaned_data["why"])
        except Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, said)
            return redirect(page_url)
    context = {
        "form": form,
        "whom": whom,
        "is_account": isinstance(whom, Account),
        "back_url": page_url,
    }
    return render(request, "customers/quarantine.html", context, status=422 if form.errors else 200)


def _initial(workspace: Workspace, whom: Contact | Account) -> dict[str, Any]:
    if whom.quarantined_until is None:
        return {}
    zone = calendars.zone_or(workspace.time_zone, "UTC")
    return {
        "until": calendars.local_day(whom.quarantined_until, zone),
        "why": whom.quarantine_why,
    }


def _wanted(
    request: HttpRequest, workspace: Workspace, form: QuarantineForm
) -> tuple[datetime | None, str]:
    """Until the beginning of the day by the workspace's clock, and how that is confirmed."""
    day = form.cleaned_data["until"]
    if "end" in request.POST or day is None:
        return None, "They may be asked again."
    zone = calendars.zone_or(workspace.time_zone, "UTC")
    said = f"Nobody asks them before {day.day} {day:%B %Y}."
    return calendars.localise(day, time(), zone), said
