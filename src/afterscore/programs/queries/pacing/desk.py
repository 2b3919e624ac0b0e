"""Who follows up, how much they manage, and what waits for them already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from afterscore.domain import casework, pace, roles
from afterscore.domain.casework import DuePolicy
from afterscore.domain.drip import SHARED
from afterscore.domain.nps import Group
from afterscore.domain.pace import ByCapacity, Pace
from afterscore.domain.roles import Role
from afterscore.programs import registry
from afterscore.programs.models import Program
from afterscore.workspaces.models import Member, Workspace


class Owner(NamedTuple):
    """Somebody who looks after accounts of their own."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`owners` are active members by their keys; `waiting` counts open cases by the key of whoever
    has them, None for nobody."""

    people: int
    follow_ups_per_day: int
    owners: Mapping[int, Owner]
    waiting: Mapping[int | None, int]

    @property
    def capacity(self) -> float:
        """Follow-ups on a working day, of all people together."""
        return float(self.people * self.follow_ups_per_day)

    @property
    def queue(self) -> int:
        return sum(self.waiting.values())

    def a_day(self, owners: int) -> float:
        """What each of so many owners manages: no more than all people together."""
        return min(float(self.follow_ups_per_day), self.capacity / max(owners, 1))

    def lane_of(self, owner: int | None) -> str:
        """Accounts of nobody in particular, and of whoever has left, are everybody's."""
        known = self.owners.get(owner) if owner is not None else None
        return known.public_id if known else SHARED

    def name_of(self, key: str) -> str:
        """Of a lane; "" for accounts that nobody in particular looks after."""
        found = (owner.name for owner in self.owners.values() if owner.public_id == key)
        return next(found, "")


def desk_of(*, program: Program) -> Desk:
    """As the program says, or everybody whose work it is to answer customers."""
    chosen = pace_of(program)
    asked = chosen if isinstance(chosen, ByCapacity) else ByCapacity()
    members = list(
        Member.objects.select_related("user").filter(workspace=program.workspace, is_active=True)
    )
    return Desk(
        people=count_people(members) if asked.people is None else asked.people,
        follow_ups_per_day=asked.follow_ups_per_day,
        owners={member.pk: Owner(member.public_id, str(member)) for member in members},
        waiting=registry.count_waiting(program.workspace),
    )


def count_people(members: list[Member]) -> int:
    """The agents; in a workspace without any, all who may answer customers."""
    agents = sum(member.role == Role.AGENT for member in members)
    return agents or sum(roles.at_least(Role(member.role), Role.AGENT) for member in members)


def pace_of(program: Program) -> Pace:
    return pace.parse(program.pace)


def due_policy(*, workspace: Workspace, program: Program) -> DuePolicy:
    """The workspace's days for each group, never later than what the program promises."""
    default = casework.DEFAULT_DUE_POLICY
    promised = program.answer_within_days or float("inf")

    def days(group: Group) -> float:
        own = workspace.answer_within_days.get(group, default.days_for(group))
        return min(float(own), promised)

    return DuePolicy(
        detractor_days=days(Group.DETRACTOR),
        passive_days=days(Group.PASSIVE),
        promoter_days=days(Group.PROMOTER),
    )
