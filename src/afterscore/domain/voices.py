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
from afterscore.domain.alike import Sums
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


def sums_of(accounts: Sequence[Tally]) -> Sums:
    heard = [(t.n, t.promoters - t.detractors, t.promoters + t.detractors) for t in accounts if t.n]
    return Sums(
        answers=sum(n for n, _, _ in heard),
        balance=sum(b for _, b, _ in heard),
        extremes=sum(e for _, _, e in heard),
        squared_answers=sum(n * n for n, _, _ in heard),
        squared_balances=sum(b * b for _, b, _ in heard),
        products=sum(n * b for n, b, _ in heard),
        accounts=len(heard),
        largest=max((n for n, _, _ in heard), default=0),
    )


def by_answers(accounts: Sequence[Tally], *, confidence: float = 0.95) -> Voiced | None:
    """Each answer counts once; limits allow for people of one account being alike. None without
    answers."""
    return from_sums(sums_of(accounts), confidence=confidence)


def from_sums(sums: Sums, *, confidence: float = 0.95) -> Voiced | None:
    """`by_answers`, from sums. None without answers."""
    n, balance = sums.answers, sums.balance
    if n == 0:
        return None
    return _voiced(
        score=balance / n,
        squares=sums.extremes / n,
        variance=_scaled(sums.residual / n**4, sums.accounts),
        most=n,
        freedom=n * n / sums.squared_answers - 1,
        counted=(n, sums.accounts),
        largest=sums.largest / n,
        confidence=confidence,
    )


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
    sizes, balances = _sums(accounts)
    if not sizes.size:
        return None
    weights = np.ones(sizes.size) if weights is None else weights
    voices, total = balances / sizes, float(weights.sum())
    score, squares = float(weights @ voices) / total, float(weights @ voices**2) / total
    spread = float(weights**2 @ (voices - score) ** 2) / total**2
    kish = total**2 / float(weights @ weights)
    return _voiced(
        score=score,
        squares=squares,
        variance=_scaled(spread, sizes.size),
        most=kish,
        freedom=kish - 1,
        counted=(int(sizes.sum()), sizes.size),
        largest=float(weights.max()) / total,
        confidence=confidence,
    )


def _sums(accounts: Sequence[Tally]) -> tuple[Real, Real]:
    """Answers, and promoters minus detractors, of each that answered."""
    rows = [(each.n, each.promoters - each.detractors) for each in accounts if each.n]
    columns = np.array(rows, dtype=float).reshape(len(rows), 2)
    return columns[:, 0], columns[:, 1]


def _scaled(variance: float, clusters: int) -> float:
    """As the variance of few clusters is too small by nature; no variance at all from one."""
    return variance * clusters / (clusters - 1) if clusters > 1 else 0.0


def _voiced(
    *,
    score: float,
    squares: float,
    variance: float,
    most: float,
    freedom: float,
    counted: tuple[int, int],
    largest: float,
    confidence: float,
) -> Voiced:
    """`freedom` is how many independent differences the variance rests on: fewer where few accounts
    weigh most."""
    worth = effective.answers(
        squares - score**2, variance, most=most, freedom=freedom, confidence=confidence
    )
    low, high = effective.limits(score, squares, worth, confidence=confidence)
    answers, accounts = counted
    is_told = accounts >= FEWEST_ACCOUNTS
    return Voiced(
        score=100 * score,
        low=low if is_told else None,
        high=high if is_told else None,
        answers=answers,
        accounts=accounts,
        effective_n=worth,
        largest=largest,
    )


def gap(accounts: Sequence[Tally], *, confidence: float = 0.95) -> Gap | None:
    """How far answers and accounts are apart; the two come from the same people, so their limits
    cannot be held against each other. None with fewer than ten accounts."""
    sizes, balances = _sums(accounts)
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


@dataclass(frozen=True, slots=True)
class Difference:
    """Second score of all answers minus the first, in points, with its limits."""

    difference: float
    low: float
    high: float

    @property
    def is_beyond_chance(self) -> bool:
        return self.low > 0 or self.high < 0


def difference(
    first: Sequence[Tally], second: Sequence[Tally], *, confidence: float = 0.95
) -> Difference | None:
    """Of two waves or two segments; the same place in both is the same account, so that one which
    answered twice is not taken for two. None with fewer than ten accounts on either side.

    ValueError unless both have a place for each account.
    """
    if len(first) != len(second):
        raise ValueError("both sides list the same accounts, also those that did not answer")
    one, two = _pulls(first), _pulls(second)
    if min(one.accounts, two.accounts) < FEWEST_ACCOUNTS:
        return None
    pull = two.pulls - one.pulls
    taking_part = int(np.count_nonzero(one.heard | two.heard))
    error = math.sqrt(_scaled(float(pull @ pull), taking_part))
    reach = effective.student(min(one.freedom, two.freedom), confidence) * error
    found = two.score - one.score
    return Difference(100 * found, 100 * (found - reach), 100 * (found + reach))


@dataclass(frozen=True, slots=True)
class _Pulls:
    """What each account adds to the chance error of a score, as a proportion."""

    score: float
    pulls: Real
    heard: NDArray[np.bool_]
    freedom: float

    @property
    def accounts(self) -> int:
        return int(np.count_nonzero(self.heard))


def _pulls(accounts: Sequence[Tally]) -> _Pulls:
    sizes = np.array([each.n for each in accounts], dtype=float)
    balances = np.array([each.promoters - each.detractors for each in accounts], dtype=float)
    n = float(sizes.sum())
    if n == 0:
        return _Pulls(0.0, sizes, sizes > 0, 0.0)
    score = float(balances.sum()) / n
    freedom = n * n / float(sizes @ sizes) - 1
    return _Pulls(score, (balances - score * sizes) / n, sizes > 0, freedom)


def _gap_sentence(low: float, high: float) -> str:
    if low > 0:
        return "Accounts with many answers are happier: one voice each gives a lower score."
    if high < 0:
        return "Accounts with many answers are unhappier: one voice each gives a higher score."
    return "One voice for each account gives no other score than chance explains."


def by_group(
    groups: Mapping[str, Tally],
    weights: Mapping[str, float],
    *,
    accounts: Sequence[Mapping[str, Tally]] = (),
    confidence: float = 0.95,
) -> Blend | None:
    """The mean of groups' scores, such as personas', with weights that somebody has set. None where
    no group with a weight has answers; ValueError for a weight below 0.

    Limits from each group's own (Zou and Donner 2008, Statistics in Medicine 27, p. 1693-1702);
    wider by the design effect where `accounts` gives the same answers by account.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight cannot be negative")
    wanted = {name: weight for name, weight in weights.items() if weight > 0}
    heard = {name: groups[name] for name in wanted if name in groups and groups[name].n}
    if not heard:
        return None
    total = sum(wanted[name] for name in heard)
    shares = {name: wanted[name] / total for name in heard}
    score = below = above = 0.0
    for name, tally in heard.items():
        share, own = shares[name], tally.score or 0.0
        found = intervals.score_interval(tally, confidence)
        if found is not None:
            below += (share * (own - found.low)) ** 2
            above += (share * (found.high - own)) ** 2
        score += share * own
    wider = math.sqrt(_design_effect(heard, shares, accounts))
    return Blend(
        score=score,
        low=max(-100.0, score - wider * math.sqrt(below)),
        high=min(100.0, score + wider * math.sqrt(above)),
        answers=sum(tally.n for tally in heard.values()),
        silent=tuple(sorted(set(wanted) - set(heard))),
    )


def _design_effect(
    groups: Mapping[str, Tally],
    shares: Mapping[str, float],
    accounts: Sequence[Mapping[str, Tally]],
) -> float:
    """How many times the variance of independent answers; never below 1."""
    independent = sum(shares[name] ** 2 * each.variance / each.n for name, each in groups.items())
    if not accounts or independent <= 0:
        return 1.0
    pulls = np.array(
        [
            sum(
                shares[name]
                / groups[name].n
                * (each.promoters - each.detractors - (groups[name].score or 0.0) / 100 * each.n)
                for name, each in account.items()
                if name in groups
            )
            for account in accounts
            if any(each.n for name, each in account.items() if name in groups)
        ]
    )
    return max(1.0, _scaled(float(pulls @ pulls), pulls.size) / independent)
