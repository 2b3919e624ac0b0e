"""A workspace with targets in every state, and a benchmark beside the score."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from afterscore.domain.benchmarks import Draft, Method
from afterscore.insights.models import Target
from afterscore.insights.operations import aiming, comparing
from tests.insights.test_targets import answers, by, set_target
from tests.people import People


@dataclass(frozen=True)
class Goals:
    running: Target
    met: Target
    missed: Target


def write_down(people: People, *, now: datetime) -> Goals:
    """As they stand `now`, four months after they were set."""
    began = now - timedelta(days=120)
    first = began.date()
    due = first + timedelta(days=182)
    relationship = answers(people, [10] * 40 + [8] * 40 + [2] * 20, at=began - timedelta(days=20))
    onboarding = answers(
        people, [10] * 30 + [8] * 40 + [2] * 30, at=began - timedelta(days=9), program="onboarding"
    )
    why = "A second answer within one working day, and a rota for open tickets."
    at: dict[str, Any] = {"starts_on": first, "now": began}
    running = set_target(people, program=relationship, goal=35, due_on=due, why=why, **at)
    met = set_target(people, program=onboarding, goal=20, due_on=due, **at)
    missed = set_target(people, goal=90, due_on=first + timedelta(days=60), owner=None, **at)
    for day, promoters in ((15, 24), (45, 26), (75, 30), (105, 32)):
        given = [10] * promoters + [8] * 20 + [2] * 11
        answers(people, given, at=began + timedelta(days=day))
    answers(people, [10] * 180 + [8] * 60, at=began + timedelta(days=100), program="onboarding")
    aiming.change_target(
        target=running,
        aim=aiming.Aim(goal=40, due_on=due, owner=people.ana, why=why),
        actor=by(people.max),
        now=began + timedelta(days=30),
    )
    aiming.judge_targets(now=now)
    _publish(people, now)
    for target in (running, met, missed):
        target.refresh_from_db()
    return Goals(running, met, missed)


def _publish(people: People, now: datetime) -> None:
    comparing.save_benchmark(
        workspace=people.workspace,
        draft=Draft(
            score=31,
            source="Association of Harbour Software, yearly survey (an example)",
            n=90,
            collected_on=date(2024, 9, 30),
            method=Method.PANEL,
            audience="users of 14 products in Ireland and the United Kingdom",
        ),
        link="https://benchmarks.example/harbour-2024",
        actor=by(people.max),
        now=now,
    )
