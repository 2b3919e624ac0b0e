"""Whether one part of the customers is looked after as often as all others."""

from __future__ import annotations

import math
from statistics import NormalDist

from afterscore.domain import intervals, parity
from afterscore.domain.experiments import Trial
from afterscore.domain.explaining.contrasts import (
    NEWCOMBE,
    compared_steps,
    hundred_step,
    people_step,
)
from afterscore.domain.explaining.parts import Explanation, Step, count, decimal, percent
from afterscore.domain.parity import Care, Part
from afterscore.domain.trends import rounded

PAGE = "loop-ledger"
_VERDICTS = {
    Care.NEGLECTED: "closed less often than the rest",
    Care.FAVOURED: "closed more often than the rest",
    Care.EVEN: "closed as often as the rest",
    Care.NOT_ENOUGH: "cannot be told yet",
}


def care(found: Part, *, names: tuple[str, str], confidence: float) -> Explanation:
    """`names` are of the part and of the rest; `confidence` is that of each look."""
    own, rest = found.own, found.rest
    steps = [people_step(own, rest, who="loops")]
    steps += [
        hundred_step(name, arm) for name, arm in zip(names, (own, rest), strict=True) if arm.people
    ]
    if found.difference is not None:
        steps += compared_steps([Trial(own, rest)], names, confidence, over="parts")
    if found.needed is not None:
        steps += _needed_steps(found, confidence)
    return Explanation(
        title="Does everybody get the same care?",
        says=(
            f"{count(own.events)} of {count(own.people)} loops closed, of all others "
            f"{count(rest.events)} of {count(rest.people)}: {_VERDICTS[found.care]}."
        ),
        steps=tuple(steps),
        source=f"{NEWCOMBE}; Bonferroni (1936).",
        page=PAGE,
        notes=(
            (
                f"With {percent(confidence)} for each of the five looks, so that all five hold "
                "together with 95 %."
            ),
            (
                "Only answers older than 14 days are compared: the loops of younger ones may still "
                "be closing."
            ),
        ),
    )


def _needed_steps(found: Part, confidence: float) -> list[Step]:
    """How many of its own the part takes to notice a shortfall of ten of a hundred."""
    rest = found.rest
    usual = (rest.events + 1) / (rest.people + 2)
    short = max(usual - parity.TOLERANCE, 0.0)
    reach = intervals.quantile(confidence) + NormalDist().inv_cdf(parity.POWER)
    left = (parity.TOLERANCE / reach) ** 2 - usual * (1 - usual) / rest.people
    needed = max(parity.MINIMUM_PART, short * (1 - short) / left)
    u, s, n = decimal(usual, 6), decimal(short, 6), count(rest.people)
    whole = count(rounded(math.ceil(needed)))
    return [
        Step(
            "Share closed of all others, for planning",
            "u = (closed + 1) / (loops + 2)",
            f"({count(rest.events)} + 1) / ({n} + 2)",
            u,
            usual,
        ),
        Step(
            "Answers it takes, to notice ten fewer of a hundred four times in five",
            "max(20, s × (1 − s) / ((0.1 / (z + z of 80 %))² − u × (1 − u) / n)), s being u − 0.1",
            f"max({parity.MINIMUM_PART}, {s} × (1 − {s}) / (({decimal(parity.TOLERANCE)} / "
            f"{decimal(reach, 6)})² − {u} × (1 − {u}) / {n.replace(',', '')}))",
            decimal(needed, 2),
            needed,
        ),
        Step("As it is told", "rounded up", whole, whole, rounded(math.ceil(needed))),
    ]
