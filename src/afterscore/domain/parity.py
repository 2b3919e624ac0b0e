"""Does everybody get the same care? Shares of closed loops, one part of the customers beside the
rest. See docs/algorithms/loop-ledger.md.

The interval of each difference is Newcombe's; those of all parts hold together (Bonferroni), so
that a fair desk is accused of nothing more than once in twenty looks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import TypeVar

from afterscore.domain import experiments, intervals
from afterscore.domain.experiments import Arm, Difference, Trial

SHORTFALL = 0.05
"""So much less often is neglect; less than that may be real and is still no reason for an alarm."""

TOLERANCE = 0.1
"""Where so large a shortfall can be ruled out, care is called even."""

MINIMUM_PART = 20
"""Loops on either side, before anything is said."""

POWER = 0.8
Name = TypeVar("Name")


class Care(StrEnum):
    """What may be said of one part beside the rest."""

    EVEN = "even"
    FAVOURED = "favoured"
    NEGLECTED = "neglected"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True, slots=True)
class Part:
    """`own` and `rest`: loops, and how many of them are closed. `needed` is about how many loops
    of its own the part takes for a verdict, None where it has them or the rest is too small."""

    care: Care
    own: Arm
    rest: Arm
    difference: Difference | None = None
    needed: int | None = None


def confidence_of_each(looks: int, confidence: float = 0.95) -> float:
    """Of one look among so many, for all of them to hold together."""
    if looks < 1:
        raise ValueError(f"one looks at one part at least, not at {looks!r}")
    return 1 - (1 - confidence) / looks


def compare(parts: Mapping[Name, Arm], *, looks: int, confidence: float = 0.95) -> dict[Name, Part]:
    """Each part beside all others together. `looks` is how many parts are looked at on the page in
    all, which makes each interval as much wider."""
    each = confidence_of_each(looks, confidence)
    whole = sum(parts.values(), experiments.NOBODY)
    return {name: _judge(own, _without(whole, own), each) for name, own in parts.items()}


def _without(whole: Arm, own: Arm) -> Arm:
    return Arm(whole.people - own.people, whole.events - own.events)


def _judge(own: Arm, rest: Arm, confidence: float) -> Part:
    found = experiments.difference([Trial(own, rest)], confidence)
    if found is None or min(own.people, rest.people) < MINIMUM_PART:
        return Part(Care.NOT_ENOUGH, own, rest, found, _needed(own, rest, confidence))
    if found.high < 0 and found.difference <= -SHORTFALL:
        return Part(Care.NEGLECTED, own, rest, found)
    if found.low > 0 and found.difference >= SHORTFALL:
        return Part(Care.FAVOURED, own, rest, found)
    if found.low > -TOLERANCE:
        return Part(Care.EVEN, own, rest, found)
    return Part(Care.NOT_ENOUGH, own, rest, found, _needed(own, rest, confidence))


def _needed(own: Arm, rest: Arm, confidence: float) -> int | None:
    """About how many it takes to notice a shortfall of `TOLERANCE`, with a probability of 80 %."""
    if rest.people < MINIMUM_PART:
        return None
    usual = (rest.events + 1) / (rest.people + 2)
    short = max(usual - TOLERANCE, 0.0)
    reach = intervals.quantile(confidence) + NormalDist().inv_cdf(POWER)
    left = (TOLERANCE / reach) ** 2 - usual * (1 - usual) / rest.people
    if left <= 0:
        return None
    needed = max(MINIMUM_PART, math.ceil(short * (1 - short) / left))
    return needed if needed > own.people else None
