"""Brings the rows that a question needs, as they are at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa

from afterscore.insights.mart import columns, wire
from afterscore.insights.mart.contents import Contents
from afterscore.workspaces.models import Workspace


def read(
    *, workspace: Workspace, names: Iterable[str], since: date | None, until: date | None
) -> Contents:
    """Rows of answers received from `since` on and before `until`, in the workspace's time zone;
    a row outside may be among them, none inside is missing."""
    wanted = tuple(dict.fromkeys(names))
    zone = workspace.time_zone
    conditions = [f"r.workspace_id = {workspace.pk:d}"]
    if since:
        conditions.append(f"r.received_at >= {_midnight(since, zone)}")
    if until:
        conditions.append(f"r.received_at < {_midnight(until, zone)}")
    sql = columns.select(wanted, zone=zone, where=" AND ".join(conditions))
    with wire.connect() as link:
        tail = link.table(sql, columns.schema(wanted))
    return Contents(wanted, tail)


def attributes(*, workspace: Workspace) -> list[str]:
    """The paths of all attributes that an answer has, by name."""
    found: set[str] = set()
    with wire.connect() as link:
        for side in ("contact", "account"):
            sql = (
                "SELECT DISTINCT jsonb_object_keys("
                f"coalesce(nullif(r.frozen #> '{{{side},attribute}}', 'null'), '{{}}')) AS key "
                f"FROM responses_response r WHERE r.workspace_id = {workspace.pk:d}"
            )
            table = link.table(sql, pa.schema([("key", pa.string())]))
            found |= {f"{side}.attribute.{key}" for key in table.column("key").to_pylist()}
    return sorted(path for path in found if columns.is_attribute(path))


def _midnight(day: date, zone: str) -> str:
    """The instant at which the day begins there."""
    return f"({columns.literal(day.isoformat())}::timestamp AT TIME ZONE {columns.literal(zone)})"
