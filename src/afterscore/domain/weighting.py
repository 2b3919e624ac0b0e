"""Scores of everybody, from the answers of some: weights that bring segments to their true size.

Raking (iterative proportional fitting; Deming and Stephan 1940, Annals of Mathematical Statistics
11, p. 427-444): weights are scaled to each known total in turn until all of them hold. What that
costs is said by the effective number of answers (domain/effective.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterscore.domain import effective
from afterscore.domain.nps import Tally

Real = NDArray[np.float64]

ROUNDS = 200
CLOSE = 1e-9
MOST_WEIGHT = 5.0
"""Of one answer, against the average: what would need more stands for too many by itself."""

Cell = tuple[str, ...]
"""A value of each margin, such as ("enterprise", "EMEA")."""


@dataclass(frozen=True, slots=True)
class Raked:
    """`weights` by cell, 1 on average over the answers. `missing` are values of the population of
    whom nobody answered; nothing can stand for them. `trimmed` cells would have needed more than
    `MOST_WEIGHT`; with them or with missing values the totals are not met exactly."""

    weights: Mapping[Cell, float]
    missing: tuple[tuple[int, str], ...]
    trimmed: tuple[Cell, ...]
    is_settled: bool


@dataclass(frozen=True, slots=True)
class WeightedScore:
    """In points. `n` answers count as much as `effective_n` unweighted ones would."""

    score: float
    low: float
    high: float
    n: int
    effective_n: float


def rake(answers: Mapping[Cell, int], population: Sequence[Mapping[str, float]]) -> Raked:
    """`population` gives, for each margin in the order of the cells, how many of each value there
    are. ValueError where an answer's value is in no population, or nobody answered."""
    total = sum(answers.values())
    if total == 0:
        raise ValueError("nobody answered")
    shares, missing = _shares(answers, population)
    weights = dict.fromkeys((cell for cell, n in answers.items() if n), 1.0)
    settled = False
    for _ in range(ROUNDS):
        change = max(
            _scale(weights, answers, margin=margin, wanted=wanted)
            for margin, wanted in enumerate(shares)
        )
        if change < CLOSE:
            settled = True
            break
    trimmed = tuple(sorted(cell for cell, weight in weights.items() if weight > MOST_WEIGHT))
    if trimmed:
        weights = _trim(weights, answers, total)
    return Raked(weights, missing, trimmed, settled)


def _shares(
    answers: Mapping[Cell, int], population: Sequence[Mapping[str, float]]
) -> tuple[list[dict[str, float]], tuple[tuple[int, str], ...]]:
    """Each margin's shares among the values somebody answered for."""
    shares, missing = [], []
    for margin, sizes in enumerate(population):
        seen = {cell[margin] for cell, n in answers.items() if n}
        unknown = {value for value in seen if sizes.get(value, 0) <= 0}
        if unknown:
            raise ValueError(f"{min(unknown)!r} answered but is not in the population")
        missing += [
            (margin, value) for value in sorted(sizes) if value not in seen and sizes[value]
        ]
        known = sum(sizes[value] for value in seen)
        shares.append({value: sizes[value] / known for value in seen})
    return shares, tuple(missing)


def _scale(
    weights: dict[Cell, float],
    answers: Mapping[Cell, int],
    *,
    margin: int,
    wanted: Mapping[str, float],
) -> float:
    """Brings one margin to its shares; returns the largest change of a factor from 1."""
    total = sum(answers.values())
    sums = dict.fromkeys(wanted, 0.0)
    for cell, weight in weights.items():
        sums[cell[margin]] += weight * answers[cell]
    factors = {value: wanted[value] * total / sums[value] for value in wanted}
    for cell in weights:
        weights[cell] *= factors[cell[margin]]
    return max(abs(factor - 1) for factor in factors.values())


def _trim(
    weights: Mapping[Cell, float], answers: Mapping[Cell, int], total: int
) -> dict[Cell, float]:
    cut = {cell: min(weight, MOST_WEIGHT) for cell, weight in weights.items()}
    scale = total / sum(cut[cell] * answers[cell] for cell in cut)
    return {cell: weight * scale for cell, weight in cut.items()}


def weighted_score(
    tallies: Mapping[Cell, Tally],
    raked: Raked,
    *,
    accounts: Sequence[Mapping[Cell, Tally]] = (),
    confidence: float = 0.95,
) -> WeightedScore | None:
    """The score with these weights. None without answers.

    Its variance is that of what the margins do not explain (linearisation of a calibrated mean:
    Deville and Sarndal 1992, Journal of the American Statistical Association 87, p. 376-382): if
    enterprise customers are happier, it no longer matters how many of them happened to answer.
    Trimmed weights do not meet the margins, so nothing is taken off for them. `accounts` are the
    same answers by account, where people of one are not to be taken for independent.
    """
    cells = [cell for cell in sorted(tallies) if tallies[cell].n]
    if not cells:
        return None
    weights = np.array([raked.weights[cell] for cell in cells])
    counts, balance, extremes = _columns(tallies, cells)
    total, n = float(weights @ counts), float(counts.sum())
    score, squares = float(weights @ balance) / total, float(weights @ extremes) / total
    expected, parameters = np.full(len(cells), score), 1
    if not raked.trimmed:
        expected, parameters = _explained(cells, weights * counts, balance / counts)
    if accounts:
        pulls = _pulls_of(accounts, cells, weights, expected)
        variance, units = float(pulls @ pulls) / total**2, float(pulls.size)
    else:
        # The sum of (answer - expected)^2 within each cell, from its counts.
        residuals = extremes - 2 * expected * balance + expected**2 * counts
        variance, units = float(weights**2 @ residuals) / total**2, n
    freedom = max(units - parameters, 1.0)
    worth = effective.answers(
        squares - score**2,
        variance * units / freedom,
        most=n,
        freedom=freedom,
        confidence=confidence,
    )
    low, high = effective.limits(score, squares, worth, confidence=confidence)
    return WeightedScore(100 * score, low, high, int(n), worth)


def _columns(tallies: Mapping[Cell, Tally], cells: Sequence[Cell]) -> tuple[Real, Real, Real]:
    """Answers, promoters minus detractors, and promoters plus detractors of each cell."""
    rows = [tallies[cell] for cell in cells]
    return (
        np.array([each.n for each in rows], dtype=float),
        np.array([each.promoters - each.detractors for each in rows], dtype=float),
        np.array([each.promoters + each.detractors for each in rows], dtype=float),
    )


def _pulls_of(
    accounts: Sequence[Mapping[Cell, Tally]],
    cells: Sequence[Cell],
    weights: Real,
    expected: Real,
) -> Real:
    """What each account with answers adds to the weighted sum beyond what is expected of it."""
    weight = dict(zip(cells, weights.tolist(), strict=True))
    usual = dict(zip(cells, expected.tolist(), strict=True))
    return np.array(
        [
            sum(
                weight[cell] * (each.promoters - each.detractors - usual[cell] * each.n)
                for cell, each in account.items()
                if each.n
            )
            for account in accounts
            if any(each.n for each in account.values())
        ]
    )


def _explained(cells: Sequence[Cell], weights: Real, means: Real) -> tuple[Real, int]:
    """What the margins together expect of each cell (weighted least squares on their values), and
    how many independent parameters that takes."""
    columns = sorted({(margin, value) for cell in cells for margin, value in enumerate(cell)})
    design = np.array(
        [[float(cell[margin] == value) for margin, value in columns] for cell in cells]
    ).reshape(len(cells), len(columns))
    root = np.sqrt(weights)
    found, _, rank, _ = np.linalg.lstsq(design * root[:, None], means * root, rcond=None)
    return design @ found, int(rank)
