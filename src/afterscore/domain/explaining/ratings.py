"""Satisfaction and effort since the wave before: the difference of two shares, or of two means."""

from __future__ import annotations

import math

from afterscore.domain import effective
from afterscore.domain import satisfaction as satisfying
from afterscore.domain.explaining.contrasts import NEWCOMBE, Side, newcombe_steps, share_step
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    between,
    bracketed,
    count,
    decimal,
    points,
    quantile_step,
    signed,
)
from afterscore.domain.satisfaction import Counts, Share
from afterscore.domain.scales import Scale

PAGE = "satisfaction"
BEFORE, NOW = "before", "now"
WORDS = ("satisfied", "answers")
ADDED = satisfying.ADDED_AT_EACH_END


def satisfaction_change(before: Share, now: Share, *, confidence: float = 0.95) -> Explanation:
    """Now minus before, in percentage points."""
    found = satisfying.difference_of_shares(before, now, confidence=confidence)
    first = Side(NOW, now.ratio, now.n, confidence)
    second = Side(BEFORE, before.ratio, before.n, confidence)
    return Explanation(
        title="How far the share of the satisfied has changed",
        says=f"{signed(100 * found.difference)} percentage points since the wave before "
        f"({between(100 * found.low, 100 * found.high)}).",
        steps=(
            _compared_step(before.n, now.n),
            share_step(NOW, now.satisfied, now.n, words=WORDS),
            share_step(BEFORE, before.satisfied, before.n, words=WORDS),
            quantile_step(confidence),
            *first.limit_steps,
            *second.limit_steps,
            *newcombe_steps(first, second),
        ),
        source=f"{NEWCOMBE}.",
        page=PAGE,
        notes=("p₁ is the share now, p₂ the one before.",),
    )


def effort_change(
    before: Counts, now: Counts, scale: Scale, *, confidence: float = 0.95
) -> Explanation | None:
    """Now minus before, on the scale. None where a side has fewer than two answers."""
    found = satisfying.difference_of_means(before, now, scale, confidence=confidence)
    if found is None:
        return None
    sizes = sum(before.values()), sum(now.values())
    return Explanation(
        title="How far the mean effort has changed",
        says=f"{signed(found.difference)} on a scale of {scale.label} since the wave before "
        f"({between(found.low, found.high)}).",
        steps=(
            _compared_step(*sizes),
            *mean_steps(before, scale, BEFORE),
            *mean_steps(now, scale, NOW),
            *_welch_steps(before, now, scale, confidence),
        ),
        source="Welch (1947), Biometrika 34, p. 28-35; Student (1908), Biometrika 6, p. 1-25.",
        page=PAGE,
        table=Table(
            ("Gave", "Before", "Now"),
            tuple(
                (str(number), count(before.get(number, 0)), count(now.get(number, 0)))
                for number in range(scale.lowest, scale.highest + 1)
            ),
        ),
        notes=(
            (
                "¾ of an answer is added at each end of the scale on both sides, so that a few "
                "answers that agree are not taken for certainty."
            ),
        ),
    )


def _compared_step(before: int, now: int) -> Step:
    return Step(
        "Answers compared",
        "n before + n now",
        f"{count(before)} + {count(now)}",
        count(before + now),
        before + now,
    )


def mean_steps(counts: Counts, scale: Scale, name: str = "") -> tuple[Step, Step]:
    """The mean with the answers added, and its standard error."""
    whose = f", {name}" if name else ""
    n, total = sum(counts.values()), sum(number * times for number, times in counts.items())
    centre, error = satisfying.adjusted_mean(counts, scale)
    middle = decimal(centre, 6)
    ends = {scale.lowest, scale.highest}
    spread = " + ".join(
        f"{decimal(times)} × ({number} − {middle})²"
        for number in range(scale.lowest, scale.highest + 1)
        if (times := counts.get(number, 0) + (ADDED if number in ends else 0))
    )
    return (
        Step(
            f"Middle, with ¾ of an answer at each end{whose}",
            "M = (sum + ¾ × lowest + ¾ × highest) / (n + 1½)",
            f"({count(total)} + {ADDED} × {scale.lowest} + {ADDED} × {scale.highest}) / "
            f"({count(n)} + 1.5)",
            middle,
            centre,
        ),
        Step(
            f"Its standard error{whose}",
            "E = √(Σ c × (x − M)² / (n + ½) / (n + 1½)), c being how many gave x, the added ones, "
            "too",
            f"√(({spread}) / ({count(n)} + 0.5) / ({count(n)} + 1.5))",
            decimal(error, 6),
            error,
        ),
    )


def _welch_steps(before: Counts, now: Counts, scale: Scale, confidence: float) -> tuple[Step, ...]:
    (one, first), (two, second) = (
        satisfying.adjusted_mean(counts, scale) for counts in (before, now)
    )
    sizes = sum(before.values()), sum(now.values())
    freedom = (first**2 + second**2) ** 2 / (first**4 / (sizes[0] - 1) + second**4 / (sizes[1] - 1))
    t, together = effective.student(freedom, confidence), math.hypot(first, second)
    e1, e2 = decimal(first, 8), decimal(second, 8)
    start, reach = decimal(two - one, 6), f"{decimal(t, 6)} × {decimal(together, 6)}"
    low, high = two - one - t * together, two - one + t * together
    return (
        Step("Difference", "M now − M before", f"{decimal(two, 6)} − {bracketed(one, 6)}",
             points(two - one), two - one),
        Step("Its standard error, of both", "√(E² + E²)", f"√({e1}² + {e2}²)",
             decimal(together, 6), together),
        Step("Degrees of freedom", "(E² + E²)² / ((E²)² / (n − 1) + (E²)² / (n − 1))",
             f"({e1}² + {e2}²)² / (({e1}²)² / ({count(sizes[0])} − 1) + "
             f"({e2}²)² / ({count(sizes[1])} − 1))",
             decimal(freedom, 2), freedom),
        Step("Student’s t", "t, with these degrees of freedom", decimal(t, 6), decimal(t, 6), t),
        Step("Lower limit", "difference − t × error", f"{start} − {reach}", points(low), low),
        Step("Upper limit", "difference + t × error", f"{start} + {reach}", points(high), high),
    )  # fmt: skip
