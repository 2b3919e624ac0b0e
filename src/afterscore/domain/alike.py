"""How many independent answers those of people are worth who think alike, being of one account.

The variance that allows for accounts (Liang and Zeger 1986, Biometrika 73, p. 13-22) over that of
independent answers is the design effect (Kish 1965, Survey Sampling, section 8.2). Counts divided
by it are used in place of counts, in every interval and test (Rao and Scott 1992, Biometrics 48,
p. 577-585), less Student's part for few accounts (Korn and Graubard 1998, Survey Methodology 24,
p. 193-201). Policy and limits: docs/algorithms/alike.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from afterscore.domain import effective
from afterscore.domain.nps import Tally

CONFIDENCE = 0.95
"""For which Student's part is reckoned."""

LOTS = 31
"""A prime: whatever repeats every few accounts, as numbers are given, is not told from lots."""
MOST_TOLD_APART = 100_000
"""Answers of a workspace up to which each account is counted by itself; of more, lots of accounts
are."""


@dataclass(frozen=True, slots=True)
class Sums:
    """All that is needed of any number of accounts, so that a query can add it up.

    Of each account that answered, with n answers and b promoters minus detractors: the sums of n,
    b, promoters plus detractors, n², b² and n times b; how many accounts, and the largest n. Sums
    of other accounts can be added; of an account in two of them it is not seen that it is one.

    Of a rate they tell as much: then n are people, b and `extremes` both to how many of them it
    happened.
    """

    answers: int
    balance: int
    extremes: int
    squared_answers: int
    squared_balances: int
    products: int
    accounts: int
    largest: int
    are_lots: bool = field(default=False, kw_only=True)

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.answers + other.answers,
            self.balance + other.balance,
            self.extremes + other.extremes,
            self.squared_answers + other.squared_answers,
            self.squared_balances + other.squared_balances,
            self.products + other.products,
            self.accounts + other.accounts,
            max(self.largest, other.largest),
            are_lots=self.are_lots or other.are_lots,
        )

    @property
    def groups(self) -> Tally:
        return Tally(
            detractors=(self.extremes - self.balance) // 2,
            passives=self.answers - self.extremes,
            promoters=(self.extremes + self.balance) // 2,
        )

    @property
    def residual(self) -> int:
        """The sum over accounts of (b - score n)² times the square of all answers: of whole
        numbers, without any rounding."""
        return (
            self.squared_balances * self.answers**2
            - 2 * self.balance * self.answers * self.products
            + self.balance**2 * self.squared_answers
        )


@dataclass(frozen=True, slots=True)
class Worth:
    """`answers` of `accounts` are worth `effective_n` independent ones.

    `inflation` is the variance that allows for accounts over that of independent answers, `kish`
    how many answers would be left if everybody of an account were of one mind, `freedom` on how
    many independent differences it all rests.
    """

    answers: int
    accounts: int
    inflation: float
    freedom: float
    shrinking: float
    kish: float
    effective_n: float

    @property
    def design_effect(self) -> float:
        """So many answers are worth one independent one; never below 1."""
        return max(1.0, self.answers / self.effective_n) if self.answers else 1.0

    @property
    def is_plain(self) -> bool:
        return self.design_effect == 1


def weigh(sums: Sums) -> Worth:
    """Answers count in full where each account has one; also where all are of one single account:
    how much accounts differ cannot be seen, so limits are of that account's score alone."""
    n, accounts = sums.answers, sums.accounts
    if sums.largest <= 1 or accounts <= 1:
        return Worth(n, accounts, 1.0, max(n - 1.0, 0.0), 1.0, float(n), float(n))
    kish = n * n / sums.squared_answers
    inflation, freedom = _inflation(sums), kish - 1
    shrinking = (effective.student(n - 1, CONFIDENCE) / effective.student(freedom, CONFIDENCE)) ** 2
    worth = n * shrinking / max(1.0, inflation)
    return Worth(n, accounts, inflation, freedom, shrinking, kish, min(n, max(kish, worth)))


def _inflation(sums: Sums) -> float:
    """1 where everybody says the same: then it cannot be seen who thinks alike."""
    n, accounts = sums.answers, sums.accounts
    spread = sums.extremes * n - sums.balance**2  # the variance of one answer, times n²
    if spread == 0:
        return 1.0
    # The variance of the score is residual / n⁴, that of independent answers spread / n² / (n - 1);
    # of few accounts as of few answers it is too small by nature.
    return sums.residual * (n - 1) * accounts / ((accounts - 1) * n * n * spread)


def design_effect(sums: Sums | None) -> float:
    """1 where nothing is known of accounts."""
    return 1.0 if sums is None else weigh(sums).design_effect
