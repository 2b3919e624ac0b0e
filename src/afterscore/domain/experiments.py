"""What a message brings, told from an experiment: some people, drawn by lot, did not get it.

Both arms are compared from the moment at which the message was due, by intention to treat: who was
to get it counts as treated, whatever became of the mail. The interval of the difference is
Newcombe's (1998, Statistics in Medicine 17, 873-890, method 10: Wilson's limits, squared and
added). Several waves are pooled within waves, with Mantel and Haenszel's weights, so that two waves
with different hold-outs and different people do not pass for an effect.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from afterscore.domain import intervals
from afterscore.domain.effects import MINIMUM_WAITING, WORTHWHILE_RATIO, Effect

MINIMUM_ARM = MINIMUM_WAITING
"""People in each arm, before anything is said."""

PLANNING_LIFT = 0.1
"""A message that works well: ten more answers from a hundred silent people."""

PLANNING_RATIO = 0.05
"""Answers that come without it, where too few people were held out to know."""

POWER = 0.8


@dataclass(frozen=True, slots=True)
class Arm:
    """`people` of one arm, and to how many of them it happened."""

    people: int
    events: int

    def __post_init__(self) -> None:
        if not 0 <= self.events <= self.people:
            raise ValueError("it may have happened to nobody, or to everybody, but to no more")

    @property
    def ratio(self) -> float | None:
        return self.events / self.people if self.people else None

    def __add__(self, other: Arm) -> Arm:
        return Arm(self.people + other.people, self.events + other.events)


NOBODY = Arm(0, 0)


@dataclass(frozen=True, slots=True)
class Trial:
    """One wave's lot."""

    treated: Arm
    held_out: Arm

    @property
    def weight(self) -> float:
        """Mantel and Haenszel's; 0 where an arm is empty, for such a wave compares nothing."""
        people = self.treated.people + self.held_out.people
        return self.treated.people * self.held_out.people / people if people else 0.0


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more often it happened to the treated: ratios, from -1 to 1."""

    difference: float
    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What may be said; `needed` is about how many people it takes, where it is not enough yet.

    From these `trials`, with `hold_out` for people who will be drawn.
    """

    verdict: Effect
    treated: Arm
    held_out: Arm
    difference: Difference | None = None
    needed: int | None = None
    trials: tuple[Trial, ...] = ()
    hold_out: float = 0.0

    @property
    def people(self) -> int:
        return self.treated.people + self.held_out.people

    @property
    def gained(self) -> float | None:
        """About how many events among the treated would not have happened without it."""
        return self.difference.difference * self.treated.people if self.difference else None


def difference(trials: Sequence[Trial], confidence: float = 0.95) -> Difference | None:
    """Treated minus held out, pooled over waves; None where no wave has people in both arms."""
    usable = [trial for trial in trials if trial.weight]
    total = sum(trial.weight for trial in usable)
    if not total:
        return None
    shares = [trial.weight / total for trial in usable]
    treated, held_out = (
        _limits(arms, shares, confidence)
        for arms in ([each.treated for each in usable], [each.held_out for each in usable])
    )
    found = treated.ratio - held_out.ratio
    below = math.hypot(treated.ratio - treated.low, held_out.high - held_out.ratio)
    above = math.hypot(treated.high - treated.ratio, held_out.ratio - held_out.low)
    return Difference(found, max(-1.0, found - below), min(1.0, found + above), confidence)


@dataclass(frozen=True, slots=True)
class _Limits:
    ratio: float
    low: float
    high: float


def _limits(arms: Sequence[Arm], shares: Sequence[float], confidence: float) -> _Limits:
    """Wilson's, around the weighted ratio, as if from as many people as vary as little."""
    ratio = sum(s * arm.events / arm.people for s, arm in zip(shares, arms, strict=True))
    people = 1 / sum(share**2 / arm.people for share, arm in zip(shares, arms, strict=True))
    found = intervals.wilson(ratio, people, confidence)
    return _Limits(ratio, *found)


def find(
    trials: Sequence[Trial],
    *,
    hold_out: float,
    confidence: float = 0.95,
    minimum: int = MINIMUM_ARM,
) -> Finding:
    """The verdict over some waves. WORKED if the interval lies above 0, DID_NOT if it rules a
    worthwhile gain out, and with fewer than `minimum` people in either arm NOT_ENOUGH.

    `hold_out` is the ratio with which further people would be drawn; it decides how many it takes.
    """
    treated = sum((trial.treated for trial in trials), NOBODY)
    held_out = sum((trial.held_out for trial in trials), NOBODY)
    found = difference(trials, confidence)
    verdict = _judge(found, min(treated.people, held_out.people), minimum)
    needed = None
    if verdict is Effect.NOT_ENOUGH and 0 < hold_out < 1:
        needed = people_needed(hold_out=hold_out, base=base_of(held_out), confidence=confidence)
    return Finding(verdict, treated, held_out, found, needed, tuple(trials), hold_out)


def _judge(found: Difference | None, smaller: int, minimum: int) -> Effect:
    if found is None or smaller < minimum:
        return Effect.NOT_ENOUGH
    if found.low > 0:
        return Effect.WORKED
    return Effect.DID_NOT if found.high < WORTHWHILE_RATIO else Effect.NOT_ENOUGH


def base_of(held_out: Arm) -> float:
    """How often it happens without the message, for planning."""
    if held_out.people < MINIMUM_ARM:
        return PLANNING_RATIO
    return (held_out.events + 1) / (held_out.people + 2)


def people_needed(
    *,
    hold_out: float,
    base: float = PLANNING_RATIO,
    lift: float = PLANNING_LIFT,
    confidence: float = 0.95,
    power: float = POWER,
) -> int:
    """People in both arms together, to show a lift of this size with probability `power`.

    The usual two-sample formula for arms of different size, and at least enough for the minimum in
    each arm. An effect that is half as large takes about four times as many.
    """
    if not 0 < hold_out < 1:
        raise ValueError(f"a hold-out lies between 0 and 1, not {hold_out!r}")
    if lift <= 0:
        raise ValueError(f"a lift is above 0, not {lift!r}")
    reached = min(base + lift, 1.0)
    reach = intervals.quantile(confidence) + NormalDist().inv_cdf(power)
    spread = reached * (1 - reached) / (1 - hold_out) + base * (1 - base) / hold_out
    needed = reach**2 * spread / lift**2
    return math.ceil(max(needed, MINIMUM_ARM / min(hold_out, 1 - hold_out)))
