"""Scores of everybody, from the answers of some: weights that bring segments to their true size.

Raking (iterative proportional fitting; Deming and Stephan 1940, Annals of Mathematical Statistics
11, p. 427-444): weights are scaled to each known total in turn until all of them hold. What that
costs is said by the effective number of answers (Kish 1965, Survey Sampling, p. 425-433).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from afterscore.domain import intervals
from afterscore.domain.nps import Tally

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
    tallies: Mapping[Cell, Tally], weights: Mapping[Cell, float], *, confidence: float = 0.95
) -> WeightedScore | None:
    """The score with these weights, its interval from the effective number of answers. None
    without answers."""
    n = sum(tally.n for tally in tallies.values())
    if n == 0:
        return None
    total = sum(weights[cell] * tally.n for cell, tally in tallies.items() if tally.n)
    squares = sum(weights[cell] ** 2 * tally.n for cell, tally in tallies.items() if tally.n)
    up = sum(weights[cell] * tally.promoters for cell, tally in tallies.items() if tally.n) / total
    down = (
        sum(weights[cell] * tally.detractors for cell, tally in tallies.items() if tally.n) / total
    )
    effective = total**2 / squares
    extremes = (effective * (up + down) + 1.5) / (effective + 3)
    centre = effective * (up - down) / (effective + 3)
    error = math.sqrt((extremes - centre**2) / (effective + 3))
    reach = intervals.quantile(confidence) * error
    return WeightedScore(
        score=100 * (up - down),
        low=max(-100.0, 100 * (centre - reach)),
        high=min(100.0, 100 * (centre + reach)),
        n=n,
        effective_n=effective,
    )
