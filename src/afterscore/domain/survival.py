"""How long something takes, counting also those to whom it has not happened yet.

Kaplan and Meier's curve (1958), Greenwood's variance, limits on the log-log scale, the log-rank
test. See docs/algorithms/loop-ledger.md.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from afterscore.domain import intervals

_HALF = 0.5
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Span:
    """After `time` it had happened to so many; so many more had been watched no longer than that,
    and it had not happened to them."""

    time: float
    happened: int = 0
    censored: int = 0

    def __post_init__(self) -> None:
        if self.time < 0 or min(self.happened, self.censored) < 0:
            raise ValueError("a span has a length and people of 0 or more")


@dataclass(frozen=True, slots=True)
class Point:
    """To which ratio it has not happened yet, from `time` on until the next point."""

    time: float
    ratio: float
    low: float
    high: float
    at_risk: int
    happened: int


@dataclass(frozen=True, slots=True)
class Middle:
    """The time by which it has happened to half of them; a limit that the curve never reaches is
    None, and so is the time itself while fewer than half are through."""

    time: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Curve:
    """The curve as a stair: one point for each time at which it happened to somebody."""

    people: int
    events: int
    longest: float
    points: tuple[Point, ...]
    confidence: float

    @cached_property
    def _times(self) -> list[float]:
        return [point.time for point in self.points]

    def at(self, time: float) -> Point | None:
        """Where the curve stands at this time; None beyond the longest time anybody was watched."""
        if not self.people or time > self.longest:
            return None
        place = bisect_right(self._times, time)
        return self.points[place - 1] if place else Point(time, 1.0, 1.0, 1.0, self.people, 0)

    @property
    def middle(self) -> Middle:
        """The median with Brookmeyer and Crowley's limits: where those of the curve pass a half."""
        return Middle(
            self._first("ratio"),
            self._first("low"),
            self._first("high"),
        )

    def reached(self) -> tuple[float, float] | None:
        """To which ratio it has happened so far, and by when; None where it has to nobody."""
        return (1 - self.points[-1].ratio, self.points[-1].time) if self.points else None

    def while_watched(self, fewest: int) -> Curve:
        """The curve until fewer than so many are left to watch because the time of most is not up
        yet: beyond, single people make stairs as high as a house. Where few are left because it
        has happened to the others, the curve goes on."""
        kept: list[Point] = []
        before = 1.0
        for point in self.points:
            if point.at_risk < min(fewest, self.people * before / 2):
                break
            kept.append(point)
            before = point.ratio
        if len(kept) == len(self.points):
            return self
        longest = kept[-1].time if kept else 0.0
        events = sum(point.happened for point in kept)
        return replace(self, points=tuple(kept), events=events, longest=longest)

    def _first(self, name: str) -> float | None:
        return next(
            (each.time for each in self.points if getattr(each, name) <= _HALF + _ROUNDING), None
        )


def gather(spans: Iterable[Span]) -> list[Span]:
    """Spans of the same time as one, in the order of time."""
    happened: Counter[float] = Counter()
    censored: Counter[float] = Counter()
    for span in spans:
        happened[span.time] += span.happened
        censored[span.time] += span.censored
    return [
        Span(time, happened[time], censored[time])
        for time in sorted(happened)
        if happened[time] + censored[time]
    ]


def curve(spans: Iterable[Span], confidence: float = 0.95) -> Curve:
    """Whoever was watched until a time at which it happened to others was at risk there, too."""
    reach = intervals.quantile(confidence)
    gathered = gather(spans)
    left = people = sum(span.happened + span.censored for span in gathered)
    ratio, spread = 1.0, 0.0
    points: list[Point] = []
    for span in gathered:
        if span.happened:
            ratio *= 1 - span.happened / left
            rest = left - span.happened
            spread = spread + span.happened / (left * rest) if rest else math.inf
            low, high = _limits(ratio, spread, reach, points)
            points.append(Point(span.time, ratio, low, high, left, span.happened))
        left -= span.happened + span.censored
    return Curve(
        people=people,
        events=sum(point.happened for point in points),
        longest=gathered[-1].time if gathered else 0.0,
        points=tuple(points),
        confidence=confidence,
    )


def _limits(
    ratio: float, spread: float, reach: float, before: Sequence[Point]
) -> tuple[float, float]:
    """On the log-log scale, so that they stay between 0 and 1. Where nobody is left the scale says
    nothing, and the upper limit stays where it was."""
    if math.isinf(spread) or ratio <= 0:
        return 0.0, before[-1].high if before else 1.0
    middle = math.log(ratio)
    distance = reach * math.sqrt(spread) / abs(middle)
    return math.exp(middle * math.exp(distance)), math.exp(middle * math.exp(-distance))


@dataclass(frozen=True, slots=True)
class Test:
    """Whether groups differ in how long it takes: the log-rank statistic and its p value."""

    statistic: float
    freedom: int
    p_value: float


def compare(groups: Sequence[Iterable[Span]]) -> Test | None:
    """The log-rank test; None where fewer than two groups have people, or it happened to nobody.

    At each time the expected number of each group is its share of those at risk; squares of the
    differences are weighed by their (hypergeometric) covariance.
    """
    import numpy as np

    gathered = [spans for spans in map(gather, groups) if spans]
    times = sorted({span.time for spans in gathered for span in spans if span.happened})
    if len(gathered) < 2 or not times:
        return None
    columns = [_at_risk(spans, times) for spans in gathered]
    happened = np.array([column[0] for column in columns], float)
    at_risk = np.array([column[1] for column in columns], float)
    events, people = happened.sum(axis=0), at_risk.sum(axis=0)
    shares = at_risk / people
    gap = (happened - events * shares).sum(axis=1)[:-1]
    more = np.maximum(people - 1, 1)
    weights = events * (people - events) / more * (people > 1)
    spread = np.diag((weights * shares).sum(axis=1)) - (weights * shares) @ shares.T
    spread = spread[:-1, :-1]
    if np.linalg.matrix_rank(spread) < len(gap):
        return None
    statistic = float(gap @ np.linalg.solve(spread, gap))
    return Test(statistic, len(gap), _upper_tail(statistic, len(gap)))


def _at_risk(spans: Sequence[Span], times: Sequence[float]) -> tuple[list[int], list[int]]:
    """To how many it happened at each of the times, and how many were left just before."""
    happened = {span.time: span.happened for span in spans}
    ends = [span.time for span in spans]
    gone = [0, *accumulate(span.happened + span.censored for span in spans)]
    left = [gone[-1] - gone[bisect_left(ends, time)] for time in times]
    return [happened.get(time, 0) for time in times], left


def _upper_tail(statistic: float, freedom: int) -> float:
    """Of the chi-square distribution."""
    if freedom == 1:
        return math.erfc(math.sqrt(statistic / 2))
    from scipy import special

    return float(special.chdtrc(freedom, statistic))
