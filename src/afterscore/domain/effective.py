"""How many plain answers a weighted or clustered score is worth, and the limits that follow.

A variance that allows for weights and for people of one account is turned into the number of
independent answers that would have it (Kish 1965, Survey Sampling, section 8.2; Korn and Graubard
1998, Survey Methodology 24, p. 193-201, for limits from it). Everything else is the adjusted Wald
interval of the plain score. Scores are proportions here, from -1 to 1.
"""

from __future__ import annotations

import math

from afterscore.domain import intervals


def answers(
    spread: float, variance: float, *, most: float, freedom: float, confidence: float = 0.95
) -> float:
    """So many independent answers with the variance `spread` each would give a mean with
    `variance`. Never more than `most`: that the people seen happen to agree is no information.

    Of these again fewer, because the variance itself is only estimated, from `freedom` independent
    differences: as much fewer as Student's limits are wider than normal ones.
    """
    worth = most if variance <= 0 or spread <= 0 else min(most, spread / variance)
    return worth * (intervals.quantile(confidence) / student(freedom, confidence)) ** 2


def student(freedom: float, confidence: float) -> float:
    """Student's quantile, with at least one degree of freedom."""
    from scipy import special

    intervals.quantile(confidence)
    return float(special.stdtrit(max(freedom, 1.0), 0.5 + confidence / 2))


def limits(
    score: float, squares: float, n: float, *, confidence: float = 0.95
) -> tuple[float, float]:
    """In points, on the scale. `squares` is the mean of the squared values, which for plain answers
    is the share of promoters and detractors; three answers are added as to any adjusted score."""
    extremes = (n * squares + 1.5) / (n + 3)
    centre = n * score / (n + 3)
    reach = intervals.quantile(confidence) * math.sqrt((extremes - centre**2) / (n + 3))
    return (
        max(-100.0, min(100 * score, 100 * (centre - reach))),
        min(100.0, max(100 * score, 100 * (centre + reach))),
    )
