"""How long the periods of a trend should be: as short as the answers allow, and no shorter.

Weeks with nine answers each draw a fence of noise; years hide what happened in spring. So the
window is the shortest whose typical period shows a change worth showing four times in five.
See docs/algorithms/trends.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from afterscore.domain import power

VISIBLE_POINTS = 45.0
"""A change between two neighbours that has to show; about fifty answers in each."""

MOST_PERIODS = 60
"""Beside each other; more cannot be read, and each is one more comparison."""

FEWEST_PERIODS = 3
"""Below it a series is no trend."""


class Window(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def start_of(self, day: date) -> date:
        """The first day of the period that a day lies in; weeks begin on Monday."""
        match self:
            case Window.WEEK:
                return day - timedelta(days=day.weekday())
            case Window.MONTH:
                return day.replace(day=1)
            case Window.QUARTER:
                return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
            case Window.YEAR:
                return date(day.year, 1, 1)

    def end_of(self, day: date) -> date:
        """The first day after the period that a day lies in."""
        return self.start_of(self.start_of(day) + timedelta(days=_LONGER_THAN[self]))


_LONGER_THAN = {Window.WEEK: 7, Window.MONTH: 31, Window.QUARTER: 93, Window.YEAR: 366}


@dataclass(frozen=True, slots=True)
class Choice:
    """`typical` answers a period (the median), which show a change of `visible` points; None where
    they show none."""

    window: Window
    counts: Mapping[date, int]
    typical: int
    visible: float | None

    def describe(self, *, design_effect: float = 1.0) -> str:
        """Why it is this one. So many as `design_effect` are worth one independent answer."""
        worth = self.typical / design_effect
        visible = power.noticeable(worth, worth)
        shown = (
            "which show no change at all"
            if visible is None
            else f"which show a change of {math.ceil(visible)} points or more"
        )
        name = f"{self.window.value}{'' if len(self.counts) == 1 else 's'}"
        answers = f"{self.typical:,} answer{'' if self.typical == 1 else 's'}"
        return f"{len(self.counts):,} {name} with typically {answers} each, {shown}."


def choose(
    by_day: Mapping[date, int], *, visible_points: float = VISIBLE_POINTS, with_gaps: bool = False
) -> Choice | None:
    """From how many answers came on each day. None without any.

    `with_gaps` periods between others in which nobody answered count, too. In a file they do not:
    one date that is wrong by years would make all the rest a gap.

    Where no window shows enough, the longest that still leaves three periods; where none does that,
    years.
    """
    answered = {day: count for day, count in by_day.items() if count > 0}
    if not answered:
        return None
    choices = [_choice(window, answered, with_gaps=with_gaps) for window in Window]
    for each in choices:
        is_readable = len(each.counts) <= MOST_PERIODS
        if is_readable and each.visible is not None and each.visible <= visible_points:
            return each
    trends = [each for each in choices if len(each.counts) >= FEWEST_PERIODS]
    return trends[-1] if trends else choices[-1]


def _choice(window: Window, by_day: Mapping[date, int], *, with_gaps: bool) -> Choice:
    counts = _gaps(window, by_day) if with_gaps else {}
    for day, count in sorted(by_day.items()):
        start = window.start_of(day)
        counts[start] = counts.get(start, 0) + count
    typical = math.floor(median(counts.values()))
    return Choice(window, counts, typical, power.noticeable(typical, typical))


def _gaps(window: Window, by_day: Mapping[date, int]) -> dict[date, int]:
    """Every period from the first day to the last, without an answer so far."""
    found, start, last = {}, window.start_of(min(by_day)), max(by_day)
    while start <= last:
        found[start] = 0
        start = window.end_of(start)
    return found
