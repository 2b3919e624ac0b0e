"""Whether the score predicts here who stays: the verdict, how strong it is, and in which words.

From the contracts that came to an end, each beside the lowest score that somebody of the company
gave in the year before. See docs/algorithms/leaving.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afterscore.domain import nps, outcomes, relations
from afterscore.domain.nps import Histogram
from afterscore.domain.outcomes import FEWEST, Leaving, Relation
from afterscore.domain.relations import Slope
from afterscore.domain.returns import Renewals

STRONG, MODERATE = 0.75, 0.65
"""Chances that the one who left had given less; 0.5 is what a coin does."""


@dataclass(frozen=True, slots=True)
class Predicting:
    """`slope` is by how much the odds of leaving change for a point less; None where it cannot be
    told."""

    left: Histogram
    stayed: Histogram
    leaving: Leaving
    slope: Slope | None
    verdict: str
    sentence: str
    advice: str


def judge(renewals: Sequence[Renewals]) -> Predicting:
    left, stayed = [0] * 11, [0] * 11
    for each in renewals:
        left[each.score] += each.left
        stayed[each.score] += each.stayed
    found = outcomes.leaving(tuple(left), tuple(stayed))
    slope = None
    if found.relation is not Relation.NOT_ENOUGH:
        by_distance = {float(-score): (left[score], stayed[score]) for score in range(11)}
        slope = relations.logistic(by_distance)
    return Predicting(
        tuple(left),
        tuple(stayed),
        found,
        slope,
        _VERDICTS[found.relation],
        _sentence(found, sum(left), sum(stayed)),
        _ADVICE[found.relation],
    )


_VERDICTS = {
    Relation.NOT_ENOUGH: "cannot tell yet",
    Relation.NONE: "nothing found",
    Relation.LOWER_LEAVE: "it does",
    Relation.HIGHER_LEAVE: "the wrong way round",
}
_ADVICE = {
    Relation.NOT_ENOUGH: (
        "Record what became of contracts: renewals and departures, by file or API."
    ),
    Relation.NONE: (
        "A weak relation may hide in so few contracts. Until one is found, do not promise that a "
        "better score keeps customers."
    ),
    Relation.LOWER_LEAVE: (
        "That the two go together does not make one the cause of the other: whether an answer "
        "keeps a customer, the loops tell."
    ),
    Relation.HIGHER_LEAVE: (
        "Look at who answers: often it is not those who decide. That the two go together does not "
        "make one the cause of the other."
    ),
}


def _sentence(found: Leaving, left: int, stayed: int) -> str:
    counts = f"{_contracts(left + stayed)} of companies that had answered came to an end"
    whose = f"{left:,} left and {stayed:,} stayed"
    if found.relation is Relation.NOT_ENOUGH:
        return (
            f"{counts}: {whose}. It takes {FEWEST} of each before anything can be said."
            if left + stayed
            else "No contract of a company that had answered has come to an end yet."
        )
    chance = round(100 * (found.auc or 0.5))
    told = (
        f"{counts}: {whose}. In {chance} of 100 pairs of one that left and one that stayed, the "
        "one that left had given less"
    )
    if found.relation is Relation.LOWER_LEAVE:
        return f"{told}: {_strength(found.auc or 0.5)}."
    return f"{told}; a coin gives 50."


def _strength(auc: float) -> str:
    if auc >= STRONG:
        return "a strong sign"
    return "a clear sign" if auc >= MODERATE else "a weak sign"


def _contracts(count: int) -> str:
    return f"{count:,} contract{'' if count == 1 else 's'}"


def group_label(group: nps.Group) -> str:
    return {
        nps.Group.PROMOTER: "promoters only",
        nps.Group.PASSIVE: "a passive, and nobody below",
        nps.Group.DETRACTOR: "a detractor",
    }[group]
