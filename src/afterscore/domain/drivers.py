"""Which ratings go along with the score, and how much of it each one shares.

Ratings hang together: who likes the seat likes the legroom. How much of the score's variance each
one explains is therefore told by two measures that divide R² among them without remainder:

- LMG (Lindeman, Merenda and Gold 1980; the Shapley value of R²): the average gain in R² when the
  rating is added, over all orders in which that can be done. See Grömping 2007, The American
  Statistician 61, p. 139-147.
- relative weights (Johnson 2000, Multivariate Behavioral Research 35, p. 1-19; Genizi's measure).

Both need nothing but sums and products, so a database can do the counting: `Moments` of parts add
up. Going along with is not causing; the page says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterscore.domain.effective import student

Real = NDArray[np.float64]
MOST_DRIVERS = 14
"""2 to the 14th subsets take a moment; more ratings on one survey say that it is too long."""
FEWEST_PARTS = 10
SINGULAR = 1e-10
MUCH_INFLATION = 5.0
"""Above, a rating is told to four fifths by the others and its own share hangs on little."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Of complete answers: their number, sums, and sums of products; the score stands first."""

    n: int
    sums: Real
    products: Real

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.n + other.n, self.sums + other.sums, self.products + other.products)

    def __sub__(self, other: Moments) -> Moments:
        return Moments(self.n - other.n, self.sums - other.sums, self.products - other.products)


def moments_of(rows: Real) -> Moments:
    """Of a table: one row an answer, the score in the first column, nothing missing."""
    return Moments(len(rows), rows.sum(axis=0), rows.T @ rows)


@dataclass(frozen=True, slots=True)
class Driver:
    """`lmg` and `weight` are parts of R², 0 to 1; the limits are of `lmg`, None where there were
    too few parts to tell. `slope` is the standardised coefficient beside all others; `inflation`
    how many times its variance grows because the others say the same (1 where they say nothing)."""

    name: str
    correlation: float
    slope: float
    lmg: float
    weight: float
    low: float | None = None
    high: float | None = None
    inflation: float = 1.0


@dataclass(frozen=True, slots=True)
class Drivers:
    """The most important first. `r2` is what all of them explain together."""

    n: int
    r2: float
    drivers: tuple[Driver, ...]


class Inseparable(ValueError):
    """One rating says exactly what others say, or everybody gave the same: its share is not
    defined. The message names it; `place` is its place among the ratings, 0 for the score."""

    def __init__(self, message: str, *, place: int, is_constant: bool) -> None:
        super().__init__(message)
        self.place = place
        self.is_constant = is_constant


def find(
    names: Sequence[str], parts: Sequence[Moments], *, confidence: float = 0.95
) -> Drivers | None:
    """From the moments of parts drawn at random from the same answers (one part is enough, without
    limits then). None with hardly more answers than ratings; raises Inseparable.

    Limits by the jackknife that leaves out one part at a time (Efron and Tibshirani 1993, An
    Introduction to the Bootstrap, section 11.5), with Student's quantile for so many parts.
    """
    if not 1 <= len(names) <= MOST_DRIVERS:
        raise ValueError(f"between 1 and {MOST_DRIVERS} ratings, not {len(names)}")
    whole = _total(parts)
    if whole.n < len(names) + 3:
        return None
    matrix = _correlations(whole, names)
    shares, weights = lmg(matrix), relative_weights(matrix)
    errors = _errors(whole, parts, names)
    slopes = np.linalg.solve(matrix[1:, 1:], matrix[1:, 0])
    inflations = np.diag(np.linalg.inv(matrix[1:, 1:]))
    reach = student(len(parts) - 1, confidence) if errors is not None else 0.0
    found = [
        Driver(
            name=name,
            correlation=float(matrix[0, place + 1]),
            slope=float(slopes[place]),
            lmg=float(shares[place]),
            weight=float(weights[place]),
            low=None if errors is None else max(0.0, float(shares[place] - reach * errors[place])),
            high=None if errors is None else min(1.0, float(shares[place] + reach * errors[place])),
            inflation=float(inflations[place]),
        )
        for place, name in enumerate(names)
    ]
    found.sort(key=lambda driver: (-driver.lmg, driver.name))
    return Drivers(whole.n, float(shares.sum()), tuple(found))


def _total(parts: Sequence[Moments]) -> Moments:
    first, *others = parts
    return sum(others, first)


def _correlations(moments: Moments, names: Sequence[str]) -> Real:
    means = moments.sums / moments.n
    covariances = moments.products / moments.n - np.outer(means, means)
    variances = np.diag(covariances)
    for place, name in enumerate(("the score", *names)):
        if variances[place] <= SINGULAR * max(1.0, means[place] ** 2):
            text = f"Everybody gave the same answer for {name}."
            raise Inseparable(text, place=place, is_constant=True)
    scale = np.sqrt(variances)
    matrix: Real = covariances / np.outer(scale, scale)
    for place, name in enumerate(names, 1):
        others = list(range(1, place))
        if others and 1 - _explained(matrix, place, others) < SINGULAR:
            text = f"{name} says exactly what the ratings before it say. Leave it out."
            raise Inseparable(text, place=place, is_constant=False)
    return matrix


def _explained(matrix: Real, outcome: int, predictors: Sequence[int]) -> float:
    """R² of one column by some others."""
    if not predictors:
        return 0.0
    own = matrix[np.ix_(predictors, predictors)]
    with_outcome = matrix[list(predictors), outcome]
    return float(with_outcome @ np.linalg.solve(own, with_outcome))


def lmg(matrix: Real) -> Real:
    """Each predictor's average gain in R²; `matrix` holds correlations, the outcome first."""
    count = len(matrix) - 1
    explained = [
        _explained(matrix, 0, [place + 1 for place in range(count) if subset >> place & 1])
        for subset in range(1 << count)
    ]
    # How often a set of that size stands before one more predictor, among all orders.
    weight = [
        math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count)
        for size in range(count)
    ]
    shares = np.zeros(count)
    for subset in range(1 << count):
        for place in range(count):
            if not subset >> place & 1:
                gain = explained[subset | 1 << place] - explained[subset]
                shares[place] += weight[subset.bit_count()] * gain
    return shares


def relative_weights(matrix: Real) -> Real:
    """Johnson's; `matrix` holds correlations, the outcome first."""
    values, vectors = np.linalg.eigh(matrix[1:, 1:])
    root = vectors @ np.diag(np.sqrt(np.maximum(values, 0.0))) @ vectors.T
    slopes = np.linalg.solve(root, matrix[1:, 0])
    result: Real = (root**2) @ (slopes**2)
    return result


def _errors(whole: Moments, parts: Sequence[Moments], names: Sequence[str]) -> Real | None:
    """Standard errors of the LMG shares; None with too few parts."""
    used = [part for part in parts if part.n]
    if len(used) < FEWEST_PARTS:
        return None
    left_out = []
    for part in used:
        rest = whole - part
        if rest.n < len(names) + 3:
            return None
        left_out.append(lmg(_correlations(rest, names)))
    values = np.array(left_out)
    away = values - values.mean(axis=0)
    errors: Real = np.sqrt((len(used) - 1) / len(used) * (away**2).sum(axis=0))
    return errors
