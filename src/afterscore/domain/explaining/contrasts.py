"""Two shares set side by side: Wilson's limits of each, and Newcombe's of their difference."""

from __future__ import annotations

import math
from dataclasses import dataclass

from afterscore.domain import intervals
from afterscore.domain.explaining.parts import Step, count, decimal, points

NEWCOMBE = "Newcombe (1998), Statistics in Medicine 17, p. 873-890, method 10"


@dataclass(frozen=True, slots=True)
class Side:
    """A share, as if seen in so many people; `low` and `high` are Wilson's."""

    name: str
    ratio: float
    people: float
    confidence: float

    @property
    def low(self) -> float:
        return intervals.wilson(self.ratio, self.people, self.confidence)[0]

    @property
    def high(self) -> float:
        return intervals.wilson(self.ratio, self.people, self.confidence)[1]

    @property
    def limit_steps(self) -> tuple[Step, Step]:
        z, n = decimal(intervals.quantile(self.confidence), 6), decimal(self.people, 4)
        r = decimal(self.ratio, 6)
        formula = "(p + z² / (2n) {} z × √(p × (1 − p) / n + z² / (4n²))) / (1 + z² / n)"
        filled = (
            f"({r} + {z}² / (2 × {n}) {{}} {z} × √({r} × (1 − {r}) / {n} + "
            f"{z}² / (4 × {n}²))) / (1 + {z}² / {n})"
        )
        return (
            self._limit("Lower limit", f"l = {formula.format('−')}", filled.format("−"), self.low),
            self._limit("Upper limit", f"u = {formula.format('+')}", filled.format("+"), self.high),
        )

    def _limit(self, label: str, formula: str, filled: str, value: float) -> Step:
        return Step(f"{label}, {self.name}", formula, filled, decimal(value, 6), value)


def share_step(name: str, happened: int, people: int) -> Step:
    ratio = happened / people
    return Step(
        f"Share, {name}",
        "p = of them / people",
        f"{count(happened)} / {count(people)}",
        decimal(ratio, 6),
        ratio,
    )


def newcombe_steps(first: Side, second: Side) -> tuple[Step, Step, Step]:
    """First minus second, in percentage points."""
    found = first.ratio - second.ratio
    low = max(-1.0, found - math.hypot(first.ratio - first.low, second.high - second.ratio))
    high = min(1.0, found + math.hypot(first.high - first.ratio, second.ratio - second.low))
    one, two = decimal(first.ratio, 6), decimal(second.ratio, 6)
    apart = f"{one} − {two}"
    below = f"√(({one} − {decimal(first.low, 6)})² + ({decimal(second.high, 6)} − {two})²)"
    above = f"√(({decimal(first.high, 6)} − {one})² + ({two} − {decimal(second.low, 6)})²)"
    return (
        Step("Difference, of a hundred", "100 × (p₁ − p₂)", f"100 × ({apart})",
             points(100 * found), 100 * found),
        Step("Lower limit of the difference", "100 × (p₁ − p₂ − √((p₁ − l₁)² + (u₂ − p₂)²))",
             f"100 × max(−1, {apart} − {below})", points(100 * low), 100 * low),
        Step("Upper limit of the difference", "100 × (p₁ − p₂ + √((u₁ − p₁)² + (p₂ − l₂)²))",
             f"100 × min(1, {apart} + {above})", points(100 * high), 100 * high),
    )  # fmt: skip
