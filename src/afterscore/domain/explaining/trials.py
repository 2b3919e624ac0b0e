"""What a message brings: by the lots that were drawn for it, or by the days before and after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

from afterscore.domain import effects, experiments, intervals
from afterscore.domain.effects import Spell
from afterscore.domain.experiments import Arm, Difference, Finding, Trial
from afterscore.domain.explaining.contrasts import POOLED, compared_steps, people_step
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    between,
    count,
    decimal,
    points,
    quantile_step,
    signed,
)

PAGE = "reminder-effect"
WITH, WITHOUT = "with it", "without it"
_SPELLS = "Agresti and Caffo (2000), The American Statistician 54(4), p. 280-288."


def lots(found: Finding, *, title: str) -> Explanation | None:
    """Of the people whom the lot gave the message or kept it from. None where there are none."""
    if not found.people:
        return None
    usable = [trial for trial in found.trials if trial.weight]
    known = found.difference
    steps = [people_step(found.treated, found.held_out)]
    if known is not None:
        steps += _compared_steps(found, known)
    if found.needed is not None:
        steps += _needed_steps(found)
    return Explanation(
        title=title,
        says=_lots_say(found),
        steps=tuple(steps),
        source=POOLED,
        page=PAGE,
        table=_table(usable) if len(usable) > 1 else None,
        notes=(
            (
                "Whoever was to get it counts as with it, whatever became of the mail: the lot "
                "alone makes the two groups alike."
            ),
        ),
    )


def _lots_say(found: Finding) -> str:
    whom = (
        f"{count(found.treated.people)} were to get it and {count(found.held_out.people)} were "
        "held out by lot"
    )
    known = found.difference
    if known is None:
        return f"{whom}: nobody can be compared yet."
    limits = between(100 * known.low, 100 * known.high)
    return f"{whom}: {signed(100 * known.difference)} answers of a hundred people ({limits})."


def _compared_steps(found: Finding, known: Difference) -> tuple[Step, ...]:
    gained = known.difference * found.treated.people
    return (
        *compared_steps(found.trials, (WITH, WITHOUT), known.confidence, over="waves"),
        Step(
            "Answers that would not have come",
            "difference × people with it",
            f"{decimal(known.difference, 6)} × {count(found.treated.people)}",
            count(gained),
            gained,
        ),
    )


def _table(usable: Sequence[Trial]) -> Table:
    """Mantel and Haenszel's weights, so that unlike waves do not pass for an effect."""
    return Table(
        ("Wave", "With it", "Answered", "Without it", "Answered", "Weight w = n₁ × n₂ / (n₁ + n₂)"),
        tuple(
            (
                count(place),
                count(trial.treated.people),
                count(trial.treated.events),
                count(trial.held_out.people),
                count(trial.held_out.events),
                decimal(trial.weight),
            )
            for place, trial in enumerate(usable, 1)
        ),
    )


def _needed_steps(found: Finding) -> tuple[Step, ...]:
    """How many people it takes to show a message that works well."""
    base = experiments.base_of(found.held_out)
    lift, out = experiments.PLANNING_LIFT, found.hold_out
    reached = min(base + lift, 1.0)
    reach = intervals.quantile(0.95) + NormalDist().inv_cdf(experiments.POWER)
    spread = reached * (1 - reached) / (1 - out) + base * (1 - base) / out
    fewest = experiments.MINIMUM_ARM / min(out, 1 - out)
    needed = max(reach**2 * spread / lift**2, fewest)
    p0, p1, h = decimal(base, 6), decimal(reached, 6), decimal(out, 4)
    whole = count(math.ceil(needed))
    return (
        _base_step(found.held_out, base),
        Step(
            "People it takes, to show ten more of a hundred four times in five",
            "max((z + z of 80 %)² × (p₁ × (1 − p₁) / (1 − h) + p₀ × (1 − p₀) / h) / 0.1², "
            "20 / min(h, 1 − h)), h being the share held out and p₁ = p₀ + 0.1",
            f"max({decimal(reach, 6)}² × ({p1} × (1 − {p1}) / (1 − {h}) + "
            f"{p0} × (1 − {p0}) / {h}) / {decimal(lift)}², "
            f"{experiments.MINIMUM_ARM} / min({h}, 1 − {h}))",
            decimal(needed, 2),
            needed,
        ),
        Step("In whole people", "rounded up", whole, whole, math.ceil(needed)),
    )


def _base_step(held_out: Arm, base: float) -> Step:
    label = "Share that answers without it, for planning"
    if held_out.people < experiments.MINIMUM_ARM:
        known = decimal(base, 6)
        return Step(label, "p₀, while fewer than 20 were held out", known, known, base)
    return Step(
        label,
        "p₀ = (answered + 1) / (held out + 2)",
        f"({count(held_out.events)} + 1) / ({count(held_out.people)} + 2)",
        decimal(base, 6),
        base,
    )


def spells(before: Spell, after: Spell, *, title: str, confidence: float = 0.95) -> Explanation:
    """The days before a message beside those after it, of the same people."""
    found = effects.lift(before, after, confidence)
    one, two = ((each.answered + 1) / (each.waiting + 2) for each in (before, after))
    error = math.sqrt(
        one * (1 - one) / (before.waiting + 2) + two * (1 - two) / (after.waiting + 2)
    )
    limits = between(100 * found.low, 100 * found.high)
    return Explanation(
        title=title,
        says=f"{signed(100 * found.difference)} answers of a hundred people ({limits}) in the days "
        "after it, beside the days before.",
        steps=(
            *_spell_steps("before", before, one),
            *_spell_steps("after", after, two),
            Step(
                "Difference, of a hundred",
                "100 × (p after − p before)",
                f"100 × ({decimal(two, 6)} − {decimal(one, 6)})",
                points(100 * found.difference),
                100 * found.difference,
            ),
            Step(
                "Its standard error",
                "E = √(Σ p × (1 − p) / (waiting + 2))",
                f"√({decimal(one, 6)} × (1 − {decimal(one, 6)}) / ({count(before.waiting)} + 2) + "
                f"{decimal(two, 6)} × (1 − {decimal(two, 6)}) / ({count(after.waiting)} + 2))",
                decimal(error, 6),
                error,
            ),
            quantile_step(confidence),
            *_spell_limits(found.difference, error, confidence),
        ),
        source=_SPELLS,
        page=PAGE,
        notes=(
            (
                "Answers dry up by themselves, so a rise is a sign, and an understated one. By lot "
                "nobody was held out who could be compared."
            ),
        ),
    )


def _spell_steps(name: str, spell: Spell, adjusted: float) -> tuple[Step, ...]:
    answered, waiting = count(spell.answered), count(spell.waiting)
    plain = Step(
        f"Share that answered in the two days {name}",
        "100 × answered / waiting when they began",
        f"100 × {answered} / {waiting}",
        points(100 * (spell.ratio or 0.0)),
        100 * (spell.ratio or 0.0),
    )
    return (
        *((plain,) if spell.waiting else ()),
        Step(
            f"With one answer and one silence added, {name}",
            "p = (answered + 1) / (waiting + 2)",
            f"({answered} + 1) / ({waiting} + 2)",
            decimal(adjusted, 6),
            adjusted,
        ),
    )


def _spell_limits(difference: float, error: float, confidence: float) -> tuple[Step, Step]:
    z = intervals.quantile(confidence)
    start, reach = decimal(difference, 6), f"{decimal(z, 6)} × {decimal(error, 6)}"
    low, high = 100 * (difference - z * error), 100 * (difference + z * error)
    return (
        Step("Lower limit", "100 × (difference − z × E)", f"100 × ({start} − {reach})",
             points(low), low),
        Step("Upper limit", "100 × (difference + z × E)", f"100 × ({start} + {reach})",
             points(high), high),
    )  # fmt: skip
