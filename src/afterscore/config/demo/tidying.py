"""How the people of the demo come to an end with their tasks.

A closed case leaves a department its task on purpose, so somebody has to do it. Once a week they
go through what has been late for a while. It has a chance of its own, so that the story beside it
stays the same with it or without.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from afterscore.cases import operations as cases
from afterscore.cases import queries
from afterscore.cases.models import Task
from afterscore.config.demo.keeping import At
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.roles import Role
from afterscore.domain.steps import StepKind
from afterscore.workspaces.models import Member, Workspace

EVERY = timedelta(days=7)
PATIENCE = timedelta(days=10)  # what is late for less is still on somebody's list
TAKEN_UP = 0.4  # the share of the late tasks of a department that it ends in one week
LONGEST = timedelta(days=42)  # whatever is late for longer is ended, one way or the other
RESULTS = {"acted": 0.45, "planned": 0.3, "declined": 0.25}
SAID = {
    "acted": "Mended with the last release.",
    "planned": "On the list for the next quarter.",
    "declined": "Too few customers need it.",
}
MOMENT_PASSED = "The moment for it has passed."


class Tidying:
    """Ends tasks week by week, until the story ends."""

    def __init__(
        self, workspace: Workspace, *, members: Iterable[Member], seed: int, at: At
    ) -> None:
        self.workspace = workspace
        self.by_department = {
            member.department: Actor("member", member.public_id)
            for member in members
            if member.role != Role.VIEWER
        }
        self.at = at
        self.chance = random.Random(seed)  # noqa: S311 (a story, not a secret)

    def begin(self, first: datetime) -> None:
        self.at(first, self._go_through)

    def _go_through(self, now: datetime) -> None:
        late = queries.list_work(workspace=self.workspace).filter(due_at__lt=now - PATIENCE)
        for task in list(late):
            is_old = task.due_at is not None and task.due_at < now - LONGEST
            if is_old or self.chance.random() < TAKEN_UP:
                self._end(task, is_old=is_old, now=now)
        self.at(now + EVERY, self._go_through)

    def _end(self, task: Task, *, is_old: bool, now: datetime) -> None:
        actor = self._who_does(task)
        task.case.workspace = self.workspace
        if task.kind == StepKind.DEPARTMENT:
            came = self.chance.choices(list(RESULTS), list(RESULTS.values()))[0]
            cases.finish_task(task=task, result=came, text=SAID[came], actor=actor, now=now)
        elif is_old:
            cases.skip_task(task=task, why=MOMENT_PASSED, actor=actor, now=now)

    def _who_does(self, task: Task) -> Actor:
        """Somebody of the department; where nobody of it works here, the case's owner for it."""
        own = self.by_department.get(task.department) if task.department else None
        if own is not None:
            return own
        owner = task.case.owner
        return Actor("member", owner.public_id) if owner else SYSTEM
