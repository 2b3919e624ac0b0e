"""Targets: from where, to where, by when; and whether the answers say that one is met.

A score above the goal is not yet a goal that is met, nor one below it a goal that is missed: both
are said only when the whole interval lies on one side. Everything between is "cannot tell yet", and
then it is said how many answers would. Rules, rates and limits: docs/algorithms/targets.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import NormalDist

from afterscore.domain import intervals, nps, power
from afterscore.domain.nps import Histogram

STEP = 5.0
"""Points. Proposals are rounded to it: a goal of 43.7 claims a precision that nobody has."""

MOST_OF_THE_ROOM = 0.5
"""A next goal takes at most this part of what is left up to the top of the scale."""


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"

    @property
    def label(self) -> str:
        return {"met": "Met", "not_met": "Not met", "cannot_tell": "Cannot tell yet"}[self.value]


class Pace(StrEnum):
    """Against a straight line from the start to the goal."""

    AHEAD = "ahead"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Target:
    """To come from `start` to `goal` (in the figure's own unit) between two days; more is better.

    ValueError where the goal is no improvement, leaves the scale, or falls due before it starts.
    """

    start: float
    goal: float
    starts_on: date
    due_on: date
    lowest: float = -100.0
    highest: float = 100.0

    def __post_init__(self) -> None:
        if self.due_on <= self.starts_on:
            raise ValueError("a target falls due after the day on which it starts")
        if not self.lowest <= self.start < self.goal <= self.highest:
            raise ValueError(
                f"a target goes up, within {self.lowest:g} and {self.highest:g}: "
                f"from {self.start:g} to {self.goal:g} does not"
            )


@dataclass(frozen=True, slots=True)
class Figure:
    """Any figure with its limits, from n answers: a score, a share, a mean."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may come next; `target` is None where the reason says to hold what is reached."""

    target: Target | None
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """`is_final` once the target is due. `needed` is about how many answers in all would tell if
    the figure stays as it is; None where that is told already or no number would do."""

    verdict: Verdict
    reason: str
    figure: Figure | None
    expected: float
    pace: Pace
    is_final: bool
    needed: int | None
    proposal: Proposal | None


def judge(
    target: Target, answers: Histogram, *, today: date, confidence: float = 0.95
) -> Judgement:
    """Of a net promoter score, from the answers of the period that is to show it."""
    tally = nps.tally(answers)
    found = intervals.score_interval(tally, confidence)
    if found is None or tally.score is None:
        return judge_figure(target, None, today=today, confidence=confidence)
    figure = Figure(tally.score, found.low, found.high, tally.n)
    return judge_figure(target, figure, today=today, confidence=confidence)


def judge_figure(
    target: Target, figure: Figure | None, *, today: date, confidence: float = 0.95
) -> Judgement:
    """Of any figure whose limits were made with `confidence`; None where there are no answers."""
    verdict = _verdict(target, figure)
    expected = expected_on(target, today)
    is_final = today >= target.due_on
    needed = _needed(target, figure) if verdict is Verdict.CANNOT_TELL else None
    return Judgement(
        verdict=verdict,
        reason=_reason(target, figure, verdict=verdict, today=today, needed=needed),
        figure=figure,
        expected=expected,
        pace=_pace(expected, figure),
        is_final=is_final,
        needed=needed,
        proposal=(
            propose(target, figure, today=today, confidence=confidence)
            if verdict is Verdict.MET and figure is not None
            else None
        ),
    )


def expected_on(target: Target, day: date) -> float:
    """Where a straight line from the start to the goal stands on a day; flat outside."""
    whole = (target.due_on - target.starts_on).days
    passed = min(max((day - target.starts_on).days, 0), whole)
    return target.start + (target.goal - target.start) * passed / whole


def _verdict(target: Target, figure: Figure | None) -> Verdict:
    if figure is None:
        return Verdict.CANNOT_TELL
    if figure.low >= target.goal:
        return Verdict.MET
    return Verdict.NOT_MET if figure.high < target.goal else Verdict.CANNOT_TELL


def _pace(expected: float, figure: Figure | None) -> Pace:
    """Ahead and behind only when beyond chance; on course needs the figure itself to be there."""
    if figure is None:
        return Pace.CANNOT_TELL
    if figure.low > expected:
        return Pace.AHEAD
    if figure.high < expected:
        return Pace.BEHIND
    return Pace.ON_COURSE if figure.value >= expected else Pace.CANNOT_TELL


def _needed(target: Target, figure: Figure | None) -> int | None:
    """Limits come closer with the root of the answers: how many until the nearer one reaches.

    Three are added to those there are, as in `intervals.adjusted_wald`: with few answers the limits
    of a score are nearer than the root of their number would have them.
    """
    if figure is None or figure.value == target.goal:
        return None
    is_above = figure.value > target.goal
    reach = figure.value - figure.low if is_above else figure.high - figure.value
    needed = (figure.n + 3) * (reach / abs(figure.value - target.goal)) ** 2
    return max(figure.n + 1, math.ceil(needed)) if needed < 1e7 else None


def propose(target: Target, figure: Figure, *, today: date, confidence: float = 0.95) -> Proposal:
    """The next goal after one that is met: as far again, but no further than half of the way to
    the top, and far enough that as many answers as now will show it."""
    step = _step(target)
    start = min(max(figure.value, target.lowest), target.highest)
    room = (target.highest - start) * MOST_OF_THE_ROOM
    visible = _visible(figure, confidence)
    wished = max(target.goal - target.start, visible)
    goal = start + min(wished, room)
    goal = math.floor(goal / step + 1e-9) * step
    if goal <= start or goal - start < visible:
        return Proposal(None, _hold(figure, visible=visible, room=room))
    length = target.due_on - target.starts_on
    following = Target(start, goal, today, today + length, target.lowest, target.highest)
    return Proposal(
        following,
        f"The goal is reached. The next could be {_figure(goal)} by {_day(following.due_on)}: "
        f"{_figure(goal - start)} more than now, which {_answers(figure.n)} will show.",
    )


def _visible(figure: Figure, confidence: float) -> float:
    """The smallest rise that as many answers again will show four times in five."""
    margin = (figure.high - figure.low) / 2
    reach = intervals.quantile(confidence)
    return (reach + NormalDist().inv_cdf(power.POWER)) * math.sqrt(2) * margin / reach


def _step(target: Target) -> float:
    """Five points on the score's scale, and as fine on any other."""
    return STEP * (target.highest - target.lowest) / 200


def _hold(figure: Figure, *, visible: float, room: float) -> str:
    if room < visible:
        return (
            f"The goal is reached. Hold it: above it there is less left than {_answers(figure.n)} "
            "could show."
        )
    return "The goal is reached. Hold it: the next step is smaller than a goal should be."


def warnings(target: Target, *, answers: int, confidence: float = 0.95) -> tuple[str, ...]:
    """What to know before setting a net promoter score's target, with so many answers a period."""
    told: list[str] = []
    rise = target.goal - target.start
    visible = power.noticeable(answers, answers, confidence=confidence)
    if visible is None or rise < visible:
        needed = intervals.sample_size_for_difference(rise, confidence=confidence)
        told.append(
            f"A rise of {_figure(rise)} points will hardly show in {_answers(answers)}: it takes "
            f"about {needed:,} each time."
        )
    if rise > (target.highest - target.start) * MOST_OF_THE_ROOM:
        told.append("The goal takes more than half of the way to a score of 100.")
    return tuple(told)


def _reason(
    target: Target,
    figure: Figure | None,
    *,
    verdict: Verdict,
    today: date,
    needed: int | None,
) -> str:
    goal = _figure(target.goal)
    if figure is None:
        return f"No answers yet to hold against the goal of {goal}."
    limits = _limits(figure, target.goal)
    if verdict is Verdict.MET:
        return f"Even the lower end of {limits} reaches the goal of {goal}."
    if verdict is Verdict.NOT_MET:
        ending = _left(target, today)
        return f"Even the upper end of {limits} is below the goal of {goal}{ending}."
    seen = f"With {_answers(figure.n)} it may be anything from {limits}, and the goal is {goal}."
    if needed is None:
        return f"{seen} So close to the goal no number of answers tells soon."
    return f"{seen} If it stays at {_figure(figure.value)}, about {_rounded(needed)} will tell."


def _limits(figure: Figure, goal: float) -> str:
    """Rounded so that each still stands on its own side of the goal."""
    low = math.floor(figure.low * 10 + 1e-6) / 10
    outward = math.floor if figure.high < goal else math.ceil
    high = outward(figure.high * 10 - 1e-6) / 10
    return f"{_figure(low)} to {_figure(high)}"


def _left(target: Target, today: date) -> str:
    days = (target.due_on - today).days
    if days <= 0:
        return f", due on {_day(target.due_on)}"
    return f"; {days:,} day{'' if days == 1 else 's'} left until {_day(target.due_on)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"


def _figure(value: float) -> str:
    """At most one digit behind the point, and a real minus."""
    text = f"{abs(value):.1f}".removesuffix(".0")
    return f"−{text}" if value < 0 and text != "0" else text


def _rounded(needed: int) -> str:
    step = 10 ** max(1, len(str(needed)) - 2)
    return f"{-(-needed // step) * step:,}"
