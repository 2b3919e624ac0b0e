"""Two scores: how far apart, how sure, and whether it is a change at all.

Statistic and pseudo-answers: Rocks (2016), The American Statistician 70(4), and MeasuringU, "How
to statistically compare two Net Promoter Scores".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

from afterscore.domain import intervals
from afterscore.domain.nps import Tally

MINIMUM_ANSWERS = 10
"""On each side, before anything is said about a change."""

WORTHWHILE_POINTS = 15.0
"""A change one would act on. Where one could still hide in the noise, nothing is called noise."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Second score minus first, in points, with its interval; `p_value` is two-sided."""

    difference: float
    standard_error: float
    low: float
    high: float
    p_value: float

    @property
    def margin(self) -> float:
        return (self.high - self.low) / 2


class Change(StrEnum):
    """What may be said of the way from one score to the next."""

    NOISE = "noise"
    RISE = "rise"
    FALL = "fall"
    NOT_ENOUGH = "not_enough"


def compare(
    first: Tally,
    second: Tally,
    confidence: float = 0.95,
    adjusted: bool = True,  # noqa: FBT001, FBT002 - always named by callers
) -> Comparison | None:
    """The difference second minus first of two independent groups; None if either is empty.

    `adjusted` adds three pseudo-answers to each group, which keeps the test honest with few
    answers; the difference is then the one between the adjusted scores.
    """
    reach = intervals.quantile(confidence)
    if first.n == 0 or second.n == 0:
        return None
    estimate = intervals.adjusted_estimate if adjusted else intervals.plain_estimate
    before, after = estimate(first), estimate(second)
    difference = 100 * (after.score - before.score)
    standard_error = 100 * math.hypot(before.standard_error, after.standard_error)
    margin = reach * standard_error
    return Comparison(
        difference=difference,
        standard_error=standard_error,
        low=difference - margin,
        high=difference + margin,
        p_value=p_value_of(difference, standard_error),
    )


def apart(first: Tally, second: Tally) -> float:
    """Second score minus first as both are shown, from unrounded ones; 0 where either is empty.
    This is the number that is told; the interval beside it is that of the adjusted difference."""
    return (second.score or 0.0) - (first.score or 0.0) if first.n and second.n else 0.0


def p_value_of(difference: float, standard_error: float) -> float:
    """Two-sided, from the normal distribution; without any spread, 1 for equal and 0 for not."""
    if standard_error == 0:
        return 1.0 if difference == 0 else 0.0
    return 2 * NormalDist().cdf(-abs(difference) / standard_error)


def verdict(
    first: Tally,
    second: Tally,
    *,
    confidence: float = 0.95,
    worthwhile_points: float = WORTHWHILE_POINTS,
) -> Change:
    """What may be said of the change from first to second.

    RISE or FALL if the interval of the difference leaves 0 out. NOISE only if the interval is
    narrow enough (no wider than `worthwhile_points` to either side) that a change worth acting on
    would have shown; otherwise, and below ten answers on either side, NOT_ENOUGH.
    """
    comparison = compare(first, second, confidence)
    if comparison is None or min(first.n, second.n) < MINIMUM_ANSWERS:
        return Change.NOT_ENOUGH
    if comparison.low > 0:
        return Change.RISE
    if comparison.high < 0:
        return Change.FALL
    return Change.NOISE if comparison.margin <= worthwhile_points else Change.NOT_ENOUGH


def answers_needed(
    first: Tally,
    second: Tally,
    *,
    confidence: float = 0.95,
    worthwhile_points: float = WORTHWHILE_POINTS,
) -> int | None:
    """About how many answers the second group needs for a verdict other than NOT_ENOUGH.

    None if no number would do, because the first group is too small. The second group's variance
    is taken from its answers so far.
    """
    if first.n < MINIMUM_ANSWERS:
        return None
    before, after = intervals.adjusted_estimate(first), intervals.adjusted_estimate(second)
    allowed = (worthwhile_points / 100 / intervals.quantile(confidence)) ** 2
    left = allowed - before.standard_error**2
    if left <= 0:
        return None
    added = after.n - second.worth
    # Of answers like these, of which it takes `design_effect` for one that is independent.
    return max(MINIMUM_ANSWERS, math.ceil((after.variance / left - added) * second.design_effect))
