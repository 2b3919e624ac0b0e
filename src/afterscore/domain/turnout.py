"""How many answer, and how long they take: what is believed before a wave and learned during it.

The share that answers follows a Beta distribution for each segment. Earlier waves of the program
shape the belief but weigh no more than a few dozen people, so that the wave's own answers soon
decide. See docs/algorithms/drip.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]

ASSUMED_RATIO = 0.25
"""Where a program has no earlier wave to learn from. Usual rates lie between 10 and 40 %."""

ASSUMED_WEIGHT = 8
"""People that the assumption counts for."""

MOST_WEIGHT = 40
"""People that all earlier waves together count for, at most, in each segment."""

CURVE_DAYS = 45
OWN_CURVE = (0.50, 0.12, 0.10, 0.05, 0.05, 0.05, 0.05, *(0.08 / 7,) * 7)
"""When answers to one message come, by days since it: half on the day itself."""

TOUCH_SHARES = ((1.0,), (0.6, 0.4), (0.5, 0.3, 0.2))
"""Which share of all answers the invitation and each reminder bring, by number of reminders."""

CURVE_WEIGHT = 20
"""Answers that the assumed curve counts for beside observed ones."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """People who answered, of those who have had the time to; both may be parts of people."""

    answered: float = 0.0
    reached: float = 0.0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(self.answered + other.answered, self.reached + other.reached)


@dataclass(frozen=True, slots=True)
class Belief:
    """A Beta distribution of the share that answers."""

    yes: float
    no: float

    @property
    def weight(self) -> float:
        return self.yes + self.no

    @property
    def ratio(self) -> float:
        return self.yes / self.weight

    @property
    def variance(self) -> float:
        return self.yes * self.no / (self.weight**2 * (self.weight + 1))

    def learn(self, evidence: Evidence) -> Belief:
        silent = max(0.0, evidence.reached - evidence.answered)
        return Belief(self.yes + evidence.answered, self.no + silent)


ASSUMPTION = Belief(ASSUMED_RATIO * ASSUMED_WEIGHT, (1 - ASSUMED_RATIO) * ASSUMED_WEIGHT)


def believe(
    segments: Iterable[str],
    *,
    earlier: Mapping[str, Evidence],
    current: Mapping[str, Evidence],
) -> dict[str, Belief]:
    """For each segment: the program's usual rate, bent towards the segment's own, then what this
    wave has shown."""
    pooled = ASSUMPTION.learn(sum(earlier.values(), Evidence()))
    usual = _weighing(pooled, MOST_WEIGHT)
    return {
        segment: _weighing(usual.learn(earlier.get(segment, Evidence())), MOST_WEIGHT).learn(
            current.get(segment, Evidence())
        )
        for segment in segments
    }


def _weighing(belief: Belief, most: float) -> Belief:
    factor = min(1.0, most / belief.weight)
    return Belief(belief.yes * factor, belief.no * factor)


def assumed_curve(*, reminders: int, gap_days: int) -> Real:
    """The share of all answers that come so many days after the invitation; adds up to 1."""
    curve = np.zeros(CURVE_DAYS)
    for step, share in enumerate(TOUCH_SHARES[reminders]):
        for day, part in enumerate(OWN_CURVE):
            curve[min(step * gap_days + day, CURVE_DAYS - 1)] += share * part
    return curve


def learned_curve(assumed: Real, delays: Sequence[int]) -> Real:
    """`delays` counts the answers seen, by days after the invitation."""
    counts = np.zeros(CURVE_DAYS)
    for day, count in enumerate(delays):
        counts[min(day, CURVE_DAYS - 1)] += count
    learned: Real = (CURVE_WEIGHT * assumed + counts) / (CURVE_WEIGHT + counts.sum())
    return learned
