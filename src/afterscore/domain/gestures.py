"""Small thanks for an answer: who may be given something, and what it may cost.

A gift that depends on the score, or is promised before the answer, buys scores instead of hearing
them. So nothing here knows a score but the audit, which looks for exactly that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from afterscore.domain import intervals, periods
from afterscore.domain.nps import Group

Real = NDArray[np.float64]

FEWEST_GIFTS = 10
"""Before the audit says anything."""

SUSPICIOUS = 0.01
"""Chance that gifts are shared out so unevenly without a reason; one looks at it every month."""

LARGEST = Decimal(1000)
"""What one gift may cost. Above it a thank-you becomes a payment."""

ROUNDING = 1e-7
"""Two tables that are equally rare are seldom so to the last bit."""

# Words that tie a gift to a score. A net for slips, not for bad faith: that the audit finds.
_SCORES = re.compile(
    r"\b(?:nps|scores?|scored|ratings?|promoters?|detractors?|passives?)\b"
    r"|\b(?:10|[0-9])\s*(?:/|out of)\s*10\b",
    re.IGNORECASE,
)


class State(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    SENT = "sent"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"

    @property
    def is_alive(self) -> bool:
        return self not in (State.DECLINED, State.CANCELLED)


SPENDING = (State.APPROVED, State.SENT, State.ARRIVED)
"""States in which money is spoken for."""

_MOVES = {
    State.ASKED: {State.APPROVED, State.DECLINED, State.CANCELLED},
    State.APPROVED: {State.SENT, State.CANCELLED},
    State.SENT: {State.ARRIVED},
    State.DECLINED: set(),
    State.ARRIVED: set(),
    State.CANCELLED: set(),
}


def may_become(state: State, wanted: State) -> bool:
    return wanted in _MOVES[state]


def names_score(text: str) -> str:
    """The word that ties a gift to a score, or ""."""
    found = _SCORES.search(text)
    return found[0] if found else ""


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_after(day: date) -> date:
    start = quarter_of(day)
    for _ in range(3):
        start = periods.month_after(start)
    return start


def quarter_name(day: date) -> str:
    return f"Q{(day.month - 1) // 3 + 1} {day.year}"


@dataclass(frozen=True, slots=True)
class Purse:
    """A quarter's money: what may be given away, and what is spoken for or asked for already.

    `amount` is None where nobody has set a budget: then only what costs nothing may be given.
    """

    amount: Decimal | None
    spent: Decimal = Decimal(0)
    asked: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        return (self.amount or Decimal(0)) - self.spent

    def holds(self, cost: Decimal) -> bool:
        return cost == 0 or cost <= self.left

    @property
    def ratio(self) -> float:
        """Spent of the whole, for a bar; 1 where more is spent than there is."""
        if not self.amount:
            return 1.0 if self.spent else 0.0
        return min(1.0, float(self.spent / self.amount))


@dataclass(frozen=True, slots=True)
class Share:
    """Answers of one group, and how many of them were followed by a gift."""

    given: int
    answers: int

    @property
    def ratio(self) -> float | None:
        return self.given / self.answers if self.answers else None

    @property
    def limits(self) -> tuple[float, float]:
        return intervals.wilson(self.given / self.answers, self.answers) if self.answers else (0, 1)


class Verdict(StrEnum):
    TOO_FEW = "too_few"
    EVEN = "even"
    UNEVEN = "uneven"


@dataclass(frozen=True, slots=True)
class Audit:
    """Whether gifts go by score. `p_value` is None where there are too few to tell."""

    shares: Mapping[Group, Share]
    p_value: float | None
    verdict: Verdict


def audit(shares: Mapping[Group, Share]) -> Audit:
    """Freeman and Halton's exact test: how often chance alone, handing out as many gifts among the
    same answers, would share them out at least as unevenly."""
    given = sum(share.given for share in shares.values())
    if given < FEWEST_GIFTS:
        return Audit(shares, None, Verdict.TOO_FEW)
    p_value = chance_of_imbalance([(share.given, share.answers) for share in shares.values()])
    return Audit(shares, p_value, Verdict.UNEVEN if p_value < SUSPICIOUS else Verdict.EVEN)


def chance_of_imbalance(counts: Sequence[tuple[int, int]]) -> float:
    """Exact, for any number of groups: (given, answers) each. 1.0 where nothing can be uneven."""
    total = sum(given for given, _ in counts)
    choices = [_log_choices(answers, total) for _, answers in counts]
    observed = sum(choice[given] for choice, (given, _) in zip(choices, counts, strict=True))
    weights = _log_weights(choices, total)
    relative = np.exp(weights - weights.max())
    as_rare = weights <= observed + ROUNDING
    return min(1.0, float(relative[as_rare].sum() / relative.sum()))


def _log_weights(choices: Sequence[Real], total: int) -> Real:
    """Every way to share `total` gifts out among the groups, as the log of its weight: the number
    of choices of people that it stands for."""
    first, *others = choices
    if not others:
        return first[total : total + 1]
    if len(others) == 1:
        reversed_rest: Real = others[0][: total + 1][::-1]
        return first[: total + 1] + reversed_rest
    parts = [first[given] + _log_weights(others, total - given) for given in range(total + 1)]
    return np.concatenate(parts)


def _log_choices(people: int, most: int) -> Real:
    """log of the number of ways to choose 0, 1, … `most` of these people."""
    log_factorial = math.lgamma
    return np.array(
        [
            log_factorial(people + 1) - log_factorial(k + 1) - log_factorial(people - k + 1)
            if k <= people
            else -math.inf
            for k in range(most + 1)
        ]
    )
