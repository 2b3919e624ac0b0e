"""Confidence intervals for one net promoter score, and how many answers a margin takes.

All limits are in points. `score_interval` is the one to show; the others are kept for comparison
with published figures. Formulas: Rocks (2016), The American Statistician 70(4); Tango (1998),
Statistics in Medicine 17; Goodman (1964); MeasuringU for the pseudo-answers and sample sizes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

from afterscore.domain.nps import Tally

TYPICAL_VARIANCE = 0.67
"""Of one answer, where none has been given yet: MeasuringU's planning value."""

# "(3,T)" of Rocks (2016): three pseudo-answers, half of them passive.
ADDED_ANSWERS = 3.0


@dataclass(frozen=True, slots=True)
class Interval:
    """Limits in points; `confidence` between 0 and 1; `method` names the formula."""

    low: float
    high: float
    confidence: float
    method: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A score and its variance as proportions (-1 to 1), from n real and pseudo-answers."""

    score: float
    variance: float
    n: float

    @property
    def standard_error(self) -> float:
        return math.sqrt(self.variance / self.n)


def quantile(confidence: float) -> float:
    """How many standard errors a two-sided normal interval reaches; ValueError outside (0, 1)."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is a ratio between 0 and 1, not {confidence!r}")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def plain_estimate(tally: Tally) -> Estimate:
    """ValueError without answers."""
    if tally.n == 0:
        raise ValueError("nothing can be estimated from no answers")
    return Estimate((tally.promoters - tally.detractors) / tally.n, tally.variance, tally.worth)


def adjusted_estimate(tally: Tally, added: float = ADDED_ANSWERS) -> Estimate:
    """With 3/4 of a promoter, 3/4 of a detractor and 3/2 passives added to as many answers as they
    are worth; in these shares where another number is `added`."""
    n, each = tally.worth + added, tally.design_effect
    score = (tally.promoters - tally.detractors) / each / n
    extremes = ((tally.promoters + tally.detractors) / each + added / 2) / n
    return Estimate(score, extremes - score**2, n)


def score_interval(tally: Tally, confidence: float = 0.95) -> Interval | None:
    """Tango's score interval: every score that the answers do not contradict. None if n == 0.

    Stays within -100 and 100 and keeps its coverage with few or unanimous answers, where Wald's
    fails. Found by bisection to the last bit a float carries. As many answers are reckoned with as
    these are worth: counts divided by the design effect (Rao and Scott 1992).
    """
    z = quantile(confidence)
    if tally.n == 0:
        return None
    observed = (tally.promoters - tally.detractors) / tally.n

    def contradicted(score: float) -> bool:
        distance = tally.worth * abs(observed - score)
        return distance > z * math.sqrt(tally.worth * constrained_variance(tally, score))

    low = _boundary(inside=observed, outside=-1.0, is_outside=contradicted)
    high = _boundary(inside=observed, outside=1.0, is_outside=contradicted)
    return Interval(100 * low, 100 * high, confidence, "score")


def constrained_variance(tally: Tally, score: float) -> float:
    """Variance of one answer if the true score were `score`: 2q + D(1 - D).

    q is the most likely share of detractors under that condition, the positive root of
    2n q^2 + B q + C = 0 (Tango 1998).
    """
    n, detractors, promoters = tally.n, tally.detractors, tally.promoters
    linear = -detractors - promoters + (2 * n - promoters + detractors) * score
    constant = -detractors * score * (1 - score)
    root = math.sqrt(max(0.0, linear**2 - 8 * n * constant))
    # Two forms of one root: each is taken where it does not subtract nearly equal numbers.
    share = -2 * constant / (root + linear) if linear > 0 else (root - linear) / (4 * n)
    return max(0.0, 2 * share + score * (1 - score))


def _boundary(*, inside: float, outside: float, is_outside: Callable[[float], bool]) -> float:
    """The last value on the way from `inside` to `outside` that is not outside."""
    if not is_outside(outside):
        return outside
    while True:
        middle = (inside + outside) / 2
        if middle in (inside, outside):
            return inside
        if is_outside(middle):
            outside = middle
        else:
            inside = middle


def adjusted_wald(
    tally: Tally, confidence: float = 0.95, *, added: float = ADDED_ANSWERS
) -> Interval | None:
    """Wald's interval around the score with three pseudo-answers added. None if n == 0.

    With two it is Agresti and Min's (2005, Statistics in Medicine 24, p. 729-740), "(2,T)".
    Not clamped: near the ends of the scale a limit may pass -100 or 100.
    """
    reach = quantile(confidence)
    if tally.n == 0:
        return None
    return _around(adjusted_estimate(tally, added), reach, confidence, "adjusted wald")


def wald(tally: Tally, confidence: float = 0.95) -> Interval | None:
    """The textbook interval. None if n == 0.

    Not clamped: a limit may pass -100 or 100. Too narrow with few answers, and of no width at all
    when every answer agrees.
    """
    reach = quantile(confidence)
    if tally.n == 0:
        return None
    return _around(plain_estimate(tally), reach, confidence, "wald")


def goodman(tally: Tally, confidence: float = 0.95) -> Interval | None:
    """Wald's form with a chi-square quantile of two degrees of freedom (Goodman 1964).

    Holds for every contrast of the three groups at once, so it is wider than needed for the score
    alone. None if n == 0. Not clamped.
    """
    quantile(confidence)
    if tally.n == 0:
        return None
    # The chi-square quantile with two degrees of freedom has this closed form.
    reach = math.sqrt(-2 * math.log(1 - confidence))
    return _around(plain_estimate(tally), reach, confidence, "goodman")


def _around(estimate: Estimate, reach: float, confidence: float, method: str) -> Interval:
    margin = reach * estimate.standard_error
    return Interval(
        100 * (estimate.score - margin), 100 * (estimate.score + margin), confidence, method
    )


def wilson(ratio: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's limits of a proportion seen in `n` people: every one that is not contradicted.

    `n` need not be whole: a weighted ratio is worth a number of people that seldom is.
    """
    if not (0 <= ratio <= 1 and n > 0):
        raise ValueError(f"a ratio from 0 to 1 of at least some people, not {ratio!r} of {n!r}")
    z2 = quantile(confidence) ** 2
    middle = (ratio + z2 / (2 * n)) / (1 + z2 / n)
    reach = math.sqrt(z2 * (ratio * (1 - ratio) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return (max(0.0, min(ratio, middle - reach)), min(1.0, max(ratio, middle + reach)))


@dataclass(frozen=True, slots=True)
class RateDifference:
    """The later rate minus the earlier one and its standard error, both with pseudo-answers."""

    difference: float
    standard_error: float

    def limits(self, confidence: float = 0.95) -> tuple[float, float]:
        reach = quantile(confidence) * self.standard_error
        return self.difference - reach, self.difference + reach


def rate_difference(before: tuple[float, float], after: tuple[float, float]) -> RateDifference:
    """Of two rates, each how many of how many: Agresti and Caffo (2000), The American Statistician
    54(4), with one pseudo-answer of either kind added on each side. Neither number need be whole.
    """
    first, second = ((count + 1) / (n + 2) for count, n in (before, after))
    variance = first * (1 - first) / (before[1] + 2) + second * (1 - second) / (after[1] + 2)
    return RateDifference(second - first, math.sqrt(variance))


def sample_size_for_margin(
    margin_points: float,
    variance: float = TYPICAL_VARIANCE,
    confidence: float = 0.95,
    *,
    population: int | None = None,
) -> int:
    """Answers after which the interval reaches `margin_points` to either side.

    MeasuringU: n = s^2 z^2 / d^2 - 3, rounded up, at least 1. The worst case is variance 1. Of a
    `population` that is no larger than it is, fewer are enough: n / (1 + n / population).
    """
    return _answers(variance, quantile(confidence), margin_points, population=population)


def sample_size_for_difference(
    difference_points: float,
    variance: float = TYPICAL_VARIANCE,
    confidence: float = 0.95,
    power: float = 0.8,
) -> int:
    """Answers in EACH of two groups to find a true difference with probability `power`."""
    reach = quantile(confidence) + _power_quantile(power)
    return _answers(2 * variance, reach, difference_points)


def sample_size_for_benchmark(
    difference_points: float,
    variance: float = TYPICAL_VARIANCE,
    confidence: float = 0.95,
    power: float = 0.8,
) -> int:
    """Answers to show, one-sided, that a score beats a fixed figure by `difference_points`."""
    quantile(confidence)
    reach = NormalDist().inv_cdf(confidence) + _power_quantile(power)
    return _answers(variance, reach, difference_points)


def _power_quantile(power: float) -> float:
    if not 0 < power < 1:
        raise ValueError(f"power is a ratio between 0 and 1, not {power!r}")
    return NormalDist().inv_cdf(power)


def _answers(variance: float, reach: float, points: float, *, population: int | None = None) -> int:
    if points <= 0:
        raise ValueError(f"points must be above 0, not {points!r}")
    if variance < 0:
        raise ValueError(f"a variance cannot be negative: {variance!r}")
    needed = variance * reach**2 / (points / 100) ** 2 - ADDED_ANSWERS
    if population is not None:
        if population < 1:
            raise ValueError(f"a population has somebody in it, not {population!r}")
        needed /= 1 + max(0.0, needed) / population
    return max(1, math.ceil(needed))
