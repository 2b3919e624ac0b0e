"""The score: groups, histograms and tallies. The only place that knows who is a promoter."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LOWEST_SCORE = 0
HIGHEST_SCORE = 10
_LOWEST_PASSIVE = 7
_LOWEST_PROMOTER = 9

Histogram = tuple[int, ...]
"""How many answers gave each score: eleven counts, for 0 to 10."""


class Group(StrEnum):
    """What a score makes of its giver."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"


_SCORES: dict[Group, tuple[int, ...]] = {
    Group.DETRACTOR: tuple(range(LOWEST_SCORE, _LOWEST_PASSIVE)),
    Group.PASSIVE: tuple(range(_LOWEST_PASSIVE, _LOWEST_PROMOTER)),
    Group.PROMOTER: tuple(range(_LOWEST_PROMOTER, HIGHEST_SCORE + 1)),
}


def scores_of(group: Group) -> tuple[int, ...]:
    """The scores, in ascending order, that belong to a group."""
    return _SCORES[group]


def group_of(score: int) -> Group:
    """The group of a whole score; ValueError for anything that is not on the scale."""
    for group, scores in _SCORES.items():
        if score in scores:
            return group
    raise ValueError(f"{score!r} is not a whole score from {LOWEST_SCORE} to {HIGHEST_SCORE}")


def empty_histogram() -> Histogram:
    return (0,) * (HIGHEST_SCORE + 1)


def histogram_of(scores: Iterable[int]) -> Histogram:
    """Count scores; ValueError for the first that is not on the scale."""
    counts = list(empty_histogram())
    for score in scores:
        group_of(score)
        counts[score] += 1
    return tuple(counts)


def add(a: Histogram, b: Histogram) -> Histogram:
    return tuple(x + y for x, y in zip(a, b, strict=True))


def total(histograms: Iterable[Histogram]) -> Histogram:
    """All of them together; no answers of none."""
    found = empty_histogram()
    for each in histograms:
        found = add(found, each)
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers by group, and the figures that follow from them alone.

    `design_effect` says how many of them are worth one independent answer, because people of one
    account think alike (domain/alike.py); 1 where nothing is known of accounts. Every limit and
    every test is reckoned from `worth`.
    """

    detractors: int
    passives: int
    promoters: int
    design_effect: float = 1.0

    def __post_init__(self) -> None:
        if min(self.detractors, self.passives, self.promoters) < 0:
            raise ValueError("a tally cannot hold a negative number of answers")
        if not self.design_effect >= 1:
            raise ValueError("answers are never worth more than independent ones")

    @property
    def n(self) -> int:
        return self.detractors + self.passives + self.promoters

    @property
    def worth(self) -> float:
        """So many independent answers tell as much (Kish 1965)."""
        return self.n / self.design_effect

    @property
    def score(self) -> float | None:
        """Net promoter score in points, -100 to 100; None without answers."""
        if self.n == 0:
            return None
        return 100 * (self.promoters - self.detractors) / self.n

    @property
    def variance(self) -> float:
        """Of one answer taken as -1, 0 or 1: between 0 and 1; 0 without answers.

        The plug-in estimate (divided by n), as in Rocks (2016): p + d - (p - d)^2.
        """
        if self.n == 0:
            return 0.0
        # One fraction of whole numbers: no rounding error can make it negative.
        extremes = self.promoters + self.detractors
        balance = self.promoters - self.detractors
        return (extremes * self.n - balance * balance) / self.n**2

    @property
    def standard_error(self) -> float:
        """Of the score, in points; 0 without answers and whenever all answers agree.

        That zero is the plug-in estimate's weakness, not certainty: state uncertainty with
        `intervals.score_interval`.
        """
        return 100 * math.sqrt(self.variance / self.worth) if self.n else 0.0

    def count_of(self, group: Group) -> int:
        match group:
            case Group.DETRACTOR:
                return self.detractors
            case Group.PASSIVE:
                return self.passives
            case Group.PROMOTER:
                return self.promoters

    def share_of(self, group: Group) -> float:
        """The group's part of all answers, 0 to 1; 0 without answers."""
        return self.count_of(group) / self.n if self.n else 0.0


def merge(tallies: Iterable[Tally]) -> Tally:
    """All of them together. Their design effect is the mean of theirs, by answers: that people of
    one account stand in two of them is not seen."""
    parts = list(tallies)
    n = sum(each.n for each in parts)
    effect = sum(each.n * each.design_effect for each in parts) / n if n else 1.0
    return Tally(
        detractors=sum(each.detractors for each in parts),
        passives=sum(each.passives for each in parts),
        promoters=sum(each.promoters for each in parts),
        design_effect=max(1.0, effect),
    )


def tally(histogram: Histogram, *, design_effect: float = 1.0) -> Tally:
    """Sum a histogram by group; ValueError unless it has eleven counts."""
    if len(histogram) != HIGHEST_SCORE + 1:
        raise ValueError(f"a histogram has eleven counts, this one has {len(histogram)}")
    return Tally(
        detractors=sum(histogram[score] for score in scores_of(Group.DETRACTOR)),
        passives=sum(histogram[score] for score in scores_of(Group.PASSIVE)),
        promoters=sum(histogram[score] for score in scores_of(Group.PROMOTER)),
        design_effect=design_effect,
    )
