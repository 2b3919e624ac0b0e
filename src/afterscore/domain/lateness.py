"""Early answers against late ones: whether those who took longer to answer say something else.

Who answers only after a reminder is in some ways like who never does. So a difference between early
and late answers is a sign that the silent differ too, and none is a faint reassurance (Armstrong
and Overton 1977, Journal of Marketing Research 14, p. 396-402; its limits: Lin and Schaeffer 1995,
Public Opinion Quarterly 59, p. 236-258). See docs/algorithms/who-answers.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain import bounds, compare, intervals, nps
from afterscore.domain.compare import Change, Comparison
from afterscore.domain.nps import Tally


class Lateness(StrEnum):
    NOT_ENOUGH = "not_enough"
    ALIKE = "alike"
    LATE_LOWER = "late_lower"
    LATE_HIGHER = "late_higher"


@dataclass(frozen=True, slots=True)
class Finding:
    """`comparison` is late minus early. `as_late` is the score of all who were asked, if the silent
    were like the late ones; None where it is not known how many were asked, or there are none."""

    lateness: Lateness
    comparison: Comparison | None
    as_late: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Slope:
    """Points of score for each further step of lateness, with its limits and two-sided p-value."""

    points: float
    low: float
    high: float
    p_value: float


_KINDS = {
    Change.NOT_ENOUGH: Lateness.NOT_ENOUGH,
    Change.NOISE: Lateness.ALIKE,
    Change.FALL: Lateness.LATE_LOWER,
    Change.RISE: Lateness.LATE_HIGHER,
}


def find(
    early: Tally, late: Tally, *, asked: int | None = None, confidence: float = 0.95
) -> Finding:
    """Early is before the first reminder (or in the first days), late is everything after."""
    lateness = _KINDS[compare.verdict(early, late, confidence=confidence)]
    as_late = None
    if asked is not None and late.score is not None:
        as_late = bounds.supposing(nps.merge([early, late]), asked=asked, silent_score=late.score)
    return Finding(
        lateness,
        compare.compare(early, late, confidence),
        as_late,
        _sentence(lateness, early, late, as_late),
    )


def _sentence(lateness: Lateness, early: Tally, late: Tally, as_late: float | None) -> str:
    counts = f"{_answers(early.n)} came early and {late.n:,} late"
    if lateness is Lateness.NOT_ENOUGH:
        return f"Too few to tell whether late answers differ: {counts}."
    if lateness is Lateness.ALIKE:
        return (
            f"Late answers are like early ones ({counts}). That the silent are so too does not "
            "follow."
        )
    points = abs(round((late.score or 0.0) - (early.score or 0.0)))
    way = "lower" if lateness is Lateness.LATE_LOWER else "higher"
    told = f"Late answers are {points} points {way} ({counts}): the silent may differ as well."
    if as_late is None:
        return told
    score = f"{'−' if round(as_late) < 0 else ''}{abs(round(as_late))}"
    return f"{told} If they were like the late ones, the score of all would be {score}."


def _answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"


def slope(steps: Sequence[Tally], *, confidence: float = 0.95) -> Slope | None:
    """Over steps in order of time, such as after the invitation, the first and the second reminder.

    A straight line by least squares over all answers, each step's own variance in its limits; with
    two steps it is their difference. None unless two steps have ten answers each.
    """
    known = [
        (place, intervals.adjusted_estimate(tally))
        for place, tally in enumerate(steps)
        if tally.n >= compare.MINIMUM_ANSWERS
    ]
    if len(known) < 2:
        return None
    middle = sum(each.n * place for place, each in known) / sum(each.n for _, each in known)
    pulls = [each.n * (place - middle) for place, each in known]
    across = sum(pull * (place - middle) for pull, (place, _) in zip(pulls, known, strict=True))
    moved = sum(pull * each.score for pull, (_, each) in zip(pulls, known, strict=True))
    doubt = math.hypot(
        *(pull * each.standard_error for pull, (_, each) in zip(pulls, known, strict=True))
    )
    found, error = 100 * moved / across, 100 * doubt / across
    reach = intervals.quantile(confidence) * error
    return Slope(found, found - reach, found + reach, compare.p_value_of(found, error))
