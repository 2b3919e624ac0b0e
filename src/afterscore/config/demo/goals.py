"""What Harbourline set out to reach with its score, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.improvements import queries as improvements
from afterscore.insights.operations import aiming
from afterscore.insights.operations.aiming import Aim
from afterscore.insights.queries import measuring
from afterscore.insights.queries import targets as queries
from afterscore.workspaces.models import Member, Workspace

Happening = Callable[[datetime], None]

DAYS = 180
LENGTH = timedelta(days=182)
BEFORE_A_WAVE = timedelta(days=34)
FIRST_RISE, SECOND_RISE = 5, 15
SETTER, KEEPER = "max@harbourline.example", "ana@harbourline.example"
WHY = (
    "A second answer within one working day, and the nightly sync that tells us before customers "
    "notice."
)


def schedule(
    workspace: Workspace,
    *,
    members: Mapping[str, Member],
    launches: Sequence[datetime],
    at: Callable[[datetime, Happening], None],
) -> None:
    """One before the third wave, which has had its day; one before the last but one, which runs.
    A short story has the second alone."""
    if len(launches) > 3:
        first = _before(launches[2])
        at(first, lambda now: _set(workspace, members, rise=FIRST_RISE, now=now))
        at(first + LENGTH + timedelta(days=1), _judge)
    second = _before(launches[max(1, len(launches) - 2)])
    at(second, lambda now: _set(workspace, members, rise=SECOND_RISE, now=now))


def _before(launch: datetime) -> datetime:
    return (launch - BEFORE_A_WAVE).replace(hour=9)


def _judge(now: datetime) -> None:
    aiming.judge_targets(now=now)


def _set(workspace: Workspace, members: Mapping[str, Member], *, rise: int, now: datetime) -> None:
    today = measuring.today_of(workspace, now)
    start = queries.measure_start(
        workspace=workspace, program=None, days=DAYS, starts_on=today, now=now
    )
    if start.tally.score is None:
        return  # in a world of few people nobody may have answered
    objectives = improvements.list_objectives(workspace=workspace, open_only=True)
    aiming.set_target(
        workspace=workspace,
        program=None,
        days=DAYS,
        starts_on=today,
        aim=Aim(
            goal=min(100, round(start.tally.score + rise)),
            due_on=today + LENGTH,
            why=WHY,
            department=Department.SUCCESS,
            owner=members[KEEPER],
            objective=objectives.first(),
        ),
        actor=Actor("member", members[SETTER].public_id),
        now=now,
    )
