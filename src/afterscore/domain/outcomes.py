"""Whether the score has anything to do with who leaves.

Told on a company's own customers, and told when there is nothing to tell. AUC is the chance that
somebody who left had given a lower score than somebody who stayed, ties counted half; 0.5 is what
a coin does. Its standard error: Hanley and McNeil 1982, Radiology 143, p. 29-36.
See docs/algorithms/leaving.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain import intervals, nps
from afterscore.domain.nps import Group, Histogram

FEWEST = 10
"""Who left, and who stayed, before anything is said."""


class Relation(StrEnum):
    NOT_ENOUGH = "not_enough"
    NONE = "none"
    LOWER_LEAVE = "lower_leave"
    HIGHER_LEAVE = "higher_leave"


@dataclass(frozen=True, slots=True)
class Rate:
    """Who left of a group, 0 to 1, with Wilson's limits; None where nobody is in it."""

    group: Group
    left: int
    n: int
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Leaving:
    auc: float | None
    low: float | None
    high: float | None
    rates: tuple[Rate, ...]
    relation: Relation

    @property
    def sentence(self) -> str:
        """What may be said of it, and no more: that two things go together is not why."""
        return _SENTENCES[self.relation]


_TOGETHER = "That the two go together does not make one the cause of the other."
_SENTENCES = {
    Relation.NOT_ENOUGH: (
        f"Too few to tell: it takes {FEWEST} with a score who left, and as many who stayed."
    ),
    Relation.NONE: (
        "No relation found between the score and who leaves. A weak one may hide in so many "
        "answers."
    ),
    Relation.LOWER_LEAVE: f"Who gave less left more often. {_TOGETHER}",
    Relation.HIGHER_LEAVE: f"Who gave more left more often. {_TOGETHER}",
}


def leaving(left: Histogram, stayed: Histogram, *, confidence: float = 0.95) -> Leaving:
    """NONE where the limits of AUC hold 0.5."""
    rates = tuple(_rate(group, left, stayed, confidence) for group in Group)
    gone, kept = sum(left), sum(stayed)
    if min(gone, kept) < FEWEST:
        return Leaving(None, None, None, rates, Relation.NOT_ENOUGH)
    auc = area(left, stayed)
    # From Hanley and McNeil's Q1 and Q2, which take AUC alone.
    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (gone - 1) * (one - auc**2) + (kept - 1) * (two - auc**2)
    reach = intervals.quantile(confidence) * math.sqrt(max(variance, 0.0) / (gone * kept))
    low, high = max(0.0, auc - reach), min(1.0, auc + reach)
    relation = (
        Relation.LOWER_LEAVE
        if low > 0.5
        else Relation.HIGHER_LEAVE
        if high < 0.5
        else Relation.NONE
    )
    return Leaving(auc, low, high, rates, relation)


def area(left: Sequence[int], stayed: Sequence[int]) -> float:
    """AUC, exactly, from two histograms."""
    higher = sum(stayed)
    wins = 0.0
    for gone, kept in zip(left, stayed, strict=True):
        higher -= kept
        wins += gone * (higher + kept / 2)
    return wins / (sum(left) * sum(stayed))


def _rate(group: Group, left: Histogram, stayed: Histogram, confidence: float) -> Rate:
    gone = sum(left[score] for score in nps.scores_of(group))
    n = gone + sum(stayed[score] for score in nps.scores_of(group))
    if n == 0:
        return Rate(group, 0, 0, None, None, None)
    low, high = intervals.wilson(gone / n, n, confidence)
    return Rate(group, gone, n, gone / n, low, high)
