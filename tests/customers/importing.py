"""Importing in one line."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

from afterscore.customers import operations, queries
from afterscore.customers.models import Import
from afterscore.domain.events import Actor
from tests.people import NOW, People

LATER = NOW + timedelta(days=1)


def start(people: People, content: str | bytes, *, name: str = "customers.csv") -> Import:
    data = content.encode() if isinstance(content, str) else content
    return operations.start_import(
        workspace=people.workspace,
        file=io.BytesIO(data),
        file_name=name,
        actor=Actor("member", people.max.public_id),
        now=NOW,
    )


def run(
    people: People,
    content: str | bytes,
    *,
    mapping: Mapping[str, str] | None = None,
    dates: str = "",
    creates_accounts: bool = True,
    is_dry_run: bool = False,
    now: datetime = NOW,
) -> Import:
    source = operations.change_import(
        source=start(people, content),
        mapping=mapping,
        date_order=dates,
        creates_accounts=creates_accounts,
    )
    launched = operations.launch_import(
        source=source, is_dry_run=is_dry_run, now=now, in_background=False
    )
    return operations.run_import(source=launched, now=now)


def counts(source: Import) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, refused."""
    return source.created, source.updated, source.unchanged, source.refused


def reasons(source: Import) -> list[tuple[int, str, str]]:
    """Row, column and reason of everything that was refused."""
    return [(r.row, r.column, r.reason) for r in queries.list_refusals(source=source)]
