"""Whether a score went one way through all periods, which no single step need show.

A straight line through the scores of the periods, each with the weight of its answers, and the
test of its slope (Armitage 1955, Biometrics 11, p. 375-386, for scores in place of shares). Where
the periods lie further from the line than chance puts them, as seasons do, the variance grows by as
much and Student's quantile takes the place of the normal one (McCullagh and Nelder 1989,
Generalized Linear Models, section 4.5). See docs/algorithms/trends.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from afterscore.domain import effective, intervals, trends
from afterscore.domain.compare import Change
from afterscore.domain.nps import Tally

FEWEST_PERIODS = 4
"""Through three a line is drawn soon, and how far they scatter is hardly seen."""
ADDED, THEIR_VARIANCE = 3, 2 / 3
"""One answer of each group, as `intervals.adjusted_wald` adds them: periods in which everybody
agrees are not beyond doubt."""


@dataclass(frozen=True, slots=True)
class Tendency:
    """By how many points the line is higher in the last period than in the first, with limits.

    What it comes from: the slope `moment / spread` times `length`, all in the unit of the instants;
    `variance` of one answer within periods, in points squared; `excess` is how many times further
    the periods lie from the line than chance puts them, on so many degrees of `freedom`;
    `quantile` is how many standard errors the limits reach.
    """

    difference: float
    low: float
    high: float
    moment: float
    spread: float
    length: float
    variance: float
    excess: float
    freedom: int
    quantile: float

    @property
    def change(self) -> Change:
        if self.low > 0:
            return Change.RISE
        return Change.FALL if self.high < 0 else Change.NOISE

    @property
    def sentence(self) -> str:
        limits = trends.limits_words(self.low, self.high)
        if self.change is Change.NOISE:
            return f"Over the whole time a straight line shows no real change ({limits})."
        moves = "rises" if self.change is Change.RISE else "falls"
        size = trends.points_words(self.difference)
        return f"Over the whole time a straight line {moves} by {size} ({limits}): a real change."


class _Period(NamedTuple):
    at: float
    worth: float
    score: float
    variance: float


def through(periods: Sequence[tuple[float, Tally]], *, confidence: float = 0.95) -> Tendency | None:
    """Of periods at these instants, in any unit; those without answers are left out. None where
    fewer than four have any, or all are of one instant."""
    told = [
        _Period(at, tally.worth, tally.score, tally.variance)
        for at, tally in periods
        if tally.score is not None
    ]
    if len(told) < FEWEST_PERIODS:
        return None
    worth = _sum(told, lambda each: 1.0)
    middle = _sum(told, lambda each: each.at) / worth
    mean = _sum(told, lambda each: each.score) / worth
    spread = _sum(told, lambda each: (each.at - middle) ** 2)
    if not spread:
        return None
    moment = _sum(told, lambda each: (each.at - middle) * each.score)
    slope = moment / spread
    variance = 100**2 * (
        (_sum(told, lambda each: each.variance) + ADDED * THEIR_VARIANCE) / (worth + ADDED)
    )
    scatter = _sum(told, lambda each: (each.score - mean - slope * (each.at - middle)) ** 2)
    freedom = len(told) - 2
    excess = scatter / variance / freedom
    quantile = (
        effective.student(freedom, confidence) if excess > 1 else intervals.quantile(confidence)
    )
    length = max(each.at for each in told) - min(each.at for each in told)
    difference = slope * length
    reach = quantile * math.sqrt(variance * max(1.0, excess) / spread) * length
    return Tendency(
        difference, difference - reach, difference + reach, moment=moment, spread=spread,
        length=length, variance=variance, excess=excess, freedom=freedom, quantile=quantile,
    )  # fmt: skip


def _sum(periods: Sequence[_Period], value: Callable[[_Period], float]) -> float:
    return math.fsum(each.worth * value(each) for each in periods)
