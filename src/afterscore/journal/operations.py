"""Writing facts down. Called inside the transaction that makes them true.

A fact is never changed, with one exception: words that name somebody who was erased.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
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


FORGOTTEN = "[erased]"


def forget_words(*, workspace: Workspace, subjects: Sequence[str], words: Sequence[str]) -> None:
    """In facts about these subjects: whatever names a person who was erased."""
    facts = Fact.objects.filter(workspace=workspace, subject__in=subjects)
    for fact in facts.exclude(payload={}).iterator():
        text = plain = json.dumps(fact.payload, ensure_ascii=False)
        for word in words:
            text = text.replace(json.dumps(word, ensure_ascii=False)[1:-1], FORGOTTEN)
        if text != plain:
            Fact.objects.filter(pk=fact.pk).update(payload=json.loads(text))
