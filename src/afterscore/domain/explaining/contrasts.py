"""Two shares set side by side: Wilson's limits of each, and Newcombe's of their difference."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from afterscore.domain import intervals
from afterscore.domain.experiments import Arm, Trial
from afterscore.domain.explaining.parts import (
    Step,
    count,
    decimal,
    points,
    quantile_step,
)

NEWCOMBE = "Newcombe (1998), Statistics in Medicine 17, p. 873-890, method 10"
POOLED = (
    f"{NEWCOMBE}; Mantel and Haenszel (1959), Journal of the National Cancer Institute 22, "
    "p. 719-748."
)


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


def hundred_step(name: str, arm: Arm) -> Step:
    """The share as a page has it. Of people, of whom there has to be one."""
    ratio = 100 * arm.events / arm.people
    return Step(
        f"Of a hundred, {name}",
        "100 × of them / all",
        f"100 × {count(arm.events)} / {count(arm.people)}",
        points(ratio),
        ratio,
    )


def share_step(
    name: str, done: int, whole: int, *, words: tuple[str, str] = ("of them", "people")
) -> Step:
    """`words` are of those who did, and of all."""
    ratio = done / whole
    return Step(
        f"Share, {name}",
        f"p = {words[0]} / {words[1]}",
        f"{count(done)} / {count(whole)}",
        decimal(ratio, 6),
        ratio,
    )


def people_step(first: Arm, second: Arm, *, who: str = "people") -> Step:
    return Step(
        f"{who.capitalize()} compared",
        "n₁ + n₂",
        f"{count(first.people)} + {count(second.people)}",
        count(first.people + second.people),
        first.people + second.people,
    )


def compared_steps(
    trials: Sequence[Trial], names: tuple[str, str], confidence: float, *, over: str
) -> tuple[Step, ...]:
    """Treated minus held out, pooled `over` several trials where there are more than one. Only of
    trials that have people on both sides, of which there has to be one."""
    usable = [trial for trial in trials if trial.weight]
    weights = [trial.weight for trial in usable]
    treated, held_out = [each.treated for each in usable], [each.held_out for each in usable]
    first, first_steps = _side(names[0], treated, weights, confidence=confidence, over=over)
    second, second_steps = _side(names[1], held_out, weights, confidence=confidence, over=over)
    return (
        *first_steps,
        *second_steps,
        quantile_step(confidence),
        *first.limit_steps,
        *second.limit_steps,
        *newcombe_steps(first, second),
    )


def _side(
    name: str, arms: Sequence[Arm], weights: Sequence[float], *, confidence: float, over: str
) -> tuple[Side, tuple[Step, ...]]:
    """One arm over all trials; of one trial simply its share."""
    if len(arms) == 1:
        step = share_step(name, arms[0].events, arms[0].people)
        return Side(name, step.value, arms[0].people, confidence), (step,)
    total = sum(weights)
    summed = sum(w * arm.events / arm.people for w, arm in zip(weights, arms, strict=True))
    squares = sum(w * w / arm.people for w, arm in zip(weights, arms, strict=True))
    side = Side(name, summed / total, total * total / squares, confidence)
    return side, (
        Step(
            f"Share, {name}, of all {over}",
            "p = Σ (w × of them / people) / Σ w",
            f"{decimal(summed, 6)} / {decimal(total, 6)}",
            decimal(side.ratio, 6),
            side.ratio,
        ),
        Step(
            f"As if from so many people, {name}",
            "n = (Σ w)² / Σ (w² / people)",
            f"{decimal(total, 6)}² / {decimal(squares, 6)}",
            decimal(side.people, 4),
            side.people,
        ),
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
