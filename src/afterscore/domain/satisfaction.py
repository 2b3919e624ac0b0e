"""Satisfaction (CSAT) and effort (CES): secondary figures, each with its uncertainty.

CSAT is the share of the two best boxes of its scale, with Wilson's limits (Wilson 1927, Journal of
the American Statistical Association 22, p. 209-212). CES is the mean on its scale, with limits from
Student's t (1908, Biometrika 6, p. 1-25). Neither is made a net promoter score, nor the other way.
Formulas, coverage and limits: docs/algorithms/satisfaction.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from afterscore.domain import intervals
from afterscore.domain.effective import student
from afterscore.domain.scales import Scale

BEST_BOXES = 2
ADDED_AT_EACH_END = 0.75
"""Of an answer, before the limits of a mean are reckoned."""

CSAT_SCALES = (Scale.ONE_TO_FIVE, Scale.ONE_TO_SEVEN, Scale.ONE_TO_TEN, Scale.ZERO_TO_TEN)
CES_SCALES = (Scale.ONE_TO_SEVEN, Scale.ONE_TO_FIVE)

Counts = Mapping[int, int]
"""How many answers gave each number of the scale. A number that nobody gave may be left out."""


@dataclass(frozen=True, slots=True)
class Share:
    """`ratio` of the `n` are satisfied, 0 to 1, with its limits."""

    satisfied: int
    n: int
    ratio: float
    low: float
    high: float
    scale: Scale

    @property
    def boxes(self) -> tuple[int, ...]:
        """The numbers that count as satisfied."""
        return best_boxes(self.scale)


@dataclass(frozen=True, slots=True)
class Mean:
    """On `scale`, with its limits. `spread` is the standard deviation of one answer."""

    mean: float
    low: float
    high: float
    n: int
    spread: float
    scale: Scale


@dataclass(frozen=True, slots=True)
class Difference:
    """Second minus first with its limits: of shares as ratios, of means on their scale. Of means it
    is the one between the adjusted means, a little smaller than that between the plain ones."""

    difference: float
    low: float
    high: float

    @property
    def is_beyond_chance(self) -> bool:
        return self.low > 0 or self.high < 0


def best_boxes(scale: Scale) -> tuple[int, ...]:
    """The two best numbers of a scale, in ascending order."""
    return tuple(range(scale.highest - BEST_BOXES + 1, scale.highest + 1))


def csat(counts: Counts, scale: Scale, *, confidence: float = 0.95) -> Share | None:
    """The share of the satisfied. None without answers; ValueError for a number off the scale."""
    n = _checked(counts, scale, CSAT_SCALES)
    if n == 0:
        return None
    satisfied = sum(counts.get(box, 0) for box in best_boxes(scale))
    low, high = intervals.wilson(satisfied / n, n, confidence)
    return Share(satisfied, n, satisfied / n, low, high, scale)


def ces(counts: Counts, scale: Scale, *, confidence: float = 0.95) -> Mean | None:
    """The mean effort score. None without answers; ValueError for a number off the scale.

    Limits from Student's t around the mean with three quarters of an answer added at each end of
    the scale, as `intervals.adjusted_wald` adds them: without these, when nearly everybody is
    content, they hold the truth in two of three surveys instead of nineteen of twenty. They end
    where the scale does.
    """
    n = _checked(counts, scale, CES_SCALES)
    if n == 0:
        return None
    mean, variance = _moments(counts)
    centre, error = adjusted_mean(counts, scale)
    margin = reach(n, confidence) * error
    return Mean(
        mean=mean,
        low=max(scale.lowest, min(mean, centre - margin)),
        high=min(scale.highest, max(mean, centre + margin)),
        n=n,
        spread=math.sqrt(variance),
        scale=scale,
    )


def difference_of_shares(first: Share, second: Share, *, confidence: float = 0.95) -> Difference:
    """Newcombe's limits from two of Wilson's (1998, Statistics in Medicine 17, p. 873-890, method
    10). ValueError for shares on two scales, which are not alike."""
    _on_one_scale(first.scale, second.scale)
    one = intervals.wilson(first.ratio, first.n, confidence)
    two = intervals.wilson(second.ratio, second.n, confidence)
    difference = second.ratio - first.ratio
    below = math.hypot(second.ratio - two[0], one[1] - first.ratio)
    above = math.hypot(two[1] - second.ratio, first.ratio - one[0])
    return Difference(difference, difference - below, difference + above)


def difference_of_means(
    first: Counts, second: Counts, scale: Scale, *, confidence: float = 0.95
) -> Difference | None:
    """Of two efforts, with Welch's limits (1947, Biometrika 34, p. 28-35) and the added answers of
    `ces` on both sides. None where a side has fewer than two answers."""
    sizes = [_checked(counts, scale, CES_SCALES) for counts in (first, second)]
    if min(sizes) < 2:
        return None
    (one, before), (two, after) = adjusted_mean(first, scale), adjusted_mean(second, scale)
    freedom = (before**2 + after**2) ** 2 / (before**4 / (sizes[0] - 1) + after**4 / (sizes[1] - 1))
    margin = student(freedom, confidence) * math.hypot(before, after)
    return Difference(two - one, two - one - margin, two - one + margin)


def _on_one_scale(first: Scale, second: Scale) -> None:
    if first is not second:
        raise ValueError(
            f"a figure from {first.label} and one from {second.label} cannot be compared"
        )


def _checked(counts: Counts, scale: Scale, allowed: tuple[Scale, ...]) -> int:
    """How many answers there are."""
    if scale not in allowed:
        names = " or ".join(each.label for each in allowed)
        raise ValueError(f"a scale from {scale.label} is not one of {names}")
    for number, count in counts.items():
        if not scale.lowest <= number <= scale.highest:
            raise ValueError(f"{number} is not on the scale {scale.label}")
        if count < 0:
            raise ValueError("a number cannot have been given less than never")
    return sum(counts.values())


def _moments(counts: Mapping[int, float]) -> tuple[float, float]:
    """Mean and variance of one answer (divided by n - 1; 0 for a single one)."""
    n = sum(counts.values())
    mean = sum(number * count for number, count in counts.items()) / n
    squares = sum((number - mean) ** 2 * count for number, count in counts.items())
    return mean, squares / (n - 1) if n > 1 else 0.0


def adjusted_mean(counts: Counts, scale: Scale) -> tuple[float, float]:
    """The mean with the answers added, and its standard error."""
    ends = {scale.lowest: ADDED_AT_EACH_END, scale.highest: ADDED_AT_EACH_END}
    more = {number: counts.get(number, 0) + ends.get(number, 0) for number in {*counts, *ends}}
    mean, variance = _moments(more)
    return mean, math.sqrt(variance / sum(more.values()))


def reach(n: int, confidence: float = 0.95) -> float:
    """How many standard errors the limits of a mean from n answers go to either side."""
    return student(n - 1, confidence)
