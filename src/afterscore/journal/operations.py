"""Writing facts down. Called inside the transaction that makes them true."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from afterscore.domain.events import Actor, Event
from afterscore.journal import registry
from afterscore.journal.models import Fact
from afterscore.kit import jobs

if TYPE_CHECKING:
    from afterscore.workspaces.models import Workspace


def record(*, workspace: Workspace, event: Event, actor: Actor, now: datetime) -> Fact:
    """One journal row and, where somebody listens, one deferred job: both or neither commit."""
    fact = Fact.objects.create(
        workspace=workspace,
        name=event.name,
        subject=event.subject,
        actor=str(actor),
        payload=event.payload(),
        occurred_at=now,
    )
    if registry.handlers_of(event.name):
        jobs.defer("journal.dispatch", fact=fact.public_id)
    return fact
