"""Whether two things go together: correlations, tables of counts, odds, and a logistic slope.

Textbook measures, from sums and counts. Formulas, sources and limits: docs/algorithms/leaving.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from afterscore.domain import intervals

Real = NDArray[np.float64]
ROUNDS = 50
CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Association:
    """Pearson's chi-square of a table of counts, and Cramer's V from 0 (none) to 1."""

    chi_square: float
    freedom: int
    p_value: float
    strength: float


@dataclass(frozen=True, slots=True)
class Odds:
    """How many times the odds; limits are Woolf's (1955), None where a cell is empty."""

    ratio: float
    low: float
    high: float
    risk_ratio: float


@dataclass(frozen=True, slots=True)
class Slope:
    """By how much the log odds change for each unit; the odds themselves are `odds` times that.
    `start` is where they stand at the value 0."""

    start: float
    slope: float
    standard_error: float
    p_value: float
    odds: float
    low: float
    high: float

    @property
    def is_beyond_chance(self) -> bool:
        return not self.low <= 1 <= self.high


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's r. None where one of them never varies."""
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if one.size != two.size:
        raise ValueError("a correlation is one of pairs")
    if one.size < 2 or np.ptp(one) == 0 or np.ptp(two) == 0:
        return None
    one, two = one - one.mean(), two - two.mean()
    return float(one @ two / math.sqrt(float(one @ one) * float(two @ two)))


def association(table: Sequence[Sequence[int]]) -> Association | None:
    """Of two kinds of groups, by how many are in both. None where only one row or column has
    anybody: there is nothing to go together."""
    counts = np.asarray(table, dtype=float)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape, default=0) < 2:
        return None
    n = float(counts.sum())
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    chi_square = float(((counts - expected) ** 2 / expected).sum())
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    from scipy import special

    chance = float(special.chdtrc(freedom, chi_square))
    return Association(
        chi_square, freedom, chance, math.sqrt(chi_square / (n * (min(counts.shape) - 1)))
    )


def odds(
    exposed: tuple[int, int], others: tuple[int, int], *, confidence: float = 0.95
) -> Odds | None:
    """Each side as (left, stayed). None where any of the four is 0: no limits can be reckoned."""
    (a, b), (c, d) = exposed, others
    if min(a, b, c, d) <= 0:
        return None
    ratio = a * d / (b * c)
    reach = intervals.quantile(confidence) * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    risk = (a / (a + b)) / (c / (c + d))
    return Odds(ratio, ratio * math.exp(-reach), ratio * math.exp(reach), risk)


def logistic(people: Mapping[float, tuple[int, int]], *, confidence: float = 0.95) -> Slope | None:
    """From how many left and stayed at each value. None where the values part the two completely:
    then any slope is too small, and none has a standard error (Albert and Anderson 1984,
    Biometrika 71, p. 1-10)."""
    values = sorted(value for value, (left, stayed) in people.items() if left + stayed)
    if _are_parted(people, values):
        return None
    x = np.array(values, dtype=float)
    left = np.array([people[value][0] for value in values], dtype=float)
    n = left + np.array([people[value][1] for value in values], dtype=float)
    middle = float(n @ x) / float(n.sum())
    design = np.column_stack([np.ones(x.size), x - middle])
    found = np.array([math.log(left.sum() / (n.sum() - left.sum())), 0.0])
    information = _information(design, n, found)
    for _ in range(ROUNDS):
        gradient = design.T @ (left - n / (1 + np.exp(-design @ found)))
        step = np.linalg.solve(information, gradient)
        # A full step may lead beyond the top of the likelihood; half of it, as often as needed.
        while _likelihood(design, left, n, found + step) < _likelihood(design, left, n, found):
            step = step / 2
            if float(np.abs(step).max()) < CLOSE:
                break
        found = found + step
        information = _information(design, n, found)
        if float(np.abs(step).max()) < CLOSE:
            break
    slope, error = float(found[1]), math.sqrt(float(np.linalg.inv(information)[1, 1]))
    reach = intervals.quantile(confidence) * error
    return Slope(
        start=float(found[0]) - slope * middle,
        slope=slope,
        standard_error=error,
        p_value=2 * NormalDist().cdf(-abs(slope) / error),
        odds=math.exp(slope),
        low=math.exp(slope - reach),
        high=math.exp(slope + reach),
    )


def _information(design: Real, n: Real, found: Real) -> Real:
    ratio = 1 / (1 + np.exp(-design @ found))
    return design.T @ (design * (n * ratio * (1 - ratio))[:, None])


def _likelihood(design: Real, left: Real, n: Real, found: Real) -> float:
    """Its logarithm, without overflow."""
    line = design @ found
    return float(left @ line - n @ np.logaddexp(0.0, line))


def _are_parted(people: Mapping[float, tuple[int, int]], values: Sequence[float]) -> bool:
    """Whether all who left lie on one side of all who stayed, a shared value at most between."""
    left = [value for value in values if people[value][0]]
    stayed = [value for value in values if people[value][1]]
    if not left or not stayed:
        return True
    return max(left) <= min(stayed) or max(stayed) <= min(left)
