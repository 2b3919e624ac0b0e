"""Whose score it is: of all answers, of accounts with one voice each, by revenue, by persona.

A company with forty users has forty answers, and one that pays a thousand times as much may have
one. Neither is wrong; they are scores of different things, and stand side by side. People of one
account also think alike, so forty answers of it tell less than forty of forty accounts: limits are
reckoned from accounts (Liang and Zeger 1986, Biometrika 73, p. 13-22; design effect: Kish 1965,
Survey Sampling, section 8.2). Formulas and limits: docs/algorithms/voices.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterscore.domain import effective, intervals
from afterscore.domain.nps import Tally

Real = NDArray[np.float64]

FEWEST_ACCOUNTS = 10
"""With answers, before limits are told that allow for accounts."""

LARGE_SHARE = 0.2
"""From this part of all weight on, one account is named as carrying the score."""


@dataclass(frozen=True, slots=True)
class Voiced:
    """In points. Limits are None with fewer than ten accounts: between so few nobody can tell how
    much they differ. `largest` is the part of all weight that the heaviest account has."""

    score: float
    low: float | None
    high: float | None
    answers: int
    accounts: int
    effective_n: float
    largest: float

    @property
    def hangs_on_one(self) -> bool:
        return self.largest >= LARGE_SHARE


@dataclass(frozen=True, slots=True)
class Gap:
    """The score of all answers minus that of accounts, in points, with its limits."""

    difference: float
    low: float
    high: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Blend:
    """In points. `silent` are the groups that have a weight and no answer: the others share it."""

    score: float
    low: float
    high: float
    answers: int
    silent: tuple[str, ...]


def by_answers(accounts: Sequence[Tally], *, confidence: float = 0.95) -> Voiced | None:
    """Each answer counts once; limits allow for people of one account being alike. None without
    answers."""
    sizes, balances, extremes = _sums(accounts)
    if not sizes.size:
        return None
    n = float(sizes.sum())
    score, squares = float(balances.sum()) / n, float(extremes.sum()) / n
    variance = _scaled(float(((balances - score * sizes) ** 2).sum()) / n**2, sizes.size)
    return _voiced((score, squares, variance), sizes, weights=sizes, most=n, confidence=confidence)


def by_accounts(accounts: Sequence[Tally], *, confidence: float = 0.95) -> Voiced | None:
    """Each account counts once, with the mean of its answers. None without answers."""
    return _weighted(accounts, None, confidence)


def by_revenue(
    accounts: Sequence[tuple[Tally, float]], *, confidence: float = 0.95
) -> Voiced | None:
    """Each account counts by its revenue, with the mean of its answers. Those without revenue do
    not count; None where nobody has both."""
    paying = [(tally, revenue) for tally, revenue in accounts if tally.n and revenue > 0]
    weights = np.array([revenue for _, revenue in paying], dtype=float)
    return _weighted([tally for tally, _ in paying], weights, confidence)


def _weighted(accounts: Sequence[Tally], weights: Real | None, confidence: float) -> Voiced | None:
    sizes, balances, _ = _sums(accounts)
    if not sizes.size:
        return None
    weights = np.ones(sizes.size) if weights is None else weights
    voices, total = balances / sizes, float(weights.sum())
    score, squares = float(weights @ voices) / total, float(weights @ voices**2) / total
    spread = float(weights**2 @ (voices - score) ** 2) / total**2
    kish = total**2 / float(weights @ weights)
    return _voiced(
        (score, squares, _scaled(spread, sizes.size)),
        sizes,
        weights=weights,
        most=kish,
        confidence=confidence,
    )


def _sums(accounts: Sequence[Tally]) -> tuple[Real, Real, Real]:
    """Answers, promoters minus detractors, and promoters plus detractors of each that answered."""
    rows = [(t.n, t.promoters - t.detractors, t.promoters + t.detractors) for t in accounts if t.n]
    columns = np.array(rows, dtype=float).reshape(len(rows), 3)
    return columns[:, 0], columns[:, 1], columns[:, 2]


def _scaled(variance: float, clusters: int) -> float:
    """As the variance of few clusters is too small by nature; no variance at all from one."""
    return variance * clusters / (clusters - 1) if clusters > 1 else 0.0


def _voiced(
    moments: tuple[float, float, float],
    sizes: Real,
    *,
    weights: Real,
    most: float,
    confidence: float,
) -> Voiced:
    score, squares, variance = moments
    total = float(weights.sum())
    # So many independent differences the variance rests on: fewer where few accounts weigh most.
    freedom = total**2 / float(weights @ weights) - 1
    worth = effective.answers(
        squares - score**2, variance, most=most, freedom=freedom, confidence=confidence
    )
    low, high = effective.limits(score, squares, worth, confidence=confidence)
    is_told = sizes.size >= FEWEST_ACCOUNTS
    return Voiced(
        score=100 * score,
        low=low if is_told else None,
        high=high if is_told else None,
        answers=int(sizes.sum()),
        accounts=int(sizes.size),
        effective_n=worth,
        largest=float(weights.max()) / total,
    )


def gap(accounts: Sequence[Tally], *, confidence: float = 0.95) -> Gap | None:
    """How far answers and accounts are apart; the two come from the same people, so their limits
    cannot be held against each other. None with fewer than ten accounts."""
    sizes, balances, _ = _sums(accounts)
    if sizes.size < FEWEST_ACCOUNTS:
        return None
    answers, count = float(sizes.sum()), sizes.size
    voices = balances / sizes
    by_answer, by_account = float(balances.sum()) / answers, float(voices.mean())
    pull = (balances - by_answer * sizes) / answers - (voices - by_account) / count
    reach = intervals.quantile(confidence) * math.sqrt(_scaled(float(pull @ pull), count))
    difference = by_answer - by_account
    low, high = 100 * (difference - reach), 100 * (difference + reach)
    return Gap(100 * difference, low, high, _gap_sentence(low, high))


def _gap_sentence(low: float, high: float) -> str:
    if low > 0:
        return "Accounts with many answers are happier: one voice each gives a lower score."
    if high < 0:
        return "Accounts with many answers are unhappier: one voice each gives a higher score."
    return "One voice for each account gives no other score than chance explains."


def by_group(
    groups: Mapping[str, Tally], weights: Mapping[str, float], *, confidence: float = 0.95
) -> Blend | None:
    """The mean of groups' scores, such as personas', with weights that somebody has set. None where
    no group with a weight has answers; ValueError for a weight below 0.

    Limits from each group's own (Zou and Donner 2008, Statistics in Medicine 27, p. 1693-1702).
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight cannot be negative")
    wanted = {name: weight for name, weight in weights.items() if weight > 0}
    heard = {name: groups[name] for name in wanted if name in groups and groups[name].n}
    total = sum(wanted[name] for name in heard)
    if not heard:
        return None
    score = below = above = 0.0
    for name, tally in heard.items():
        share, own = wanted[name] / total, tally.score or 0.0
        found = intervals.score_interval(tally, confidence)
        if found is not None:
            below += (share * (own - found.low)) ** 2
            above += (share * (found.high - own)) ** 2
        score += share * own
    return Blend(
        score=score,
        low=max(-100.0, score - math.sqrt(below)),
        high=min(100.0, score + math.sqrt(above)),
        answers=sum(tally.n for tally in heard.values()),
        silent=tuple(sorted(set(wanted) - set(heard))),
    )
