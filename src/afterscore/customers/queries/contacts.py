"""Lists and single rows of contacts, as the pages and the API need them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy

from afterscore.customers.models import Account, Contact
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Member, Workspace

CONTACT_ORDERS: Mapping[str, tuple[str | OrderBy, ...]] = {
    "name": ("name", "id"),
    "-name": ("-name", "-id"),
    "account": (F("account__name").asc(nulls_last=True), "id"),
    "-account": (F("account__name").desc(nulls_last=True), "-id"),
    "asked": (F("last_asked_at").asc(nulls_last=True), "id"),
    "-asked": (F("last_asked_at").desc(nulls_last=True), "-id"),
    "added": ("created_at", "id"),
    "-added": ("-created_at", "-id"),
}


def list_contacts(
    *,
    workspace: Workspace,
    search: str = "",
    plan: str = "",
    language: str = "",
    owner: Member | None = None,
    account: Account | None = None,
    order: str = "name",
) -> QuerySet[Contact]:
    """With account and its owner loaded; erased contacts are left out.

    `search` looks into names, addresses, external ids and account names. An unknown `order`
    is by name.
    """
    contacts = Contact.objects.select_related("account__owner__user").filter(
        workspace=workspace, erased_at=None
    )
    if search.strip():
        contacts = contacts.filter(_mentions(search.strip()))
    wanted = {"account__plan": plan, "language": language}
    contacts = contacts.filter(**{name: value for name, value in wanted.items() if value})
    if owner is not None:
        contacts = contacts.filter(account__owner=owner)
    if account is not None:
        contacts = contacts.filter(account=account)
    return contacts.order_by(*CONTACT_ORDERS.get(order, CONTACT_ORDERS["name"]))


def _mentions(text: str) -> Q:
    return (
        Q(name__icontains=text)
        | Q(email__icontains=text)
        | Q(external_id__iexact=text)
        | Q(account__name__icontains=text)
    )


def get_contact(*, workspace: Workspace, public_id: str) -> Contact:
    """An erased contact is found too: her answers still count. Raises NotFound."""
    try:
        return Contact.objects.select_related("account__owner__user", "workspace").get(
            workspace=workspace, public_id=public_id
        )
    except Contact.DoesNotExist as error:
        raise NotFound("There is no such contact.") from error


def find_contact(*, workspace: Workspace, email: str = "", external_id: str = "") -> Contact | None:
    """By the customer's own id where one is given, else by normalised address."""
    key = {"external_id": external_id} if external_id else {"email": email or None}
    if not any(key.values()):
        return None
    return Contact.objects.select_related("account").filter(workspace=workspace, **key).first()


def count_contacts(*, workspace: Workspace) -> int:
    return Contact.objects.filter(workspace=workspace, erased_at=None).count()


def list_languages(*, workspace: Workspace) -> list[str]:
    """The languages of the contacts, in order."""
    return list(
        Contact.objects.filter(workspace=workspace, erased_at=None)
        .exclude(language="")
        .order_by("language")
        .values_list("language", flat=True)
        .distinct()
    )
