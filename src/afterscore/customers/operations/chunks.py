"""One chunk of rows into the tables: copied to a temporary table, then set against what is there.

Only what a row says is written: an empty cell is NULL there and leaves what is there alone. A row
that says nothing new changes nothing, not even `updated_at`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from afterscore.customers.operations.matching import Match, Slot
from afterscore.kit import ids
from afterscore.workspaces.models import Workspace

ACCOUNT_COLUMNS = (
    "external_id", "name", "name_key", "owner_id", "plan", "industry", "country",
    "lifecycle_stage", "recurring_revenue", "currency", "renewal_on",
)  # fmt: skip
CONTACT_COLUMNS = (
    "external_id", "account_id", "email", "name", "persona", "language", "time_zone",
    "consent_basis", "consent_source", "consent_on",
)  # fmt: skip
_NULLABLE = frozenset(
    {
        "external_id", "owner_id", "recurring_revenue", "renewal_on", "account_id", "email",
        "consent_on",
    }
)  # fmt: skip


@dataclass(slots=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    accounts_created: int = 0


def write(
    *, workspace: Workspace, matches: Sequence[Match], slots: Sequence[Slot], now: datetime
) -> Counts:
    """Inside a transaction. `slots` are the accounts of these rows, each once."""
    new_accounts = _write_accounts(workspace, slots, now)
    rows = [_contact_row(match) for match in matches]
    contacts = _Table("customers_contact", CONTACT_COLUMNS)
    contacts.fill(rows)
    updated = contacts.update(now)
    created = contacts.insert(workspace, now)
    contacts.drop()
    return Counts(created, updated, len(rows) - created - updated, new_accounts)


def _write_accounts(workspace: Workspace, slots: Sequence[Slot], now: datetime) -> int:
    if not slots:
        return 0
    accounts = _Table("customers_account", ACCOUNT_COLUMNS)
    accounts.fill((slot.id, slot.values) for slot in slots)
    accounts.update(now)
    created = accounts.insert(workspace, now)
    accounts.drop()
    new = {slot.name_key: slot for slot in slots if slot.id is None}
    for key, name_key in _keys_of(workspace, list(new)):
        new[name_key].id = key
    _settle_currency(workspace, [slot.id for slot in slots if "recurring_revenue" in slot.values])
    return created


def _contact_row(match: Match) -> tuple[int | None, dict[str, Any]]:
    values = dict(match.draft.contact)
    if match.account is not None:
        values["account_id"] = match.account.id
    return match.contact_id, values


def _keys_of(workspace: Workspace, names: list[str]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name_key FROM customers_account "
            "WHERE workspace_id = %s AND name_key = ANY(%s)",
            [workspace.pk, names],
        )
        return list(cursor.fetchall())


def _settle_currency(workspace: Workspace, keys: list[int | None]) -> None:
    """A revenue whose currency nobody says is in the workspace's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_account SET currency = %s WHERE id = ANY(%s) AND currency = ''",
            [workspace.currency, keys],
        )


class _Table:
    """A temporary table of the shape of `target`, and the two statements that use it."""

    def __init__(self, target: str, columns: tuple[str, ...]) -> None:
        self.target = target
        self.incoming = f"{target}_incoming"
        self.columns = columns

    def fill(self, rows: Iterable[tuple[int | None, dict[str, Any]]]) -> None:
        names = ", ".join(("id", "public_id", *self.columns, "attributes"))
        prefix = "acc" if self.target == "customers_account" else "con"
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE {self.incoming} AS "  # noqa: S608 (our own names)
                f"SELECT {names} FROM {self.target} WITH NO DATA"
            )
            with cursor.copy(f"COPY {self.incoming} ({names}) FROM STDIN") as copy:
                for key, values in rows:
                    attributes = values.get("attributes")
                    copy.write_row(
                        (
                            key,
                            ids.make(prefix) if key is None else None,
                            *map(values.get, self.columns),
                            json.dumps(attributes) if attributes else None,
                        )
                    )
            cursor.execute(f"ANALYZE {self.incoming}")

    def update(self, now: datetime) -> int:
        """Sets what the rows say where it differs; returns how many rows differed."""
        new = [f"coalesce(i.{name}, t.{name})" for name in self.columns]
        new.append("t.attributes || coalesce(i.attributes, '{}')")
        names = [*self.columns, "attributes"]
        changes = ", ".join(f"{name} = {value}" for name, value in zip(names, new, strict=True))
        old = ", ".join(f"t.{name}" for name in names)
        return self._execute(
            f"UPDATE {self.target} t SET {changes}, updated_at = %s "  # noqa: S608 (our own names)
            f"FROM {self.incoming} i "
            f"WHERE t.id = i.id AND ({old}) IS DISTINCT FROM ({', '.join(new)})",
            [now],
        )

    def insert(self, workspace: Workspace, now: datetime) -> int:
        values = [name if name in _NULLABLE else f"coalesce({name}, '')" for name in self.columns]
        return self._execute(
            f"INSERT INTO {self.target} (workspace_id, created_at, updated_at, public_id, "  # noqa: S608
            f"{', '.join(self.columns)}, attributes) "
            f"SELECT %s, %s, %s, public_id, {', '.join(values)}, coalesce(attributes, '{{}}') "
            f"FROM {self.incoming} WHERE id IS NULL",
            [workspace.pk, now, now],
        )

    def drop(self) -> None:
        self._execute(f"DROP TABLE {self.incoming}", [])

    def _execute(self, statement: str, parameters: list[Any]) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return int(cursor.rowcount)
