from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from afterscore.customers import queries
from afterscore.customers.models import Contact
from afterscore.customers.operations import checks
from afterscore.customers.operations.accounts import create_account
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Workspace

EDITABLE = frozenset(
    {
        "external_id", "account", "email", "name", "persona", "language", "time_zone",
        "consent_basis", "consent_source", "consent_on", "ask_gap_days", "attributes",
    }
)  # fmt: skip


@transaction.atomic
def create_contact(
    *, workspace: Workspace, values: Mapping[str, Any], actor: Actor, now: datetime
) -> Contact:
    """`values` by the names in EDITABLE. Raises Refused, naming the field.

    With `account_name` in place of `account`, the account of that name is found or made.
    """
    stored = _checked(_with_account(values, workspace, actor, now))
    if not stored.get("email"):
        raise Refused("A contact needs an e-mail address.", field="email")
    contact = Contact(workspace=workspace, created_at=now, updated_at=now, **stored)
    with checks.refusing_duplicates():
        contact.save(force_insert=True)
    _record(contact, sorted(key for key, value in stored.items() if value), actor, now)
    return contact


@transaction.atomic
def change_contact(
    *, contact: Contact, changes: Mapping[str, Any], actor: Actor, now: datetime
) -> Contact:
    """Changes what differs and writes one fact that names it; nothing at all if nothing differs.

    `changes` are as in `create_contact`.
    """
    stored = _checked(_with_account(changes, contact.workspace, actor, now))
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    if locked.erased_at is not None:
        raise Refused("This person's data was erased; there is nothing to change.")
    if "email" in stored and not stored["email"]:
        raise Refused("A contact needs an e-mail address.", field="email")
    changed = checks.save_changes(locked, stored, now)
    if changed:
        _record(locked, changed, actor, now)
    return locked


def _with_account(
    values: Mapping[str, Any], workspace: Workspace, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    if "account_name" not in values:
        return values
    name = " ".join(values["account_name"].split())
    rest = {key: value for key, value in values.items() if key != "account_name"}
    if not name:
        return {**rest, "account": None}
    account = queries.find_account(workspace=workspace, name=name)
    if account is None:
        account = create_account(workspace=workspace, values={"name": name}, actor=actor, now=now)
    return {**rest, "account": account}


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - EDITABLE
    if unknown:
        raise Refused(f"A contact has no field '{min(unknown)}'.", field=min(unknown))
    return checks.checked("contact", values)


def _record(contact: Contact, changed: list[str], actor: Actor, now: datetime) -> None:
    journal.record(
        workspace=contact.workspace,
        event=events.ContactChanged(contact.public_id, changed=tuple(changed)),
        actor=actor,
        now=now,
    )
