"""What a member wants to hear, and whether she wants to be named: her own choice alone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.workspaces.models import Member


@transaction.atomic
def change_wishes(
    *,
    member: Member,
    wants_digest: bool,
    wants_alerts: bool,
    wants_praise: bool,
    actor: Actor,
    now: datetime,
) -> tuple[str, ...]:
    """What changed, by name; nothing and no fact where nothing did."""
    wishes = {
        "wants_digest": wants_digest,
        "wants_alerts": wants_alerts,
        "wants_praise": wants_praise,
    }
    changed = tuple(name for name, value in wishes.items() if getattr(member, name) != value)
    if not changed:
        return ()
    for name in changed:
        setattr(member, name, wishes[name])
    member.save(update_fields=changed)
    journal.record(
        workspace=member.workspace,
        event=events.MemberChanged(member.public_id, changed=changed),
        actor=actor,
        now=now,
    )
    return changed
