"""Many small segments: how far to believe each one's own score.

Partial pooling by a normal model of two levels: each segment's true score varies around a common
one, and each estimate is drawn towards the middle by as much as its own answers are few. How much
segments differ is not known either: all spreads are weighed by how well they explain what was seen,
from a flat prior (Gelman et al. 2013, Bayesian Data Analysis, section 5.4, formulas 5.17 to 5.21),
so that the limits hold their promise also where the spread could be anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterscore.domain import intervals
from afterscore.domain.nps import Tally

Real = NDArray[np.float64]
_SPREADS = 400  # so many are weighed
FEWEST_SEGMENTS = 3


@dataclass(frozen=True, slots=True)
class Pooled:
    """In points. `weight` is how far the segment's own answers count, 0 to 1; the limits are of
    its true score, given everything seen."""

    score: float
    low: float
    high: float
    weight: float


@dataclass(frozen=True, slots=True)
class Pool:
    """`common` is the score in the middle, `spread` the standard deviation of true scores around
    it as far as one can tell, both in points."""

    common: float
    spread: float
    segments: Mapping[str, Pooled]


def pool(tallies: Mapping[str, Tally], *, confidence: float = 0.95) -> Pool | None:
    """Segments without an answer get the common score. None with fewer than three that have one:
    a spread cannot be learned from two."""
    seen = {name: intervals.adjusted_estimate(each) for name, each in tallies.items() if each.n}
    if len(seen) < FEWEST_SEGMENTS:
        return None
    reach = intervals.quantile(confidence)
    scores = 100 * np.array([each.score for each in seen.values()])
    variances = (100 * np.array([each.standard_error for each in seen.values()])) ** 2
    spreads, chances, middles, doubts = _weigh(scores, variances)
    common = float(chances @ middles)
    segments = {}
    for name in tallies:
        estimate = seen.get(name)
        own = common if estimate is None else 100 * estimate.score
        variance = math.inf if estimate is None else (100 * estimate.standard_error) ** 2
        weights = spreads**2 / (spreads**2 + variance)
        means = middles + weights * (own - middles)
        # Of the segment itself, and of the middle to which it is drawn; then over all spreads.
        left = spreads**2 * (1 - weights) + (1 - weights) ** 2 * doubts
        score = float(chances @ means)
        margin = reach * math.sqrt(float(chances @ (left + (means - score) ** 2)))
        segments[name] = Pooled(score, score - margin, score + margin, float(chances @ weights))
    return Pool(common, float(chances @ spreads), segments)


def _weigh(scores: Real, variances: Real) -> tuple[Real, Real, Real, Real]:
    """Spreads that could be, how likely each is, and for each the common score and its variance."""
    widest = float(scores.max() - scores.min()) + 2 * math.sqrt(float(variances.mean()))
    spreads = np.linspace(0.0, widest, _SPREADS)
    precision = 1 / (variances[None, :] + spreads[:, None] ** 2)
    doubts = 1 / precision.sum(axis=1)
    middles = doubts * (precision @ scores)
    away = (scores[None, :] - middles[:, None]) ** 2
    logs = 0.5 * (np.log(doubts) + np.log(precision).sum(axis=1) - (precision * away).sum(axis=1))
    chances = np.exp(logs - logs.max())
    return spreads, chances / chances.sum(), middles, doubts
