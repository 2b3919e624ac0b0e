"""How the straight line through the scores of all periods comes about."""

from __future__ import annotations

import math
from collections.abc import Sequence

from afterscore.domain import tendency as tendencies
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    bracketed,
    count,
    decimal,
    points,
)
from afterscore.domain.nps import Tally
from afterscore.domain.tendency import Tendency


def tendency(
    periods: Sequence[tuple[str, float, Tally]], *, confidence: float = 0.95
) -> Explanation | None:
    """Of periods with their names and the days on which they begin. None where they are too few."""
    told = [each for each in periods if each[2].n]
    found = tendencies.through([(at, tally) for _name, at, tally in told], confidence=confidence)
    if found is None:
        return None
    return Explanation(
        title="Whether the score went one way",
        says=found.sentence,
        steps=tuple(_steps(found)),
        source="Armitage (1955), Biometrics 11, p. 375-386; McCullagh and Nelder (1989), "
        "Generalized Linear Models, section 4.5.",
        page="trends",
        table=_table(told),
        notes=(
            (
                "t are days from the first period on, w what the answers are worth, s the scores, "
                "v the variance of one answer; t̄ and s̄ are means weighted by w, and V is that of "
                "100² v with three answers added, one of each group."
            ),
            (
                "Where the periods lie no further from the line than chance puts them, φ counts "
                "as 1."
            ),
        ),
    )


def _steps(found: Tendency) -> Sequence[Step]:
    slope = found.moment / found.spread
    excess = max(1.0, found.excess)
    scatter = found.excess * found.variance * found.freedom
    error = math.sqrt(found.variance * excess / found.spread) * found.length
    reach = f"{decimal(found.quantile, 6)} × {decimal(error, 4)}"
    start = decimal(found.difference, 4)
    name = "z" if found.excess <= 1 else f"t, {count(found.freedom)} degrees of freedom"
    return (
        Step(
            "Slope of the line, in points a day",
            "b = Σ w (t − t̄)(s − s̄) / Σ w (t − t̄)²",
            f"{bracketed(found.moment, 4)} / {decimal(found.spread, 4)}",
            decimal(slope, 6),
            slope,
        ),
        Step(
            "Rise from the first period to the last",
            "b × days",
            f"{bracketed(found.moment, 4)} / {decimal(found.spread, 4)} × {decimal(found.length)}",
            points(found.difference),
            found.difference,
        ),
        Step(
            "How much further than chance the periods lie from the line",
            "φ = Σ w (s − line)² / (V × (k − 2)), at least 1",
            f"max({decimal(scatter, 2)} / ({decimal(found.variance, 4)} × "
            f"{count(found.freedom)}), 1)",
            decimal(excess, 4),
            excess,
        ),
        Step(
            "Its standard error",
            "√(V × φ / Σ w (t − t̄)²) × days",
            f"√({decimal(found.variance, 4)} × {decimal(excess, 6)} / {decimal(found.spread, 4)}) "
            f"× {decimal(found.length)}",
            points(error),
            error,
        ),
        Step(
            "How far 95 % reaches" if found.excess <= 1 else "How far it reaches, by Student",
            name,
            decimal(found.quantile, 6),
            decimal(found.quantile, 6),
            found.quantile,
        ),
        Step("Lower limit", "rise − reach", f"{start} − {reach}", points(found.low), found.low),
        Step("Upper limit", "rise + reach", f"{start} + {reach}", points(found.high), found.high),
    )


def _table(told: Sequence[tuple[str, float, Tally]]) -> Table:
    first = min(at for _name, at, _tally in told)
    return Table(
        ("Period", "t", "w", "s", "v"),
        tuple(
            (
                name,
                decimal(at - first, 2),
                decimal(tally.worth, 2),
                points(tally.score or 0.0),
                decimal(tally.variance, 4),
            )
            for name, at, tally in told
        ),
    )
