"""The page of a contact and the page of an account, and the forms that change them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from afterscore.customers import operations, queries, registry
from afterscore.customers.forms import AccountForm, ContactForm
from afterscore.customers.models import Account, Contact
from afterscore.domain.roles import Role
from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.workspaces import access
from afterscore.workspaces.models import Workspace

Row = TypeVar("Row")
PEOPLE_SHOWN = 200
ITEMS_SHOWN = 200


@require_safe
def show_contact(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    contact = queries.get_contact(workspace=workspace, public_id=public_id)
    items = registry.timeline_of(workspace=workspace, contacts=[contact])
    context = {
        "contact": contact,
        "items": items[:ITEMS_SHOWN],
        "is_cut": len(items) > ITEMS_SHOWN,
        "score": registry.latest_scores(workspace=workspace, contacts=[contact]).get(contact.pk),
        "consent": contact.consent_basis.replace("_", " "),
        "attributes": _sorted(contact.attributes),
        "asked": registry.tell_asking(contact=contact, now=clock.now()),
        "quarantines": queries.list_quarantines(contact=contact, now=clock.now()),
        "may_change": access.may(request, Role.MANAGER) and contact.erased_at is None,
        "may_erase": access.may(request, Role.OWNER) and contact.erased_at is None,
    }
    return render(request, "customers/contact.html", context)


@require_safe
def show_account(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    account = queries.get_account(workspace=workspace, public_id=public_id)
    found = queries.list_contacts(workspace=workspace, account=account)
    contacts = list(found[:PEOPLE_SHOWN])
    for contact in contacts:
        contact.account = account
    scores = registry.latest_scores(workspace=workspace, contacts=contacts)
    items = registry.timeline_of(workspace=workspace, contacts=contacts)
    context = {
        "account": account,
        "people": [(contact, scores.get(contact.pk)) for contact in contacts],
        "people_count": found.count(),
        "items": items[:ITEMS_SHOWN],
        "is_cut": len(items) > ITEMS_SHOWN,
        "attributes": _sorted(account.attributes),
        "is_quarantined": queries.is_quarantined(account, now=clock.now()),
        "may_change": access.may(request, Role.MANAGER),
    }
    return render(request, "customers/account.html", context)


def _sorted(attributes: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(key.replace("_", " "), value) for key, value in sorted(attributes.items())]


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def add_contact(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = ContactForm(
        request.POST or None, initial={"account_name": request.GET.get("account", "")}
    )

    def save() -> Contact:
        return operations.create_contact(
            workspace=workspace,
            values=form.cleaned_data,
            actor=access.actor_of(request),
            now=clock.now(),
        )

    contact = _saved(form, save)
    if contact is None:
        return _show_form(request, form, "Add a contact", back=("customers:list", ()))
    messages.success(request, f"{contact} was added.")
    return redirect("customers:contact", workspace.slug, contact.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def edit_contact(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    contact = queries.get_contact(workspace=workspace, public_id=public_id)
    form = ContactForm(request.POST or None, initial=ContactForm.initial_of(contact))

    def save() -> Contact:
        return operations.change_contact(
            contact=contact,
            changes=form.cleaned_data,
            actor=access.actor_of(request),
            now=clock.now(),
        )

    if _saved(form, save) is None:
        return _show_form(
            request, form, f"Change {contact}", back=("customers:contact", (public_id,))
        )
    messages.success(request, "Saved.")
    return redirect("customers:contact", workspace.slug, public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def add_account(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = AccountForm(request.POST or None, workspace=workspace)

    def save() -> Account:
        return operations.create_account(
            workspace=workspace,
            values=form.values(),
            actor=access.actor_of(request),
            now=clock.now(),
        )

    account = _saved(form, save)
    if account is None:
        return _show_form(request, form, "Add an account", back=("customers:list", ()))
    messages.success(request, f"{account} was added.")
    return redirect("customers:account", workspace.slug, account.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@access.needs(Role.MANAGER)
def edit_account(request: HttpRequest, workspace: Workspace, public_id: str) -> HttpResponse:
    account = queries.get_account(workspace=workspace, public_id=public_id)
    form = AccountForm(
        request.POST or None, initial=AccountForm.initial_of(account), workspace=workspace
    )

    def save() -> Account:
        return operations.change_account(
            account=account,
            changes=form.values(),
            actor=access.actor_of(request),
            now=clock.now(),
        )

    if _saved(form, save) is None:
        return _show_form(
            request, form, f"Change {account}", back=("customers:account", (public_id,))
        )
    messages.success(request, "Saved.")
    return redirect("customers:account", workspace.slug, public_id)


def _saved(form: forms.Form, save: Callable[[], Row]) -> Row | None:
    """What was saved; None when there was nothing to save or the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return save()
    except Refused as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None


def _show_form(
    request: HttpRequest, form: forms.Form, title: str, *, back: tuple[str, tuple[str, ...]]
) -> HttpResponse:
    view, arguments = back
    workspace = access.member_of(request).workspace
    context = {
        "form": form,
        "title": title,
        "back_url": reverse(view, args=[workspace.slug, *arguments]),
    }
    return render(request, "customers/form.html", context, status=422 if form.errors else 200)
