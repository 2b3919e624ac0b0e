"""Improvements: what is done because customers said so, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from afterscore.domain import events, improving
from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.domain.improving import State
from afterscore.improvements.models import Improvement, Objective, Theme
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.outreach import composition
from afterscore.workspaces.models import Member, Workspace

Told = Mapping[str, Mapping[str, str]]
"""What customers read, by language: subject and body, in Liquid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody wants to be better. Without a department, its theme's acts on it."""

    title: str
    description: str = ""
    theme: Theme | None = None
    objective: Objective | None = None
    department: Department | None = None
    owner: Member | None = None
    due_on: date | None = None

    def values(self) -> dict[str, Any]:
        return {
            "title": " ".join(self.title.split())[:200],
            "description": self.description.strip(),
            "theme": self.theme,
            "objective": self.objective,
            "department": self.department or (self.theme.department if self.theme else ""),
            "owner": self.owner,
            "due_on": self.due_on,
        }


@transaction.atomic
def save_improvement(
    *,
    workspace: Workspace,
    improvement: Improvement | None = None,
    proposal: Proposal,
    actor: Actor,
    now: datetime,
) -> Improvement:
    """A new improvement, or another edition of one. Raises Refused without a title."""
    row = lock(improvement) if improvement else Improvement(workspace=workspace, created_at=now)
    values = proposal.values()
    if not values["title"]:
        raise Refused("Say in a few words what will be better.", field="title")
    changed = tuple(key for key, value in values.items() if getattr(row, key, None) != value)
    if row.pk and not changed:
        return row
    for key, value in values.items():
        setattr(row, key, value)
    return _keep(row, changed=changed, actor=actor, now=now)


@transaction.atomic
def move_improvement(
    *, improvement: Improvement, to: State, actor: Actor, now: datetime
) -> Improvement:
    """To another state; what is done goes through `finish_improvement`, which tells of it."""
    if to is State.DONE:
        raise Refused("Say what customers will read about it, and mark it as done there.")
    row = lock(improvement)
    _move(row, to, now=now)
    return _keep(row, changed=("state",), actor=actor, now=now)


@transaction.atomic
def finish_improvement(
    *,
    improvement: Improvement,
    told: Told | None = None,
    tells: bool = True,
    actor: Actor,
    now: datetime,
) -> Improvement:
    """It is done. With `tells`, everybody who asked for it and does not know is told `told`.

    An improvement that is done already can tell those who were linked since. Raises Refused for a
    text that is missing or has a field that does not exist.
    """
    row = lock(improvement)
    if row.state != State.DONE:
        _move(row, State.DONE, now=now)
    if told is not None:
        row.told = _checked(told)
    if tells and not row.told:
        raise Refused("Write what customers will read about it.", field="body")
    row.changed_at = now
    row.save()
    journal.record(
        workspace=row.workspace,
        event=events.ImprovementDone(row.public_id, tells=tells),
        actor=actor,
        now=now,
    )
    return row


def _move(row: Improvement, to: State, *, now: datetime) -> None:
    try:
        row.state = improving.move(State(row.state), to)
    except improving.NotAllowed as error:
        raise Refused(str(error)) from error
    row.ended_at = now if to.is_ended else None


def _checked(told: Told) -> dict[str, dict[str, str]]:
    texts = {}
    for language, draft in told.items():
        subject, body = draft.get("subject", "").strip(), draft.get("body", "").strip()
        if not body or not subject:
            continue
        composition.check_template(subject, field=f"subject_{language}")
        composition.check_template(body, field=f"body_{language}")
        texts[language] = {"subject": subject[:300], "body": body}
    return texts


def _keep(
    row: Improvement, *, changed: tuple[str, ...], actor: Actor, now: datetime
) -> Improvement:
    row.changed_at = now
    row.save()
    event = events.ImprovementChanged(row.public_id, changed=changed, state=str(row.state))
    journal.record(workspace=row.workspace, event=event, actor=actor, now=now)
    return row


def lock(improvement: Improvement) -> Improvement:
    rows = Improvement.objects.select_for_update(of=("self",)).select_related(
        "workspace", "theme", "objective", "owner"
    )
    return rows.get(pk=improvement.pk)
