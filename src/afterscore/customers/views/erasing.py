"""Forgetting a person on request: said plainly first, done once, for good."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from afterscore.customers import operations, queries
from afterscore.customers.forms import EraseForm
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.OWNER)
def erase(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    contact = queries.get_contact(workspace=workspace, public_id=public_id)
    page = reverse("customers:contact", args=[workspace.slug, public_id])
    if contact.erased_at is not None:
        return redirect(page)
    form = EraseForm(request.POST if request.method == "POST" else None, contact=contact)
    if form.is_valid():
        operations.erase_contact(contact=contact, actor=access.actor_of(request), now=clock.now())
        messages.success(request, "Erased. Nothing more is sent to this person.")
        return redirect(page)
    context = {"form": form, "contact": contact, "back_url": page}
    return render(request, "customers/erase.html", context, status=422 if form.errors else 200)
