from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.workspaces.models import Member


@transaction.atomic
def set_pace(*, member: Member, follow_ups_a_day: int | None, actor: Actor, now: datetime) -> None:
    """How many customers she has time for on a usual day; None where nobody says."""
    if member.follow_ups_a_day == follow_ups_a_day:
        return
    member.follow_ups_a_day = follow_ups_a_day
    member.save(update_fields=["follow_ups_a_day"])
    journal.record(
        workspace=member.workspace,
        event=events.MemberChanged(member.public_id, changed=("follow_ups_a_day",)),
        actor=actor,
        now=now,
    )
