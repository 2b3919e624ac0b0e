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

BEYOND_DOUBT = 0.999
"""Confidence with which a target is called reached before it is due. Whoever looks each day gives
chance many tries; the looks before the last one are therefore held to a stricter rule (Haybittle
1971, Peto 1976), and the last one keeps the usual one."""

TEMPLATE_POINTS, TEMPLATE_DAYS = 15.0, 182
"""Fifteen points within six months: a claim that goes round, and nobody's promise."""

MOST_OF_THE_ROOM = 0.5
"""A next goal takes at most this part of what is left up to the top of the scale."""

MOST_TIMES = 100
"""As many answers as there are. That still more would tell is of no use to anybody."""


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
class Suggestion:
    """A goal to choose from. `shows` is whether as many answers as usual can tell such a rise from
    none; None where it is not known how many are usual."""

    name: str
    goal: float
    days: int
    shows: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What so many answers, of which one has this variance, would have to say: from which score on
    they call a goal met, and below which they call it not met. Between the two they cannot tell."""

    answers: int
    met_from: float
    not_met_below: float
    variance: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """`is_final` once the target is due. `needed` is about how many answers in all would tell if
    the figure stays as it is; None where that is told already, or where it takes more than
    `MOST_TIMES` as many as there are."""

    verdict: Verdict
    reason: str
    figure: Figure | None
    expected: float
    pace: Pace
    is_final: bool
    needed: int | None
    proposal: Proposal | None


def judge(
    target: Target,
    answers: Histogram,
    *,
    today: date,
    design_effect: float = 1.0,
    confidence: float = 0.95,
) -> Judgement:
    """Of a net promoter score, from the answers of the period that is to show it; so many of them
    as `design_effect` are worth one independent one."""
    tally = nps.tally(answers, design_effect=design_effect)
    found = intervals.score_interval(tally, confidence)
    if found is None or tally.score is None:
        return judge_figure(target, None, today=today, confidence=confidence)
    figure = Figure(tally.score, found.low, found.high, tally.n)
    return judge_figure(target, figure, today=today, confidence=confidence)


def is_reached(
    target: Target, answers: Histogram, *, today: date, design_effect: float = 1.0
) -> bool:
    """Whether it may be celebrated: as `judge` has it once the due day is over, before that only
    beyond doubt."""
    confidence = 0.95 if today > target.due_on else BEYOND_DOUBT
    found = judge(target, answers, today=today, design_effect=design_effect, confidence=confidence)
    return found.verdict is Verdict.MET


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
    return max(figure.n + 1, math.ceil(needed)) if needed <= MOST_TIMES * figure.n else None


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
        f"The goal is reached. The next could be {write(goal)} by {write_day(following.due_on)}: "
        f"{write(goal - start)} more than now, which {_answers(figure.n)} will show.",
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


def thresholds(
    goal: float, answers: int, *, variance: float | None = None, confidence: float = 0.95
) -> Thresholds | None:
    """Of a net promoter score; None without answers. About: the true limits of a score also depend
    on what the answers are. `variance` of one answer, as it was until now."""
    if answers <= 0:
        return None
    each = intervals.TYPICAL_VARIANCE if variance is None else variance
    reach = 100 * intervals.quantile(confidence) * math.sqrt(each / (answers + 3))
    return Thresholds(answers, goal + reach, goal - reach, each)


def suggest(start: float, answers: int) -> tuple[Suggestion, ...]:
    """Goals for a net promoter score that gets so many answers a period; the modest one first."""
    visible = power.noticeable(answers, answers)
    found: list[Suggestion] = []
    if visible is not None and (modest := _rounded_up(start + visible)) <= 100:
        found.append(
            Suggestion(
                name="The smallest that will show",
                goal=modest,
                days=TEMPLATE_DAYS,
                shows=True,
                note=f"With {_answers(answers)} each time, a rise of {write(math.ceil(visible))} "
                "points or more is noticed four times in five.",
            )
        )
    template = round(start + TEMPLATE_POINTS)
    if template <= 100:
        shows = None if visible is None else visible <= TEMPLATE_POINTS
        found.append(
            Suggestion(
                "Fifteen points in six months", template, TEMPLATE_DAYS, shows, _claim(shows=shows)
            )
        )
    return tuple(found)


def _claim(*, shows: bool | None) -> str:
    told = "A claim that goes round, not a promise: there is no evidence that it is usual."
    if shows is False:
        return f"{told} Here it would hardly show in the answers that usually come."
    return told


def _rounded_up(value: float) -> float:
    return math.ceil(value / STEP - 1e-9) * STEP


def warnings(target: Target, *, answers: int, confidence: float = 0.95) -> tuple[str, ...]:
    """What to know before setting a net promoter score's target, with so many answers a period."""
    told: list[str] = []
    rise = target.goal - target.start
    visible = power.noticeable(answers, answers, confidence=confidence)
    if visible is None or rise < visible:
        needed = intervals.sample_size_for_difference(rise, confidence=confidence)
        told.append(
            f"A rise of {write(rise)} points will hardly show in {_answers(answers)}: it takes "
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
    goal = write(target.goal)
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
    return f"{seen} If it stays at {write(figure.value)}, about {_rounded(needed)} will tell."


def _limits(figure: Figure, goal: float) -> str:
    """Rounded so that each still stands on its own side of the goal."""
    low = math.floor(figure.low * 10 + 1e-6) / 10
    outward = math.floor if figure.high < goal else math.ceil
    high = outward(figure.high * 10 - 1e-6) / 10
    return f"{write(low)} to {write(high)}"


def _left(target: Target, today: date) -> str:
    days = (target.due_on - today).days
    if days <= 0:
        return f", due on {write_day(target.due_on)}"
    return f"; {days:,} day{'' if days == 1 else 's'} left until {write_day(target.due_on)}"


def write_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"


def write(value: float) -> str:
    """At most one digit behind the point, and a real minus."""
    text = f"{abs(value):.1f}".removesuffix(".0")
    return f"−{text}" if value < 0 and text != "0" else text


def _rounded(needed: int) -> str:
    step = 10 ** max(1, len(str(needed)) - 2)
    return f"{-(-needed // step) * step:,}"
