"""Who may end a task: agents any, a viewer what was handed to her or to her department."""

from __future__ import annotations

from typing import NoReturn

from django.core.exceptions import PermissionDenied

from afterscore.cases import queries
from afterscore.cases.models import Task
from afterscore.domain.roles import Role, at_least
from afterscore.domain.steps import AMONG_US, StepKind
from afterscore.workspaces.models import Member


def is_agent(member: Member) -> bool:
    return at_least(Role(member.role), Role.AGENT)


def may_finish(task: Task, member: Member) -> bool:
    """A viewer speaks with no customer: that is left to agents, whoever was asked."""
    if is_agent(member):
        return True
    return StepKind(task.kind) in AMONG_US and queries.is_handed_to(task, member=member)


def may_skip(task: Task, member: Member) -> bool:
    return is_agent(member) or queries.is_handed_to(task, member=member)


def refuse() -> NoReturn:
    raise PermissionDenied("This needs the role agent, or a task that was handed to you.")
