"""Whether the score predicts here who stays: the verdict, how strong it is, and in which words.

From the contracts that came to an end, each beside the lowest score that somebody of the company
gave in the year before. See docs/algorithms/leaving.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from afterscore.domain import nps, outcomes, relations
from afterscore.domain.nps import Histogram
from afterscore.domain.outcomes import FEWEST, Leaving, Relation
from afterscore.domain.relations import Slope
from afterscore.domain.returns import Renewals

STRONG, MODERATE = 0.75, 0.65
"""Chances that the one who left had given less; 0.5 is what a coin does."""


class Told(StrEnum):
    """What a number of the sentence is."""

    CONTRACTS = "contracts"
    LEFT = "left"
    STAYED = "stayed"
    PAIRS = "pairs"


class Piece(NamedTuple):
    """Of a sentence, and the number that follows it, where there is one."""

    text: str
    number: str = ""
    told: Told | None = None


@dataclass(frozen=True, slots=True)
class Predicting:
    """`slope` is by how much the odds of leaving change for a point less; None where it cannot be
    told."""

    left: Histogram
    stayed: Histogram
    leaving: Leaving
    slope: Slope | None
    verdict: str
    pieces: tuple[Piece, ...]
    advice: str

    @property
    def sentence(self) -> str:
        return "".join(piece.text + piece.number for piece in self.pieces)


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
    hint = found.relation is Relation.NONE and slope is not None and slope.is_beyond_chance
    return Predicting(
        tuple(left),
        tuple(stayed),
        found,
        slope,
        "a hint at most" if hint else _VERDICTS[found.relation],
        tuple(_pieces(found, sum(left), sum(stayed))),
        _HINT if hint else _ADVICE[found.relation],
    )


_VERDICTS = {
    Relation.NOT_ENOUGH: "cannot tell yet",
    Relation.NONE: "nothing found",
    Relation.LOWER_LEAVE: "it does",
    Relation.HIGHER_LEAVE: "the wrong way round",
}
_HINT = (
    "The odds for each point less show a relation, the pairs leave it open: until both do, do not "
    "promise that a better score keeps customers."
)
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


def _pieces(found: Leaving, left: int, stayed: int) -> Iterator[Piece]:
    ended = left + stayed
    if not ended:
        yield Piece("No contract of a company that had answered has come to an end yet.")
        return
    yield Piece("", f"{ended:,}", Told.CONTRACTS)
    contracts = "contract" if ended == 1 else "contracts"
    yield Piece(
        f" {contracts} of companies that had answered came to an end: ", f"{left:,}", Told.LEFT
    )
    yield Piece(" left and ", f"{stayed:,}", Told.STAYED)
    if found.relation is Relation.NOT_ENOUGH:
        yield Piece(f" stayed. It takes {FEWEST} of each before anything can be said.")
        return
    auc = found.auc or 0.5
    yield Piece(" stayed. In ", f"{round(100 * auc)}", Told.PAIRS)
    yield Piece(
        " of 100 pairs of one that left and one that stayed, the one that left had given less"
    )
    does = found.relation is Relation.LOWER_LEAVE
    yield Piece(f": {_strength(auc)}." if does else "; a coin gives 50.")


def _strength(auc: float) -> str:
    if auc >= STRONG:
        return "a strong sign"
    return "a clear sign" if auc >= MODERATE else "a weak sign"


def group_label(group: nps.Group) -> str:
    return {
        nps.Group.PROMOTER: "promoters only",
        nps.Group.PASSIVE: "a passive, and nobody below",
        nps.Group.DETRACTOR: "a detractor",
    }[group]
