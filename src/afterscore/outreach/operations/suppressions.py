from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from afterscore.outreach import ledger, queries
from afterscore.outreach.models import Suppression
from afterscore.workspaces.models import Workspace


def suppress(
    *,
    workspace: Workspace,
    email: str,
    reason: str,
    scope: str = "",
    source: str = "",
    now: datetime,
) -> bool:
    """No more mail to this address, also after erasure and re-import. True when that is new.

    `scope` is a program's public id, or "" for all mail.
    """
    row, created = Suppression.objects.get_or_create(
        workspace=workspace,
        address_hash=queries.address_hash(email),
        scope=scope,
        reason=Suppression.Reason(reason),
        defaults={"source": source[:120], "created_at": now},
    )
    if created:
        _write_down([row], is_lifted=False)
    return created


def lift(*, rows: QuerySet[Suppression]) -> None:
    """Mail to these addresses is possible again."""
    found = list(rows.select_related("workspace"))
    Suppression.objects.filter(pk__in=[row.pk for row in found]).delete()
    _write_down(found, is_lifted=True)


def _write_down(rows: Sequence[Suppression], *, is_lifted: bool) -> None:
    """In the ledger, once it holds: a restored backup must not write to them again."""
    entries = [
        ledger.Silenced(
            workspace=row.workspace.public_id,
            address=row.address_hash,
            scope=row.scope,
            reason=row.reason,
            source=row.source,
            is_lifted=is_lifted,
        )
        for row in rows
    ]
    transaction.on_commit(lambda: ledger.silenced(entries), robust=True)
