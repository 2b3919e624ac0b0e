"""Whether a score really fell: an alarm that noise seldom raises, however often one looks.

Who looks at a growing number of answers again and again finds a fall in the end, for with each
look chance has another try. So the looks are few and each has its share of the whole risk: one
whenever the answers of a wave have doubled, and one when it is closed. Half of the risk is the
last look's, which has all answers; the k-th of the others gets a share of 1 / (k (k + 1)), and
however many there are they never add up to more than the other half (Bonferroni's inequality).
Formula and measured rates: docs/algorithms/score-drop.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from afterscore.domain import compare, mix
from afterscore.domain.nps import Tally

FALSE_ALARMS = 0.025
"""Of a hundred waves in which nothing changed, at most so many hundredths of them ring."""

FIRST_LOOK = 20
"""Answers, on each side, before the first look."""

WORTH_TELLING = 5.0
"""Points. With enough answers the smallest fall is real, and nobody would act on it."""

LAST = 0
"""The number of the look at a closed wave."""


@dataclass(frozen=True, slots=True)
class Fall:
    """`points` is the plain difference, below 0; `low` and `high` bound it at the confidence that
    this look has."""

    points: float
    low: float
    high: float
    confidence: float


def look_at(answers: int) -> int | None:
    """Which look a running wave with so many answers has reached, from 1; None before the first."""
    if answers < FIRST_LOOK:
        return None
    return int(math.log2(answers / FIRST_LOOK)) + 1


def risk_of(look: int) -> float:
    """The share of false alarms that a look may have."""
    if look == LAST:
        return FALSE_ALARMS / 2
    if look < 0:
        raise ValueError(f"looks are counted from 1, not {look!r}")
    return FALSE_ALARMS / 2 / (look * (look + 1))


def judge(before: Tally, now: Tally, *, look: int) -> Fall | None:
    """The fall from one score to the other, where this look shows it to be real and worth telling.

    Before must be as old as now was at the same age: early answers differ from late ones.
    """
    if min(before.n, now.n) < FIRST_LOOK:
        return None
    confidence = 1 - 2 * risk_of(look)
    comparison = compare.compare(before, now, confidence)
    if comparison is None or before.score is None or now.score is None:
        return None
    points = now.score - before.score
    if comparison.high >= 0 or points > -WORTH_TELLING:
        return None
    return Fall(points, comparison.low, comparison.high, confidence)


def others_answered(before: Mapping[str, Tally], now: Mapping[str, Tally], fall: Fall) -> bool:
    """Whether this fall comes of other customers answering, and not of customers who changed: the
    verdict of `domain/mix.py`, at the fall's own confidence. Segments tell customers apart."""
    found = mix.decompose(before, now, confidence=fall.confidence)
    return found is not None and found.verdict is mix.Verdict.MIX
