"""What it brought to contact customers: both arms side by side, and the revenue that was kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from afterscore.domain import intervals, returns
from afterscore.domain.experiments import Trial
from afterscore.domain.explaining.contrasts import (
    POOLED,
    compared_steps,
    hundred_step,
    people_step,
)
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    between,
    bracketed,
    count,
    decimal,
    points,
)
from afterscore.domain.returns import Amount, Basis, Contrast
from afterscore.domain.trends import rounded

PAGE = "observed-return"
NAMES = {
    Basis.OBSERVED: ("contacted", "not contacted"),
    Basis.BY_LOT: ("put first", "put back"),
}
_NOTES = {
    Basis.OBSERVED: (
        "Observed, not drawn by lot: those contacted may differ from the rest in more than the "
        "contact. A sign, not a proof."
    ),
    Basis.BY_LOT: (
        "Whoever the lot put first counts as put first, whatever became of it: the lot alone makes "
        "both sides alike."
    ),
}


def contrast(
    found: Contrast, *, title: str, who: str, did: str, strata: Sequence[str]
) -> Explanation | None:
    """`strata` names each of the trials that were put together. None of nobody."""
    if not found.customers:
        return None
    names = NAMES[found.basis]
    known = found.difference
    steps = [people_step(found.contacted, found.others, who=who)]
    steps += [
        hundred_step(name, arm)
        for name, arm in zip(names, (found.contacted, found.others), strict=True)
        if arm.people
    ]
    if known is not None:
        over = "groups" if found.basis is Basis.OBSERVED else "lots"
        steps += compared_steps(found.trials, names, known.confidence, over=over)
    if found.needed is not None:
        steps += _needed_steps(found)
    return Explanation(
        title=title,
        says=_says(found, who, did),
        steps=tuple(steps),
        source=POOLED,
        page=PAGE,
        table=_table(found.trials, names, strata) if len(found.trials) > 1 else None,
        notes=(_NOTES[found.basis],),
    )


def _says(found: Contrast, who: str, did: str) -> str:
    first, second = NAMES[found.basis]
    known = found.difference
    if known is None:
        return f"Nobody to compare yet: there are {who} on one side only."
    more = f"{points(abs(100 * known.difference))} {'fewer' if known.difference < 0 else 'more'}"
    return (
        f"Of a hundred {who}, {more} {did} of those {first} than of those {second} "
        f"({between(100 * known.low, 100 * known.high)})."
    )


def _table(trials: Sequence[Trial], names: tuple[str, str], strata: Sequence[str]) -> Table:
    """One row for each stratum; one that has nobody on one side compares nothing and weighs 0."""
    first, second = (name.capitalize() for name in names)
    return Table(
        ("Compared within", first, "of them", second, "of them", "Weight w = n₁ × n₂ / (n₁ + n₂)"),
        tuple(
            (
                name,
                count(trial.treated.people),
                count(trial.treated.events),
                count(trial.held_out.people),
                count(trial.held_out.events),
                decimal(trial.weight),
            )
            for name, trial in zip(strata, trials, strict=True)
        ),
    )


def _needed_steps(found: Contrast) -> list[Step]:
    """How many it takes to show five more of a hundred."""
    total = found.customers
    share = found.contacted.people / total
    usual = (found.contacted.events + found.others.events + 1) / (total + 2)
    reach = intervals.quantile(0.95) + intervals.quantile(2 * returns.POWER - 1)
    smallest = returns.MINIMUM_ARM / min(share, 1 - share)
    spread = usual * (1 - usual) * (1 / share + 1 / (1 - share))
    needed = max(reach**2 * spread / returns.WORTHWHILE**2, smallest)
    p, s = decimal(usual, 6), decimal(share, 6)
    whole = count(rounded(math.ceil(needed)))
    return [
        Step(
            "Share of both sides, for planning",
            "p = (of them + 1) / (n₁ + n₂ + 2)",
            f"({count(found.contacted.events)} + {count(found.others.events)} + 1) / "
            f"({count(total)} + 2)",
            p,
            usual,
        ),
        Step(
            f"Share {NAMES[found.basis][0]}",
            "s = n₁ / (n₁ + n₂)",
            f"{count(found.contacted.people)} / {count(total)}",
            s,
            share,
        ),
        Step(
            "How many it takes, to show five more of a hundred four times in five",
            "max((z + z of 80 %)² × p × (1 − p) × (1 / s + 1 / (1 − s)) / 0.05², "
            "20 / min(s, 1 − s))",
            f"max({decimal(reach, 6)}² × {p} × (1 − {p}) × (1 / {s} + 1 / (1 − {s})) / "
            f"{decimal(returns.WORTHWHILE)}², {returns.MINIMUM_ARM} / min({s}, 1 − {s}))",
            decimal(needed, 2),
            needed,
        ),
        Step("As it is told", "rounded up", whole, whole, rounded(math.ceil(needed))),
    ]


def kept(amount: Amount, found: Contrast, *, unit: str) -> Explanation | None:
    """The difference as revenue, and for each minute where any was written down. None without a
    difference."""
    known = found.difference
    if known is None:
        return None
    limits = (
        ("Kept", known.difference, amount.kept),
        ("Lower limit", known.low, amount.low),
        ("Upper limit", known.high, amount.high),
    )
    stake = points(float(amount.at_stake))
    steps = [
        Step(
            f"{label}, {unit} a year",
            "difference × revenue that came up" if label == "Kept" else "that limit × revenue",
            f"{bracketed(ratio, 8)} × {stake}",
            points(float(value)),
            float(value),
        )
        for label, ratio, value in limits
    ]
    for label, _ratio, value in limits:
        each = amount.per_minute(value)
        if each is not None:
            name = "For each minute" if label == "Kept" else f"{label}, for each minute"
            steps.append(_minute_step(f"{name}, {unit}", value, each, minutes=amount.minutes))
    return Explanation(
        title="Revenue that was kept",
        says=(
            f"{unit} {points(float(amount.kept))} a year "
            f"({between(float(amount.low), float(amount.high))})."
        ),
        steps=tuple(steps),
        source="The difference in staying, times the revenue of the companies contacted.",
        page=PAGE,
        notes=(
            (
                "It takes large companies to react like small ones. Amounts in another currency "
                "are left out."
            ),
        ),
    )


def _minute_step(label: str, value: Decimal, each: Decimal, *, minutes: int) -> Step:
    return Step(
        label,
        "that amount / minutes written down",
        f"{bracketed(float(value), 2)} / {count(minutes)}",
        points(float(each)),
        float(each),
    )
