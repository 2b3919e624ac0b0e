"""What it brought to contact customers, as far as that can be seen.

Two arms: customers whom a person contacted soon after their answer, and those whom nobody did. By
lot the arms are alike; else they are compared within groups of equal score, and a difference is a
sign and not a proof. See docs/algorithms/observed-return.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from afterscore.domain import experiments, intervals
from afterscore.domain.experiments import NOBODY, Arm, Difference, Trial

LANDMARK = timedelta(days=14)
"""Contacted or not is decided by then, and only what happens later counts; or else whoever stays
longer would have had more time to be contacted."""

WITHIN = timedelta(days=365)
"""A renewal is set beside the answers of so long before it."""

MINIMUM_ARM = 20
WORTHWHILE = 0.05
"""Five more of a hundred customers who stay, or who become promoters."""

RAREST_ARM = 0.02
"""Where fewer than that are in one of the arms, no number of customers would do."""

POWER = 0.8


class Basis(StrEnum):
    """Why some were contacted and others not."""

    OBSERVED = "observed"
    BY_LOT = "by_lot"


class Finding(StrEnum):
    MORE = "more"
    LESS = "less"
    SAME = "same"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True, slots=True)
class Contrast:
    """`needed` is about how many customers in both arms it takes, where it cannot be told yet;
    `trials` are the strata that were put together."""

    basis: Basis
    finding: Finding
    contacted: Arm
    others: Arm
    difference: Difference | None = None
    needed: int | None = None
    trials: tuple[Trial, ...] = ()

    @property
    def customers(self) -> int:
        return self.contacted.people + self.others.people


def contrast(trials: Iterable[Trial], *, basis: Basis, confidence: float = 0.95) -> Contrast:
    """Pooled within strata (Mantel and Haenszel), with Newcombe's interval. `treated` are those
    who were contacted."""
    strata = list(trials)
    contacted = sum((trial.treated for trial in strata), NOBODY)
    others = sum((trial.held_out for trial in strata), NOBODY)
    found = experiments.difference(strata, confidence)
    finding = _judge(found, min(contacted.people, others.people))
    needed = None
    if finding is Finding.NOT_ENOUGH:
        needed = _needed(contacted, others, confidence)
    return Contrast(basis, finding, contacted, others, found, needed, tuple(strata))


def _judge(found: Difference | None, smaller: int) -> Finding:
    if found is None or smaller < MINIMUM_ARM:
        return Finding.NOT_ENOUGH
    if found.low > 0:
        return Finding.MORE
    if found.high < 0:
        return Finding.LESS
    narrow = found.low > -WORTHWHILE and found.high < WORTHWHILE
    return Finding.SAME if narrow else Finding.NOT_ENOUGH


def _needed(contacted: Arm, others: Arm, confidence: float) -> int | None:
    """About how many customers show a difference of `WORTHWHILE` with a probability of 80 %, if
    they go on falling into the arms as they do; None while hardly anybody is in one of them."""
    total = contacted.people + others.people
    share = contacted.people / total if total else 0.0
    if not RAREST_ARM <= share <= 1 - RAREST_ARM:
        return None
    usual = (contacted.events + others.events + 1) / (total + 2)
    reach = intervals.quantile(confidence) + intervals.quantile(2 * POWER - 1)
    spread = usual * (1 - usual) * (1 / share + 1 / (1 - share))
    smallest = MINIMUM_ARM / min(share, 1 - share)
    needed = math.ceil(max(reach**2 * spread / WORTHWHILE**2, smallest))
    return needed if needed > total else None


@dataclass(frozen=True, slots=True)
class Renewals:
    """Companies whose contract came to an end, of one worst score and contacted or not."""

    score: int
    is_contacted: bool
    stayed: int
    left: int
    revenue: Decimal
    minutes: int

    @property
    def arm(self) -> Arm:
        return Arm(self.stayed + self.left, self.stayed)


@dataclass(frozen=True, slots=True)
class Amount:
    """Between `low` and `high`, a year and in one currency; per minute where any was written."""

    kept: Decimal
    low: Decimal
    high: Decimal
    at_stake: Decimal
    minutes: int

    def per_minute(self, amount: Decimal) -> Decimal | None:
        return amount / self.minutes if self.minutes else None


def kept_revenue(renewals: Sequence[Renewals], found: Contrast) -> Amount | None:
    """The difference in staying, times the revenue that came up for renewal among the contacted.
    None where nothing may be said, or no revenue is known."""
    if found.difference is None or found.finding is Finding.NOT_ENOUGH:
        return None
    contacted = [each for each in renewals if each.is_contacted]
    stake = sum((each.revenue for each in contacted), Decimal(0))
    if not stake:
        return None
    kept, low, high = (
        stake * Decimal(repr(ratio))
        for ratio in (found.difference.difference, found.difference.low, found.difference.high)
    )
    return Amount(kept, low, high, stake, sum(each.minutes for each in contacted))
