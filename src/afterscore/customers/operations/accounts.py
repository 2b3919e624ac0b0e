from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from afterscore.customers.importers import records
from afterscore.customers.models import Account
from afterscore.customers.operations import checks
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Workspace

EDITABLE = frozenset(
    {
        "external_id", "name", "owner", "plan", "industry", "country", "lifecycle_stage",
        "recurring_revenue", "currency", "renewal_on", "churned_on", "attributes",
    }
)  # fmt: skip


@transaction.atomic
def create_account(
    *, workspace: Workspace, values: Mapping[str, Any], actor: Actor, now: datetime
) -> Account:
    """`values` by the names in EDITABLE. Raises Refused, naming the field.

    A revenue without a currency is in the workspace's own.
    """
    stored = _checked(values)
    if not stored.get("name"):
        raise Refused("An account needs a name.", field="name")
    if stored.get("recurring_revenue") is not None and not stored.get("currency"):
        stored["currency"] = workspace.currency
    account = Account(workspace=workspace, created_at=now, updated_at=now, **stored)
    with checks.refusing_duplicates():
        account.save(force_insert=True)
    _record(account, sorted(key for key, value in stored.items() if value), actor, now)
    return account


@transaction.atomic
def change_account(
    *, account: Account, changes: Mapping[str, Any], actor: Actor, now: datetime
) -> Account:
    """Changes what differs and writes one fact that names it; nothing at all if nothing differs."""
    stored = _checked(changes)
    if "name" in stored and not stored["name"]:
        raise Refused("An account needs a name.", field="name")
    locked = Account.objects.select_for_update().get(pk=account.pk)
    changed = checks.save_changes(locked, stored, now)
    if changed:
        _record(locked, changed, actor, now)
    return locked


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - EDITABLE
    if unknown:
        raise Refused(f"An account has no field '{min(unknown)}'.", field=min(unknown))
    stored = checks.checked("account", values)
    if stored.get("name"):
        stored["name_key"] = records.account_key(stored["name"])
    return stored


def _record(account: Account, changed: list[str], actor: Actor, now: datetime) -> None:
    told = tuple(key for key in changed if key != "name_key")
    journal.record(
        workspace=account.workspace,
        event=events.AccountChanged(account.public_id, changed=told),
        actor=actor,
        now=now,
    )
