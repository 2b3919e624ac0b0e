"""How many people speak of a theme, and whether that has changed.

The rate is people, not answers or mentions: of everybody who answered, how many raised it at least
once. Interval: Wilson. Change: the difference of two rates with Agresti and Caffo's interval
(2000), told apart from chance by Holm's procedure (1979) over all themes at once, since among
twenty themes one would otherwise seem to change every time by luck. Both are reckoned from as many
people as these are worth, since people of one account think alike (domain/alike.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import TypeVar

from afterscore.domain import families, intervals
from afterscore.domain.health import Rate

Key = TypeVar("Key", bound=Hashable)

MINIMUM_PEOPLE = 20
"""Who answered, in each period, before a rate is ranked or anything is said of a change."""

WORTHWHILE_RATIO = 0.05
"""A change one would act on, five of a hundred people: where one could hide, none is denied."""


class Change(StrEnum):
    MORE = "more"
    FEWER = "fewer"
    SAME = "same"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True, slots=True)
class Shift:
    """The later rate minus the earlier one, with its interval; `p_value` is two-sided."""

    difference: float
    low: float
    high: float
    p_value: float


def is_enough(rate: Rate) -> bool:
    return rate.n >= MINIMUM_PEOPLE


def shift(before: Rate, after: Rate, confidence: float = 0.95) -> Shift:
    """From counts divided by the design effect of each (Rao and Scott 1992)."""
    found = intervals.rate_difference(counted(before), counted(after))
    p_value = 2 * NormalDist().cdf(-abs(found.difference) / found.standard_error)
    return Shift(found.difference, *found.limits(confidence), p_value)


def counted(rate: Rate) -> tuple[float, float]:
    """How many of how many, in independent people."""
    return rate.count / rate.design_effect, rate.worth


def changes(rates: Mapping[Key, tuple[Rate, Rate]], confidence: float = 0.95) -> dict[Key, Change]:
    """What may be said of each theme, before and after, when all are looked at together.

    MORE or FEWER where Holm's procedure leaves no more than the usual chance of even one mistake;
    SAME where the interval rules a worthwhile change out; else NOT_ENOUGH.
    """
    judged = {key: pair for key, pair in rates.items() if all(map(is_enough, pair))}
    shifts = {key: shift(*pair, confidence) for key, pair in judged.items()}
    chances = families.adjusted([found.p_value for found in shifts.values()])
    real = {key for key, chance in zip(shifts, chances, strict=True) if chance <= 1 - confidence}
    return {
        key: _say(shifts[key], is_real=key in real) if key in shifts else Change.NOT_ENOUGH
        for key in rates
    }


def _say(found: Shift, *, is_real: bool) -> Change:
    if is_real:
        return Change.MORE if found.difference > 0 else Change.FEWER
    rules_out = found.low > -WORTHWHILE_RATIO and found.high < WORTHWHILE_RATIO
    return Change.SAME if rules_out else Change.NOT_ENOUGH
