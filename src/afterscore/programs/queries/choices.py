"""What a form offers to choose from."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, QuerySet

from afterscore.customers.models import Account, Contact
from afterscore.domain import segments
from afterscore.workspaces.models import Workspace

MOST_ATTRIBUTES = 100


def list_attribute_fields(*, workspace: Workspace) -> list[str]:
    """The workspace's own attributes as fields of the audience: "account.attribute.seats"."""
    contacts = Contact.objects.filter(workspace=workspace)
    accounts = Account.objects.filter(workspace=workspace)
    return [*_fields(contacts, "contact.attribute."), *_fields(accounts, "account.attribute.")]


def _fields(rows: QuerySet[Any], prefix: str) -> list[str]:
    keys = (
        rows.exclude(attributes={})
        .annotate(key=Func(F("attributes"), function="jsonb_object_keys"))
        .order_by("key")
        .values_list("key", flat=True)
        .distinct()[:MOST_ATTRIBUTES]
    )
    return [prefix + key for key in keys if segments.kind_of(prefix + key)]
