"""Secondary figures and targets."""

from __future__ import annotations

import math
from datetime import date

from afterscore.domain import intervals, targets
from afterscore.domain import satisfaction as satisfying
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    answers,
    between,
    bracketed,
    count,
    decimal,
    points,
    quantile_step,
)
from afterscore.domain.explaining.ratings import mean_steps
from afterscore.domain.satisfaction import Counts
from afterscore.domain.scales import Scale
from afterscore.domain.targets import Figure, Target, Thresholds


def satisfaction(counts: Counts, scale: Scale, *, confidence: float = 0.95) -> Explanation | None:
    """CSAT with Wilson's limits. None without answers."""
    found = satisfying.csat(counts, scale, confidence=confidence)
    if found is None:
        return None
    z = decimal(intervals.quantile(confidence), 6)
    n, ratio = count(found.n), decimal(found.ratio, 6)
    first, last = found.boxes
    formula = "100 × (r + z² / (2n) {} z × √(r × (1 − r) / n + z² / (4n²))) / (1 + z² / n)"
    filled = (
        f"100 × ({ratio} + {z}² / (2 × {n}) {{}} {z} × √({ratio} × (1 − {ratio}) / {n} + "
        f"{z}² / (4 × {n}²))) / (1 + {z}² / {n})"
    )
    return Explanation(
        title="The share of the satisfied",
        says=(
            f"{points(100 * found.ratio)} % of {answers(found.n)} are {first} or {last} on a scale "
            f"of {scale.label} ({points(100 * found.low)} to {points(100 * found.high)} %)."
        ),
        steps=(
            Step(
                "Share",
                f"r = answers of {first} and {last} / n",
                f"({count(counts.get(first, 0))} + {count(counts.get(last, 0))}) / {n}",
                ratio,
                found.ratio,
            ),
            Step(
                "In percent",
                "100 × r",
                f"100 × {ratio}",
                points(100 * found.ratio),
                100 * found.ratio,
            ),
            quantile_step(confidence),
            *(
                Step(label, formula.format(sign), filled.format(sign), points(limit), limit)
                for label, sign, limit in (
                    ("Lower limit", "−", 100 * found.low),
                    ("Upper limit", "+", 100 * found.high),
                )
            ),
        ),
        source="Wilson (1927), Journal of the American Statistical Association 22, p. 209-212.",
        page="satisfaction",
    )


def effort(counts: Counts, scale: Scale, *, confidence: float = 0.95) -> Explanation | None:
    """CES with Student's limits. None without answers."""
    found = satisfying.ces(counts, scale, confidence=confidence)
    if found is None:
        return None
    centre, error = satisfying.adjusted_mean(counts, scale)
    reach = satisfying.reach(found.n, confidence)
    total = sum(number * times for number, times in counts.items())
    spread = f"{decimal(reach, 6)} × {decimal(error, 6)}"
    return Explanation(
        title="The mean effort",
        says=(
            f"{points(found.mean)} from {answers(found.n)} on a scale of {scale.label} "
            f"({between(found.low, found.high)})."
        ),
        steps=(
            Step(
                "Mean",
                "sum of the answers / n",
                f"{count(total)} / {count(found.n)}",
                points(found.mean),
                found.mean,
            ),
            *mean_steps(counts, scale),
            Step(
                "Student's t",
                f"t of {max(1, found.n - 1):,} degrees of freedom",
                decimal(reach, 6),
                decimal(reach, 6),
                reach,
            ),
            Step(
                "Lower limit",
                "M − t × E, not below the scale",
                f"max({scale.lowest}, {decimal(centre, 6)} − {spread})",
                points(found.low),
                found.low,
            ),
            Step(
                "Upper limit",
                "M + t × E, not above the scale",
                f"min({scale.highest}, {decimal(centre, 6)} + {spread})",
                points(found.high),
                found.high,
            ),
        ),
        source="Student (1908), Biometrika 6, p. 1-25.",
        page="satisfaction",
    )


def target(aim: Target, figure: Figure | None, *, today: date) -> Explanation:
    """The verdict on a target, with the line from its start to its goal."""
    found = targets.judge_figure(aim, figure, today=today)
    whole = (aim.due_on - aim.starts_on).days
    passed = min(max((today - aim.starts_on).days, 0), whole)
    steps = [
        Step(
            "Expected today",
            "start + (goal − start) × days passed / days in all",
            f"{decimal(aim.start)} + ({decimal(aim.goal)} − {bracketed(aim.start)}) × "
            f"{count(passed)} / {count(whole)}",
            points(found.expected),
            found.expected,
        )
    ]
    if figure is not None:
        steps += [
            Step("Lower limit now", "low", decimal(figure.low), points(figure.low), figure.low),
            Step("Upper limit now", "high", decimal(figure.high), points(figure.high), figure.high),
            Step("Goal", "goal", decimal(aim.goal), points(aim.goal), aim.goal),
        ]
    if found.needed is not None and figure is not None:
        steps.append(_needed_step(aim, figure))
    return Explanation(
        title="The verdict on the target",
        says=f"{found.verdict.label}. {found.reason}",
        steps=tuple(steps),
        source="The interval's own; see its explanation.",
        page="targets",
        notes=(
            (
                "Met: the lower limit reaches the goal. Not met: the upper limit is below it. "
                "Anything else cannot be told yet."
            ),
            (
                "It is celebrated once, and for good: when the due day is over and the verdict is "
                "“met”, before that only if even the 99.9 % interval lies above the goal. Whoever "
                "looks every day gives chance many tries."
            ),
        ),
    )


def thresholds(goal: float, found: Thresholds, *, confidence: float = 0.95) -> Explanation:
    """From which score on so many answers would call the goal met, and below which not met."""
    z, n, variance = intervals.quantile(confidence), count(found.answers), found.variance
    error = 100 * math.sqrt(variance / (found.answers + 3))
    reach, start = f"{decimal(z, 6)} × {decimal(error, 6)}", decimal(goal)
    return Explanation(
        title="What it takes",
        says=f"With {answers(found.answers)} about {points(found.met_from)} is called met, and "
        f"below about {points(found.not_met_below)} not met.",
        steps=(
            Step(
                "Variance of one answer, allowing for accounts",
                "V",
                decimal(variance, 6),
                decimal(variance, 6),
                variance,
            ),
            Step(
                "Standard error",
                "E = 100 × √(V / (n + 3))",
                f"100 × √({decimal(variance, 6)} / ({n} + 3))",
                decimal(error, 4),
                error,
            ),
            quantile_step(confidence),
            Step(
                "Met from",
                "goal + z × E",
                f"{start} + {reach}",
                points(found.met_from),
                found.met_from,
            ),
            Step(
                "Not met below",
                "goal − z × E",
                f"{start} − {reach}",
                points(found.not_met_below),
                found.not_met_below,
            ),
        ),
        source="Rocks (2016), The American Statistician 70(4), p. 365-372.",
        page="targets",
        notes=("About: the true limits of a score also depend on what the answers are.",),
    )


def _needed_step(aim: Target, figure: Figure) -> Step:
    is_above = figure.value > aim.goal
    reach = figure.value - figure.low if is_above else figure.high - figure.value
    distance = abs(figure.value - aim.goal)
    value = (figure.n + 3) * (reach / distance) ** 2
    return Step(
        "Answers that would tell",
        "(n + 3) × (limit's distance / goal's distance)²",
        f"({count(figure.n)} + 3) × ({decimal(reach)} / {decimal(distance)})²",
        count(math.ceil(value)),
        value,
    )
