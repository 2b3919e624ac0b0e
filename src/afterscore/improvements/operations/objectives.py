"""What a department wants to reach."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.improvements.models import Objective, Theme
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member, Workspace


@transaction.atomic
def save_objective(
    *,
    workspace: Workspace,
    objective: Objective | None = None,
    department: Department,
    title: str,
    theme: Theme | None = None,
    owner: Member | None = None,
    due_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Objective:
    """A new objective, or other words for one that has not ended. Raises Refused."""
    row = _lock(objective) if objective else Objective(workspace=workspace, created_at=now)
    if row.ended_at is not None:
        raise Refused("This objective has ended. Set a new one.")
    title = " ".join(title.split())
    if not title:
        raise Refused("Say what the department wants to reach.", field="title")
    values = {
        "department": department.value,
        "title": title[:200],
        "theme": theme,
        "owner": owner,
        "due_on": due_on,
    }
    changed = tuple(key for key, value in values.items() if getattr(row, key, None) != value)
    if row.pk and not changed:
        return row
    for key, value in values.items():
        setattr(row, key, value)
    row.save()
    event = events.ObjectiveSet(row.public_id, changed=changed)
    journal.record(workspace=workspace, event=event, actor=actor, now=now)
    return row


@transaction.atomic
def end_objective(
    *, objective: Objective, is_reached: bool, actor: Actor, now: datetime
) -> Objective:
    row = _lock(objective)
    if row.ended_at is not None:
        raise Refused("This objective has ended already.")
    row.ended_at, row.is_reached = now, is_reached
    row.save(update_fields=["ended_at", "is_reached"])
    event = events.ObjectiveEnded(row.public_id, is_reached=is_reached)
    journal.record(workspace=row.workspace, event=event, actor=actor, now=now)
    return row


def _lock(objective: Objective) -> Objective:
    rows = Objective.objects.select_for_update(of=("self",)).select_related(
        "workspace", "theme", "owner"
    )
    return rows.get(pk=objective.pk)
