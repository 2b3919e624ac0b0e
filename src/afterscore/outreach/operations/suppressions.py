from __future__ import annotations

from datetime import datetime

from afterscore.outreach import queries
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
    _row, created = Suppression.objects.get_or_create(
        workspace=workspace,
        address_hash=queries.address_hash(email),
        scope=scope,
        reason=Suppression.Reason(reason),
        defaults={"source": source[:120], "created_at": now},
    )
    return created
