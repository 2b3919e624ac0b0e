"""Brings the rows that a question needs, as they are at this moment.

Everything is decided from one snapshot: which months have a file, which answers became others
since, and what those are now. So an answer is found in exactly one place, however much is sealed
or changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from django.db import connection

from afterscore.insights.mart import columns, files, looks, spans
from afterscore.insights.mart.contents import Contents, File
from afterscore.insights.mart.looks import Look
from afterscore.insights.mart.spans import Span
from afterscore.insights.mart.wire import Wire
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Sealed:
    """A month's file, as it can be read."""

    month: date
    place: str
    columns: frozenset[str]
    rows: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Answers that a file may hold as they no longer are, and the months of those files."""

    keys: pa.Array
    months: frozenset[date]


@dataclass(frozen=True, slots=True)
class _Tail:
    span: Span
    names: frozenset[str]
    rows: pa.Table


def read(
    *, workspace: Workspace, names: Iterable[str], since: date | None, until: date | None
) -> Contents:
    """Counted answers received from `since` on and before `until`, in the workspace's time zone;
    some outside or not counted may be among them, none inside is missing."""
    wanted = tuple(dict.fromkeys(names))
    span = Span(since, until)
    with looks.look() as look:
        sealed = _sealed(look, workspace)
        held = [each for each in sealed if span.meets(each.month)]
        changes = _changes(look, workspace) if held else None
        tail = _tail(look, workspace, wanted, span)
    if changes is None:
        return Contents(wanted, tail, sealed=sum(each.rows for each in sealed))
    return Contents(
        columns=wanted,
        tail=tail,
        clean=tuple(_file(each) for each in held if each.month not in changes.months),
        mixed=tuple(_file(each) for each in held if each.month in changes.months),
        superseded=changes.keys,
        sealed=sum(each.rows for each in sealed),
    )


def _sealed(look: Look, workspace: Workspace) -> list[Sealed]:
    return look.once(("sealed", workspace.pk), lambda: list_sealed(look.link, workspace))


def _changes(look: Look, workspace: Workspace) -> Changes:
    return look.once(("changes", workspace.pk), lambda: changes_since(look.link, workspace))


def _tail(look: Look, workspace: Workspace, wanted: tuple[str, ...], span: Span) -> pa.Table:
    """From what the look has read already, where that holds it."""
    read = look.once(("tails", workspace.pk), list[_Tail])
    for each in read:
        if each.span.covers(span) and each.names.issuperset(wanted):
            return each.rows.select(wanted)
    sealed = [each.month for each in _sealed(look, workspace) if span.meets(each.month)]
    sql = _tail_sql(workspace, wanted, span, sealed)
    rows = look.link.table(sql, columns.schema(wanted))
    read.append(_Tail(span, frozenset(wanted), rows))
    return rows


def _file(sealed: Sealed) -> File:
    return File(sealed.place, sealed.columns, sealed.rows)


def list_sealed(link: Wire, workspace: Workspace) -> list[Sealed]:
    """The months whose file can be read: of today's layout and time zone, and there."""
    schema = pa.schema(
        [
            ("month", pa.date32()),
            ("path", pa.string()),
            ("size", pa.int64()),
            ("rows", pa.int64()),
            ("columns", pa.list_(pa.string())),
        ]
    )
    rows = link.table(
        "SELECT month, path::text, size, rows::bigint, "
        "ARRAY(SELECT jsonb_array_elements_text(columns)) "
        f"FROM insights_sealedmonth WHERE workspace_id = {workspace.pk:d} "
        f"AND version = {columns.VERSION:d} AND time_zone = {columns.literal(workspace.time_zone)} "
        "ORDER BY month",
        schema,
    )
    return [found for row in rows.to_pylist() if (found := _readable(workspace, row))]


def _readable(workspace: Workspace, row: dict[str, Any]) -> Sealed | None:
    place = files.place_of(workspace, row["path"])
    if place is None or not files.is_whole(place, row["size"]):
        return None
    names = frozenset(row["columns"])
    if not names.issuperset(columns.EVERY):
        return None
    return Sealed(row["month"], str(place), names, row["rows"])


def changes_since(link: Wire, workspace: Workspace) -> Changes:
    zone = columns.literal(workspace.time_zone)
    rows = link.table(
        "SELECT DISTINCT response_key, date_trunc('month', was_at AT TIME ZONE "
        f"{zone})::date FROM insights_changedanswer WHERE workspace_id = {workspace.pk:d}",
        pa.schema([("id", pa.int64()), ("was", pa.date32())]),
    )
    months = frozenset(month for month in rows.column("was").unique().to_pylist() if month)
    return Changes(rows.column("id").unique(), months)


def _tail_sql(workspace: Workspace, names: tuple[str, ...], span: Span, sealed: list[date]) -> str:
    """Answers of months without a file, and those of the others that changed."""
    zone, mine = workspace.time_zone, _mine(workspace)
    is_open = " OR ".join(f"({each.sql(zone)})" for each in spans.without(span, sealed)) or "FALSE"
    parts = [columns.select(names, zone=zone, where=f"{mine} AND ({is_open})")]
    if sealed:
        changed = (
            f"{mine} AND {span.sql(zone)} AND NOT ({is_open}) AND r.id IN (SELECT response_key "
            f"FROM insights_changedanswer WHERE workspace_id = {workspace.pk:d})"
        )
        parts.append(columns.select(names, zone=zone, where=changed))
    return " UNION ALL ".join(parts)


def _mine(workspace: Workspace) -> str:
    return f"r.workspace_id = {workspace.pk:d} AND r.validity = 'counted'"


def state(*, workspace: Workspace) -> Hashable | None:
    """Whatever is counted of the answers stays the same as long as this does. None in the midst of
    a transaction, which may yet be taken back."""
    with looks.look() as look:
        if look.is_in_transaction:
            return None
        return look.once(("state", workspace.pk), lambda: _state(look, workspace))


def _state(look: Look, workspace: Workspace) -> Hashable:
    """A note that is committed late makes them one more; a note that has gone has gone into a file;
    and where a file is thrown away, no note has been written in between."""
    numbers = ("notes", "newest", "issued")
    schema = pa.schema([("files", pa.list_(pa.int64())), *((name, pa.int64()) for name in numbers)])
    (found,) = look.link.table(
        "SELECT ARRAY(SELECT id FROM insights_sealedmonth "
        f"WHERE workspace_id = {workspace.pk:d} ORDER BY id), count(*), coalesce(max(id), 0), "
        "(SELECT last_value FROM insights_changedanswer_id_seq) "
        f"FROM insights_changedanswer WHERE workspace_id = {workspace.pk:d}",
        schema,
    ).to_pylist()
    named = tuple(found["files"])
    database = str(connection.settings_dict["NAME"])
    return (database, workspace.pk, workspace.time_zone, named, *(found[n] for n in numbers))


def attributes(*, workspace: Workspace) -> list[str]:
    """The paths of all attributes that an answer has or had when its month was sealed, by name."""
    with looks.look() as look:
        return look.once(("attributes", workspace.pk), lambda: _attributes(look, workspace))


def _attributes(look: Look, workspace: Workspace) -> list[str]:
    sealed = _sealed(look, workspace)
    found = {name for each in sealed for name in each.columns if columns.is_attribute(name)}
    unsealed = [
        f"{_mine(workspace)} AND {span.sql(workspace.time_zone)}"
        for span in spans.without(Span(None, None), [each.month for each in sealed])
    ]
    found |= set(files.attributes_in(look.link, unsealed))
    return sorted(columns.path_of(name) for name in found)
