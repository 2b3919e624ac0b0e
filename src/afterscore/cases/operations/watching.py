"""Members who want to hear what happens in somebody else's case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.cases.models import Case, Watching
from afterscore.cases.operations import following
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.workspaces.models import Member


@transaction.atomic
def watch(*, case: Case, member: Member, actor: Actor, now: datetime) -> Case:
    """From now on she hears of it. Safe to repeat."""
    _watching, is_new = Watching.objects.get_or_create(
        workspace_id=case.workspace_id, case=case, member=member, defaults={"since": now}
    )
    if is_new:
        _tell(case, actor, now=now)
    return case


@transaction.atomic
def stop_watching(*, case: Case, member: Member, actor: Actor, now: datetime) -> Case:
    watching = Watching.objects.filter(
        workspace_id=case.workspace_id, case=case, member=member
    ).delete()
    if watching[0]:
        following.see_news(case=case, member=member, now=now)
        _tell(case, actor, now=now)
    return case


def _tell(case: Case, actor: Actor, *, now: datetime) -> None:
    journal.record(
        workspace=case.workspace,
        event=events.CaseChanged(case.public_id, changed=("watchers",)),
        actor=actor,
        now=now,
    )
