"""A whole trend judged at once: which of its steps are noise, a shift of the mix, or real.

Each step is one comparison, and twelve of them find a "change" by chance in every second year. So
p-values hold in the family of all steps (Holm, domain/families.py), and a step that holds is taken
apart into what customers changed and who they were (Kitagawa, domain/mix.py).
See docs/algorithms/trends.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from afterscore.domain import compare, families, mix, trends
from afterscore.domain.compare import Change, Comparison
from afterscore.domain.mix import Decomposition
from afterscore.domain.nps import Tally

BEYOND_CHANCE = 0.05
UNTOLD = "Whether customers changed or others answered cannot be told."


class Verdict(StrEnum):
    NOT_ENOUGH = "not_enough"
    NOISE = "noise"
    PERHAPS = "perhaps"  # beyond chance alone, but not among so many comparisons
    MIX = "mix"
    RISE = "rise"
    FALL = "fall"

    @property
    def is_real(self) -> bool:
        return self in {Verdict.RISE, Verdict.FALL}


@dataclass(frozen=True, slots=True)
class Step:
    """From one period to the next. `chance` is the p-value in the family of all steps."""

    verdict: Verdict
    sentence: str
    comparison: Comparison | None
    chance: float | None
    decomposition: Decomposition | None


def judge(periods: Sequence[Tally], *, segments: Sequence[Mapping[str, Tally]] = ()) -> list[Step]:
    """One step for each period but the first. `segments` are the same periods by segment, where
    they are known; ValueError if there are not as many."""
    if segments and len(segments) != len(periods):
        raise ValueError("there are as many periods by segment as there are periods")
    pairs = list(pairwise(periods))
    found = [compare.compare(first, second) for first, second in pairs]
    adjusted = iter(families.adjusted([each.p_value for each in found if each is not None]))
    chances = [None if each is None else next(adjusted) for each in found]
    parts = list(pairwise(segments)) if segments else [({}, {})] * len(pairs)
    return [
        _step(pair, comparison, chance, part, comparisons=len(pairs))
        for pair, comparison, chance, part in zip(pairs, found, chances, parts, strict=True)
    ]


def _step(
    pair: tuple[Tally, Tally],
    comparison: Comparison | None,
    chance: float | None,
    parts: tuple[Mapping[str, Tally], Mapping[str, Tally]],
    *,
    comparisons: int,
) -> Step:
    described = trends.describe_change(*pair)
    if described.kind is Change.NOT_ENOUGH or chance is None:
        return Step(Verdict.NOT_ENOUGH, described.sentence, comparison, chance, None)
    if described.kind is Change.NOISE:
        return Step(Verdict.NOISE, described.sentence, comparison, chance, None)
    if chance >= BEYOND_CHANCE:
        sentence = (
            f"Perhaps a change, but among {comparisons} comparisons one like this is expected by "
            "chance."
        )
        return Step(Verdict.PERHAPS, sentence, comparison, chance, None)
    taken_apart = mix.decompose(*parts, whole=pair) if all(parts) else None
    if taken_apart is not None and taken_apart.verdict is mix.Verdict.MIX:
        sentence = _mix_sentence(taken_apart)
        return Step(Verdict.MIX, sentence, comparison, chance, taken_apart)
    verdict = Verdict.RISE if described.kind is Change.RISE else Verdict.FALL
    sentence = described.sentence
    if taken_apart is not None and taken_apart.verdict is mix.Verdict.NOT_ENOUGH:
        sentence = f"{sentence} {UNTOLD}"
    return Step(verdict, sentence, comparison, chance, taken_apart)


def _mix_sentence(found: Decomposition) -> str:
    way = "up" if found.difference > 0 else "down"
    return (
        f"Other customers answered: of {abs(round(found.difference))} points {way}, "
        f"{_signed(found.mix)} come from who answered and {_signed(found.rate)} from what they say."
    )


def _signed(points: float) -> str:
    rounded = round(points)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded)}"
