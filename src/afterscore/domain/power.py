"""What a number of answers can show at all, said before somebody looks for it."""

from __future__ import annotations

import math
from statistics import NormalDist

from afterscore.domain import intervals

POWER = 0.8
"""How often a true change of that size would be noticed."""


def noticeable(
    before: float,
    after: float,
    *,
    variance: float = intervals.TYPICAL_VARIANCE,
    confidence: float = 0.95,
    power: float = POWER,
) -> float | None:
    """The smallest true change, in points, that so many answers notice with probability `power`.

    The inverse of `intervals.sample_size_for_difference`, with a size for each side and three
    pseudo-answers on each as in `compare.compare`. None where a side has no answers, and where no
    change on the scale is large enough.
    """
    if before <= 0 or after <= 0:
        return None
    reach = intervals.quantile(confidence) + NormalDist().inv_cdf(power)
    error = math.sqrt(variance / (before + 3) + variance / (after + 3))
    points = 100 * reach * error
    return points if points <= 200 else None


def power_of(
    points: float,
    before: int,
    after: int,
    *,
    variance: float = intervals.TYPICAL_VARIANCE,
    confidence: float = 0.95,
) -> float:
    """How likely a true change of so many points is to be called one, 0 to 1."""
    if before <= 0 or after <= 0:
        return 0.0
    error = 100 * math.sqrt(variance / (before + 3) + variance / (after + 3))
    reach, normal = intervals.quantile(confidence), NormalDist()
    if error == 0:
        return 1.0 if points else 1 - confidence
    shift = abs(points) / error
    return normal.cdf(shift - reach) + normal.cdf(-shift - reach)


def noticeable_points(before: float, after: float) -> int | None:
    """In whole points, as it is said."""
    found = noticeable(before, after)
    return None if found is None else math.ceil(found)


def describe(before: int, after: int, *, design_effect: float = 1.0) -> str:
    """In a sentence: "With 60 answers each time a change of 41 points or more shows four times in
    five." So many as `design_effect` are worth one independent answer."""
    found = noticeable_points(before / design_effect, after / design_effect)
    if found is None:
        return f"With {after:,} answer{'' if after == 1 else 's'} no change can be noticed."
    each = (
        f"{after:,} answers each time"
        if before == after
        else f"{before:,} answers before and {after:,} now"
    )
    return f"With {each} a change of {found} points or more shows four times in five."
