"""How the first rows of an uploaded file will be read, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from afterscore.customers.importers import fields
from afterscore.customers.importers.files import Row
from afterscore.customers.importers.records import Draft, Fault, Reader, Rules
from afterscore.customers.models import Import
from afterscore.domain import segments
from afterscore.workspaces import queries as workspaces

# What becomes of fields that are not kept under their own name.
_BECOMES = {
    "contact.first_name": "contact.name",
    "contact.last_name": "contact.name",
    "account.monthly_revenue": "account.recurring_revenue",
}


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """`cells` stand in the order of the preview's labels; empty where a row has a fault."""

    number: int
    cells: list[str]
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class Preview:
    labels: list[str]
    rows: list[PreviewRow]


def rules_of(source: Import) -> Rules:
    """How this import's columns are read, with the members whom its owners may name."""
    members = workspaces.list_members(workspace=source.workspace).filter(is_active=True)
    names = {member.user.email.lower(): member.pk for member in members}
    return Rules(
        columns=tuple(source.header),
        mapping=source.mapping,
        profile=source.profile,
        date_order=source.date_order,
        owners=names,
    )


def preview_of(source: Import) -> Preview:
    fields_in_order = filter(None, map(source.mapping.get, source.header))
    names = list(dict.fromkeys(_BECOMES.get(name, name) for name in fields_in_order))
    rules = rules_of(source)
    reader = Reader(rules)
    people = {key: email for email, key in rules.owners.items()}
    rows = [
        _preview_row(reader.read(Row(number, cells)), number, names, people)
        for number, cells in source.profile["preview"]
    ]
    return Preview([fields.label_of(name) for name in names], rows)


def _preview_row(
    read: Draft | list[Fault], number: int, names: list[str], people: dict[int, str]
) -> PreviewRow:
    if isinstance(read, list):
        return PreviewRow(number, [], read)
    return PreviewRow(number, [_said(read, name, people) for name in names], [])


def _said(draft: Draft, name: str, people: dict[int, str]) -> str:
    owner, _, rest = name.partition(".")
    values: dict[str, Any] = draft.contact if owner == "contact" else draft.account
    key = segments.attribute_key(name)
    if key is not None:
        values, rest = values.get("attributes", {}), key
    if rest == "owner":
        return people.get(values.get("owner_id", 0), "")
    value = values.get(rest)
    return "" if value is None else str(value)
