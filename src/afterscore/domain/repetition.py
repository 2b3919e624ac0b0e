"""What asking often goes with: score and answers by how many requests somebody had lately.

A curve of what is seen, not of what asking does. Whoever has been asked often is another customer
than whoever has not: longer with us, with more contacts, more often in touch. Only a draw by lot
would tell what a further request does; so a slope is told with that sentence every time.
See docs/algorithms/who-answers.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain import compare, families, intervals, lateness, nps
from afterscore.domain.intervals import Interval
from afterscore.domain.lateness import Slope
from afterscore.domain.nps import Tally

BEYOND_CHANCE = 0.05
WARNING = (
    "That is no proof that asking does it: whoever was asked often is another customer than "
    "whoever was not."
)


class Finding(StrEnum):
    NOT_ENOUGH = "not_enough"
    NONE = "none"
    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True)
class Requested:
    """People who had this many requests: how many were asked now, and what those said who did."""

    asked: int
    answers: Tally

    def __post_init__(self) -> None:
        if self.asked < self.answers.n:
            raise ValueError(f"{self.answers.n} answered, but only {self.asked} were asked")


@dataclass(frozen=True, slots=True)
class Point:
    """`requests` in the time before; the ratio of those who answered has Wilson's limits."""

    requests: int
    asked: int
    answered: int
    ratio: float
    ratio_low: float
    ratio_high: float
    score: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Curve:
    """`ratio_slope` is in percentage points, `score_slope` in points, for each further request."""

    points: tuple[Point, ...]
    ratio_slope: Slope | None
    score_slope: Slope | None
    answering: Finding
    scoring: Finding
    sentences: tuple[str, ...]


def curve(people: Mapping[int, Requested], *, most: int = 6, confidence: float = 0.95) -> Curve:
    """By number of earlier requests; those with `most` or more are taken together. Two slopes are
    looked at, so both are judged as a family of two (Holm)."""
    gathered = _gather(people, most)
    points = tuple(
        _point(requests, each, confidence) for requests, each in gathered.items() if each.asked
    )
    steps = range(max(gathered, default=-1) + 1)
    nobody = Requested(0, Tally(0, 0, 0))
    score_slope = lateness.slope(
        [gathered.get(step, nobody).answers for step in steps], confidence=confidence
    )
    ratio_slope = _ratio_slope(gathered, confidence)
    known = [each.p_value for each in (ratio_slope, score_slope) if each is not None]
    chances = iter(families.adjusted(known))
    answering = _finding(ratio_slope, next(chances) if ratio_slope is not None else 1.0)
    scoring = _finding(score_slope, next(chances) if score_slope is not None else 1.0)
    return Curve(
        points, ratio_slope, score_slope, answering, scoring, _sentences(answering, scoring)
    )


def _gather(people: Mapping[int, Requested], most: int) -> dict[int, Requested]:
    found: dict[int, Requested] = {}
    for requests, each in sorted(people.items()):
        if requests < 0:
            raise ValueError("nobody was asked less than never")
        place = min(requests, most)
        held = found.get(place, Requested(0, Tally(0, 0, 0)))
        answers = nps.merge([held.answers, each.answers])
        found[place] = Requested(held.asked + each.asked, answers)
    return found


def _point(requests: int, each: Requested, confidence: float) -> Point:
    ratio = each.answers.n / each.asked
    low, high = intervals.wilson(ratio, each.asked, confidence)
    return Point(
        requests=requests,
        asked=each.asked,
        answered=each.answers.n,
        ratio=ratio,
        ratio_low=low,
        ratio_high=high,
        score=each.answers.score,
        interval=intervals.score_interval(each.answers, confidence),
    )


def _ratio_slope(people: Mapping[int, Requested], confidence: float) -> Slope | None:
    """Of the share that answers: least squares over people, its test that of Cochran (1954,
    Biometrics 10, p. 417-451) and Armitage (1955, Biometrics 11, p. 375-386)."""
    asked = sum(each.asked for each in people.values())
    answered = sum(each.answers.n for each in people.values())
    if not 0 < answered < asked:
        return None
    middle = sum(step * each.asked for step, each in people.items()) / asked
    across = sum(each.asked * (step - middle) ** 2 for step, each in people.items())
    if across == 0:
        return None
    pull = sum((step - middle) * each.answers.n for step, each in people.items())
    ratio = answered / asked
    found, error = 100 * pull / across, 100 * math.sqrt(ratio * (1 - ratio) / across)
    reach = intervals.quantile(confidence) * error
    return Slope(found, found - reach, found + reach, compare.p_value_of(found, error))


def _finding(slope: Slope | None, chance: float) -> Finding:
    if slope is None:
        return Finding.NOT_ENOUGH
    if chance >= BEYOND_CHANCE:
        return Finding.NONE
    return Finding.HIGHER if slope.points > 0 else Finding.LOWER


def _sentences(answering: Finding, scoring: Finding) -> tuple[str, ...]:
    told = [_ANSWERING[answering], _SCORING[scoring]]
    if {answering, scoring} & {Finding.LOWER, Finding.HIGHER}:
        told.append(WARNING)
    return tuple(told)


_ANSWERING = {
    Finding.NOT_ENOUGH: "Too few to tell whether people answer less after many requests.",
    Finding.NONE: "No sign that people answer more or less after many requests.",
    Finding.LOWER: "People with more requests behind them answer less often.",
    Finding.HIGHER: "People with more requests behind them answer more often.",
}
_SCORING = {
    Finding.NOT_ENOUGH: "Too few to tell whether the score differs after many requests.",
    Finding.NONE: "No sign that the score is higher or lower after many requests.",
    Finding.LOWER: "People with more requests behind them score lower.",
    Finding.HIGHER: "People with more requests behind them score higher.",
}
