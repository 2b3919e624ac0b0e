"""From what stands in a cell to a score, and on which scale people have answered.

Nothing is clamped and nothing is dropped in silence: whatever is no score has a reason, and each
reason is counted. Fractions are not rounded: 8.5 lies between two groups, and which of them it
belongs to is for whoever made the file to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

ENOUGH_TO_TELL = 20
"""Answers, before anything is said about their scale."""

ENOUGH_ONES = 7
"""Whoever is angriest takes the end of the scale: from 0 to 10 a 0 is no rarer than a 1, so that so
many 1s come without any 0 in fewer than one of a hundred files (0.5 to the 7th). A file with them
says that its scale begins at 1; one in which hardly anybody is angry says nothing. It is asked
about, never assumed."""

Period = TypeVar("Period")


class Missing(StrEnum):
    """Why a cell holds no score."""

    BLANK = "blank"
    NOT_A_NUMBER = "not_a_number"
    FRACTION = "fraction"
    OUT_OF_RANGE = "out_of_range"

    @property
    def label(self) -> str:
        return _MISSING[self]


_MISSING = {
    Missing.BLANK: "empty",
    Missing.NOT_A_NUMBER: "not a number",
    Missing.FRACTION: "between two scores",
    Missing.OUT_OF_RANGE: "not on the scale",
}

_PLACEHOLDERS = frozenset(
    {"", "-", "--", "n/a", "na", "nan", "none", "null", "nil", "#n/a", "?", ".", "k.a.", "n.a."}
)
_NUMBER = r"[+-]?\d+(?:[.,]\d+)?"
# A number alone, of how many, before its label or its label in brackets, after it in brackets, or
# after a colon or a dash that stands free (with less it would be a minus). No label
# holds another number: which of the two is meant would be a guess.
_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"({_NUMBER})",
        rf"({_NUMBER})\s*(?:/|of|out of|von|sur|de)\s*\d+",
        rf"({_NUMBER})\s*[-–—=:.)]\s*[^\d]+",
        rf"({_NUMBER})\s+[^\W\d][^\d]*",
        rf"[^\d]*[(\[]\s*({_NUMBER})\s*[)\]]",
        rf"[^\W\d][^\d]*[:=]\s*({_NUMBER})",
        rf"({_NUMBER})\s*[(\[][^\d]+[)\]]",
        rf"[(\[]\s*({_NUMBER})\s*[)\]]\s*[^\W\d][^\d]*",
        rf"({_NUMBER})[,;]\s+[^\W\d][^\d]*",
        r"[^\W\d][^\d]*\s[-–—]\s(\d+(?:[.,]\d+)?)",
    )
)


def number_in(cell: str) -> float | Missing:
    """The number that a cell means, labels and all; BLANK or NOT_A_NUMBER where there is none."""
    text = " ".join(cell.split())
    if text.casefold() in _PLACEHOLDERS:
        return Missing.BLANK
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found:
            return float(found[1].replace(",", "."))
    return Missing.NOT_A_NUMBER


class Scale(StrEnum):
    """On what people answered; its value is how it is declared."""

    ZERO_TO_TEN = "0-10"
    ONE_TO_TEN = "1-10"
    ONE_TO_FIVE = "1-5"
    ONE_TO_SEVEN = "1-7"

    @property
    def lowest(self) -> int:
        return int(self.value.partition("-")[0])

    @property
    def highest(self) -> int:
        return int(self.value.partition("-")[2])

    @property
    def label(self) -> str:
        return f"{self.lowest} to {self.highest}"


def stands_for(number: int, scale: Scale) -> int:
    """The score of a number that is on the scale; ValueError for one that is not."""
    match score_of(number, scale):
        case Missing():
            raise ValueError(f"{number} is not on the scale {scale.label}")
        case score:
            return score


def score_of(number: float, scale: Scale = Scale.ZERO_TO_TEN) -> int | Missing:
    """The score from 0 to 10 that a number on a scale stands for.

    On 1 to 10 the numbers stand for themselves. On 1 to 5 the fifth stands for a promoter, the
    fourth for a passive and the rest for detractors, as those who publish such scores count them;
    a scale of 1 to 7 has no such custom and is never made a net promoter score.
    """
    if number != int(number):
        return Missing.FRACTION
    if not scale.lowest <= number <= scale.highest:
        return Missing.OUT_OF_RANGE
    if scale is Scale.ONE_TO_FIVE:
        return _OF_FIVE[int(number)]
    if scale is Scale.ONE_TO_SEVEN:
        raise ValueError("a scale from 1 to 7 does not make a net promoter score")
    return int(number)


_OF_FIVE = {1: 0, 2: 3, 3: 5, 4: 8, 5: 10}


@dataclass(frozen=True, slots=True)
class Guess:
    """The scale that numbers seem to be on, and in a sentence why; `is_sure` where nothing else
    fits. None where too few were seen, or no known scale holds them."""

    scale: Scale | None
    is_sure: bool
    why: str


def guess(numbers: Mapping[float, int]) -> Guess:
    """From how often each number was given. Fractions and stray values do not decide."""
    total = sum(numbers.values())
    whole = {int(n): count for n, count in numbers.items() if n == int(n) and count}
    if sum(whole.values()) < ENOUGH_TO_TELL:
        return Guess(None, is_sure=False, why=f"{total} numbers are too few to tell the scale.")
    low, high = min(whole), max(whole)
    if low < 0 or high > Scale.ZERO_TO_TEN.highest:
        inside = sum(count for n, count in whole.items() if 0 <= n <= Scale.ZERO_TO_TEN.highest)
        if inside < 0.99 * total:
            return Guess(
                None, is_sure=False, why=f"The numbers go from {low} to {high}: no scale we know."
            )
        whole = {n: count for n, count in whole.items() if 0 <= n <= Scale.ZERO_TO_TEN.highest}
        low, high = min(whole), max(whole)
    return _guess_within(low, high, whole)


def _guess_within(low: int, high: int, whole: Mapping[int, int]) -> Guess:
    total = sum(whole.values())
    if low == 0:
        sure = high > Scale.ONE_TO_SEVEN.highest
        return Guess(Scale.ZERO_TO_TEN, is_sure=sure, why=f"{total:,} answers from 0 to {high}.")
    if high <= Scale.ONE_TO_FIVE.highest:
        why = f"None of {total:,} answers is 0 or above 5: it looks like 1 to 5."
        return Guess(Scale.ONE_TO_FIVE, is_sure=False, why=why)
    if high <= Scale.ONE_TO_SEVEN.highest:
        why = f"None of {total:,} answers is 0 or above 7: it looks like 1 to 7."
        return Guess(Scale.ONE_TO_SEVEN, is_sure=False, why=why)
    if low == 1 and whole[low] >= ENOUGH_ONES:
        why = f"None of {total:,} answers is 0: it looks like 1 to 10."
        return Guess(Scale.ONE_TO_TEN, is_sure=False, why=why)
    return Guess(Scale.ZERO_TO_TEN, is_sure=False, why=f"{total:,} answers from {low} to {high}.")


@dataclass(frozen=True, slots=True)
class Break:
    """In `period` the scale seems to become another one."""

    period: object
    before: Scale
    after: Scale


def breaks(periods: Sequence[tuple[Period, Mapping[float, int]]]) -> list[Break]:
    """Where, in the middle of a series in order of time, people began to answer on another scale.

    Only ends that cannot be explained otherwise count: answers above 5 or 7 after a stretch
    without any, or the other way round, each stretch with enough answers to tell.
    """
    found: list[Break] = []
    known: Scale | None = None
    for period, numbers in periods:
        scale = guess(numbers).scale
        if scale is None:
            continue
        scale = _kind(scale)
        if known is not None and scale is not known:
            found.append(Break(period, known, scale))
        known = scale
    return found


def _kind(scale: Scale) -> Scale:
    """Whether somebody gave a 0 in one month is chance; whether anybody passed 5 is not."""
    return Scale.ZERO_TO_TEN if scale is Scale.ONE_TO_TEN else scale


def count(cells: Iterable[str]) -> tuple[Counter[float], Counter[Missing]]:
    """Numbers, and what held none, by reason. Each different cell is read once."""
    numbers: Counter[float] = Counter()
    missing: Counter[Missing] = Counter()
    for cell, times in Counter(cells).items():
        read = number_in(cell)
        if isinstance(read, Missing):
            missing[read] += times
        else:
            numbers[read] += times
    return numbers, missing
