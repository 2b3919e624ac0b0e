"""Targets as they stand: what the answers say of each, and how it came there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from afterscore.domain import events, intervals, nps, targets
from afterscore.domain.nps import Histogram, Tally
from afterscore.domain.targets import Judgement, Suggestion, Thresholds
from afterscore.insights import analyses
from afterscore.insights.analyses import Condition, Question
from afterscore.insights.models import Target
from afterscore.insights.queries import measuring
from afterscore.insights.queries.measuring import Days, Window
from afterscore.journal import queries as journal
from afterscore.journal.models import Fact
from afterscore.kit.errors import NotFound
from afterscore.programs.models import Program
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

USUAL_DAYS = 90
DAYS = (30, 60, 90, 180, 365)
POINTS = 12
"""At most so many on the way; each is a look at the answers of the days before it."""

ENOUGH_FOR_A_VARIANCE = 30
"""Below so many answers a usual variance says more than theirs."""


@dataclass(frozen=True, slots=True)
class Point:
    """What the answers said on a day of the way."""

    on: date
    tally: Tally
    interval: intervals.Interval | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One target today. `window` is which answers speak for it, `points` the way until now."""

    target: Target
    aim: targets.Target
    window: Window
    histogram: Histogram
    tally: Tally
    judgement: Judgement
    points: tuple[Point, ...]
    thresholds: Thresholds | None


@dataclass(frozen=True, slots=True)
class Start:
    """What a target would begin with, and which goals are in reach of so many answers."""

    window: Window
    tally: Tally
    interval: intervals.Interval | None
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """The goal or the day was moved while the target ran."""

    at: datetime
    was: tuple[float, date]
    now: tuple[float, date]


def list_targets(*, workspace: Workspace) -> QuerySet[Target]:
    """Those that run first, by the day on which they are due; then the latest ended."""
    return (
        Target.objects.filter(workspace=workspace)
        .select_related("workspace", "program", "owner__user", "objective", "follows")
        .order_by("-outcome", "due_on", "id")
    )


def list_running(*, workspace: Workspace) -> list[Target]:
    return list(list_targets(workspace=workspace).filter(outcome="").order_by("due_on", "id"))


def list_ended(*, workspace: Workspace) -> list[Target]:
    """The latest first."""
    return list(list_targets(workspace=workspace).exclude(outcome="").order_by("-ended_at", "-id"))


def get_target(*, workspace: Workspace, public_id: str) -> Target:
    try:
        return list_targets(workspace=workspace).get(public_id=public_id)
    except Target.DoesNotExist as error:
        raise NotFound("There is no such target.") from error


def find_next(*, target: Target) -> Target | None:
    """The target with which the bar was raised."""
    return Target.objects.filter(workspace=target.workspace_id, follows=target).last()


def programs_of(program: Program | None) -> list[Program] | None:
    """As the counts take them: None for all."""
    return None if program is None else [program]


def conditions_of(target: Target) -> tuple[Condition, ...]:
    return tuple(
        Condition(each["dimension"], each["operator"], tuple(each["values"]))
        for each in target.conditions
    )


def aim_of(target: Target) -> targets.Target:
    return targets.Target(target.start, target.goal, target.starts_on, target.due_on)


def stand(*, target: Target, now: datetime) -> Standing:
    """Of a target that has ended, as it stood on its last day."""
    workspace = target.workspace
    today = _last_day(target, now)
    days = measuring.count_days(
        workspace=workspace,
        programs=programs_of(target.program),
        window=Window(target.starts_on, today),
        conditions=conditions_of(target),
        now=now,
    )
    window = window_on(target, today)
    effect = measuring.design_effect(
        workspace=workspace,
        programs=programs_of(target.program),
        window=window,
        conditions=conditions_of(target),
        now=now,
    )
    histogram = measuring.add_up(days, window)
    aim = aim_of(target)
    tally = nps.tally(histogram, design_effect=effect)
    return Standing(
        target=target,
        aim=aim,
        window=window,
        histogram=histogram,
        tally=tally,
        judgement=targets.judge(aim, histogram, today=today, design_effect=effect),
        points=tuple(_points(target, days, today, effect)),
        thresholds=targets.thresholds(
            target.goal,
            max(tally.n, target.start_answers),
            variance=effect * tally.variance if tally.n >= ENOUGH_FOR_A_VARIANCE else None,
        ),
    )


def window_on(target: Target, day: date) -> Window:
    """The answers that speak for it on a day: of the last so many days, none from before it
    began."""
    first = max(target.starts_on, day - timedelta(days=target.days - 1))
    return Window(min(first, day), day)


def _last_day(target: Target, now: datetime) -> date:
    today = measuring.today_of(target.workspace, now)
    if target.ended_at is not None:
        today = measuring.today_of(target.workspace, target.ended_at)
    return max(min(today, target.due_on), target.starts_on)


def _points(target: Target, days: Days, today: date, effect: float) -> Iterator[Point]:
    """Each with the design effect of today's answers."""
    whole = (target.due_on - target.starts_on).days
    step = timedelta(days=max(7, -(-whole // POINTS)))
    day = target.starts_on + step
    while day < today:
        yield _point(target, days, day, effect)
        day += step
    if today > target.starts_on:
        yield _point(target, days, today, effect)


def _point(target: Target, days: Days, day: date, effect: float) -> Point:
    counted = measuring.add_up(days, window_on(target, day))
    tally = nps.tally(counted, design_effect=effect)
    return Point(day, tally, intervals.score_interval(tally))


def is_reached(*, standing: Standing, now: datetime) -> bool:
    """Whether it may be called met for good, and be celebrated."""
    today = measuring.today_of(standing.target.workspace, now)
    return targets.is_reached(
        standing.aim, standing.histogram, today=today, design_effect=standing.tally.design_effect
    )


def is_over(*, target: Target, now: datetime) -> bool:
    return measuring.today_of(target.workspace, now) > target.due_on


def measure_start(
    *,
    workspace: Workspace,
    program: Program | None,
    days: int,
    starts_on: date,
    now: datetime,
    conditions: Sequence[Condition] = (),
) -> Start:
    """From the answers of so many days before it begins."""
    window = Window(starts_on - timedelta(days=days), starts_on - timedelta(days=1))
    counted = measuring.count_days(
        workspace=workspace,
        programs=programs_of(program),
        window=window,
        conditions=conditions,
        now=now,
    )
    effect = measuring.design_effect(
        workspace=workspace,
        programs=programs_of(program),
        window=window,
        conditions=conditions,
        now=now,
    )
    tally = nps.tally(measuring.add_up(counted, window), design_effect=effect)
    suggestions = () if tally.score is None else targets.suggest(tally.score, tally.n)
    return Start(window, tally, intervals.score_interval(tally), suggestions)


def list_changes(*, target: Target) -> list[Change]:
    """The oldest first."""
    facts = journal.list_facts(workspace=target.workspace, subjects=[target.public_id])
    found = [_change(fact) for fact in facts.filter(name=events.TargetChanged.name)]
    return [change for change in reversed(found) if change.was != change.now]


def _change(fact: Fact) -> Change:
    was, now = fact.payload["was"], fact.payload["now"]
    return Change(
        at=fact.occurred_at,
        was=(was[0], date.fromisoformat(was[1])),
        now=(now[0], date.fromisoformat(now[1])),
    )


def question_of(target: Target, window: Window) -> Question:
    """The answers that are counted for a target in these days."""
    programs = programs_of(target.program)
    return measuring.question_of(programs, window, conditions_of(target))


def start_window(target: Target) -> Window:
    """The days from whose answers it starts."""
    first = target.starts_on - timedelta(days=target.days)
    return Window(first, target.starts_on - timedelta(days=1))


def list_behind_target(
    *, standing: Standing, limit: int, after: Response | None = None
) -> list[Response]:
    """The answers that are counted, newest first; from below one of them on."""
    return analyses.list_answers(
        workspace=standing.target.workspace,
        question=question_of(standing.target, standing.window),
        limit=limit,
        after=after,
    )
