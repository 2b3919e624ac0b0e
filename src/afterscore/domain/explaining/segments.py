"""Segments: how far to believe a small one's own score, and everybody from the answers of some."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from afterscore.domain import intervals, pooling
from afterscore.domain import weighting as weights_of
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    answers,
    between,
    bracketed,
    count,
    decimal,
    points,
)
from afterscore.domain.nps import Group, Tally
from afterscore.domain.weighting import Cell, Raked


def shrinkage(
    tallies: Mapping[str, Tally], segment: str, *, confidence: float = 0.95
) -> Explanation | None:
    """Of one segment among others. None with fewer than three that have answers, or without it."""
    found = pooling.pool(tallies, confidence=confidence)
    if found is None or segment not in found.segments:
        return None
    pooled, tally = found.segments[segment], tallies[segment]
    notes = [
        (
            "How much segments differ is not known either: all spreads are weighed by how well "
            "they explain what was seen, so weight and result are averages, and the last line is "
            "about right."
        )
    ]
    steps = [
        Step("Common score", "μ", points(found.common), points(found.common), found.common),
        Step(
            "How much segments differ",
            "τ",
            points(found.spread),
            points(found.spread),
            found.spread,
        ),
    ]
    if tally.n:
        steps += _own_steps(tally, pooled, found.common)
    else:
        notes.append("Nobody of this segment answered: all it has is the common score.")
    return Explanation(
        title="How far to believe a small segment",
        says=(
            f"{segment}: {points(pooled.score)} ({between(pooled.low, pooled.high)}), drawn "
            f"towards the common score of {points(found.common)}; its own {answers(tally.n)} count "
            f"{decimal(100 * pooled.weight, 0)} %."
        ),
        steps=tuple(steps),
        source="Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 5.4, p. 113-118.",
        page="changes-and-segments",
        notes=tuple(notes),
    )


def _own_steps(tally: Tally, pooled: pooling.Pooled, common: float) -> list[Step]:
    own = 100 * intervals.adjusted_estimate(tally).score
    about = pooled.weight * own + (1 - pooled.weight) * common
    weight = decimal(pooled.weight, 6)
    effect = tally.design_effect
    per, over = ("", "") if effect == 1 else (" / d", f" / {decimal(effect, 6)}")
    return [
        Step(
            "Its own score, with three answers added",
            f"y = 100 × (promoters − detractors){per} / (n{per} + 3)",
            f"100 × ({count(tally.promoters)} − {count(tally.detractors)}){over} / "
            f"({count(tally.n)}{over} + 3)",
            points(own),
            own,
        ),
        Step("Weight of its own", "τ² / (τ² + v), averaged", weight, weight, pooled.weight),
        Step(
            "Drawn towards the middle",
            "weight × y + (1 − weight) × μ",
            f"{weight} × {bracketed(own)} + (1 − {weight}) × {bracketed(common)}",
            points(about),
            about,
        ),
    ]


def weighting(
    tallies: Mapping[Cell, Tally],
    raked: Raked,
    *,
    accounts: Sequence[Mapping[Cell, Tally]] = (),
    confidence: float = 0.95,
) -> Explanation | None:
    """Of the score of everybody, from raked weights. None without answers."""
    found = weights_of.weighted_score(tallies, raked, accounts=accounts, confidence=confidence)
    if found is None:
        return None
    cells = [cell for cell in sorted(tallies) if tallies[cell].n]
    weights = {cell: raked.weights[cell] for cell in cells}
    up = sum(weights[cell] * tallies[cell].promoters for cell in cells)
    down = sum(weights[cell] * tallies[cell].detractors for cell in cells)
    total = sum(weights[cell] * tallies[cell].n for cell in cells)
    return Explanation(
        title="The score of everybody",
        says=(
            f"Weighted to all customers: {points(found.score)} ({between(found.low, found.high)}); "
            f"the {answers(found.n)} are worth {count(found.effective_n)}."
        ),
        steps=(
            _sum_step(Group.PROMOTER, weights, tallies, up),
            _sum_step(Group.DETRACTOR, weights, tallies, down),
            Step(
                "Score",
                "100 × (promoters − detractors) / n, all weighted",
                f"100 × ({decimal(up)} − {decimal(down)}) / {decimal(total)}",
                points(found.score),
                found.score,
            ),
            *_weighted_limits(found, (up + down) / total, confidence),
        ),
        source=(
            "Deming and Stephan (1940), Annals of Mathematical Statistics 11, p. 427-444; Deville "
            "and Särndal (1992), Journal of the American Statistical Association 87, p. 376-382."
        ),
        page="changes-and-segments",
        table=Table(
            ("Segment", "Answers", "Weight of each"),
            tuple(
                (
                    ", ".join(value or "not known" for value in cell),
                    count(tallies[cell].n),
                    decimal(weights[cell]),
                )
                for cell in cells
            ),
        ),
        notes=_weighting_notes(raked),
    )


def _sum_step(
    group: Group, weights: Mapping[Cell, float], tallies: Mapping[Cell, Tally], total: float
) -> Step:
    name = f"{group.value}s"
    filled = " + ".join(
        f"{decimal(weight)} × {count(tallies[cell].count_of(group))}"
        for cell, weight in weights.items()
    )
    return Step(
        f"{name.capitalize()}, weighted", f"Σ weight × {name}", filled, decimal(total), total
    )


def _weighted_limits(
    found: weights_of.WeightedScore, squares: float, confidence: float
) -> tuple[Step, ...]:
    n = found.effective_n
    centre = n * found.score / (n + 3)
    error = math.sqrt(((n * squares + 1.5) / (n + 3) - (centre / 100) ** 2) / (n + 3))
    z = decimal(intervals.quantile(confidence), 6)
    worth, middle = decimal(n, 2), decimal(centre)
    return (
        Step("What the answers are worth", "n′", worth, worth, n),
        Step(
            "Middle, with three answers added",
            "M = n′ × score / (n′ + 3)",
            f"{worth} × {bracketed(found.score)} / ({worth} + 3)",
            middle,
            centre,
        ),
        Step(
            "Standard error",
            "E = √(((n′ × extremes + 1.5) / (n′ + 3) − (M / 100)²) / (n′ + 3))",
            f"√((({worth} × {decimal(squares, 6)} + 1.5) / ({worth} + 3) − "
            f"({middle} / 100)²) / ({worth} + 3))",
            decimal(error),
            error,
        ),
        Step(
            "Lower limit",
            "M − 100 × z × E",
            f"{middle} − 100 × {z} × {decimal(error, 6)}",
            points(found.low),
            found.low,
        ),
        Step(
            "Upper limit",
            "M + 100 × z × E",
            f"{middle} + 100 × {z} × {decimal(error, 6)}",
            points(found.high),
            found.high,
        ),
    )


def _weighting_notes(raked: Raked) -> tuple[str, ...]:
    notes = [
        (
            "Within a segment those who did not answer are taken to be like those who did. Whether "
            "they are, nobody knows."
        ),
        "A limit never lies beyond the end of the scale.",
    ]
    if raked.missing:
        names = ", ".join(value or "people without one" for _, value in raked.missing)
        notes.append(f"Nobody answered for {names}: nothing stands for them.")
    if raked.trimmed:
        names = "; ".join(", ".join(cell) for cell in raked.trimmed)
        notes.append(
            f"An answer of {names} would have stood for more than "
            f"{decimal(weights_of.MOST_WEIGHT)} others: its weight was cut."
        )
    return tuple(notes)
