"""Answers over time: the window that bears a trend, changes in the family of all, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from afterscore.domain import (
    compare,
    families,
    mix,
    nps,
    scales,
    trends,
)
from afterscore.domain.nps import Histogram, Tally
from afterscore.insights.files.counting import Counts
from afterscore.insights.files.findings import (
    Mix,
    Point,
    Trend,
    figure_of,
)
from afterscore.insights.files.guessing import Columns

FEWEST_IN_PERIOD = 50
MOST_PERIODS = 60


def _window_start(day: date, window: str) -> date:
    match window:
        case "week":
            return date.fromordinal(day.toordinal() - day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
        case _:
            return date(day.year, 1, 1)


def _by_window(by_day: Mapping[date, Histogram], window: str) -> dict[date, Histogram]:
    found: dict[date, Histogram] = {}
    for day, histogram in sorted(by_day.items()):
        start = _window_start(day, window)
        found[start] = nps.add(found.get(start, nps.empty_histogram()), histogram)
    return found


def choose_window(by_day: Mapping[date, Histogram]) -> tuple[str, dict[date, Histogram]]:
    """The finest in which half of the periods have enough answers and not too many stand beside
    each other."""
    for window in ("week", "month", "quarter"):
        periods = _by_window(by_day, window)
        sizes = sorted(sum(each) for each in periods.values())
        if sizes[len(sizes) // 2] >= FEWEST_IN_PERIOD and len(periods) <= MOST_PERIODS:
            return window, periods
    return "year", _by_window(by_day, "year")


def trend_of(counts: Counts) -> Trend | None:
    if not counts.by_day:
        return None
    window, periods = choose_window(counts.by_day)
    starts = sorted(periods)
    tallies = [nps.tally(periods[start]) for start in starts]
    changes = _changes(tallies)
    points = tuple(
        Point(
            start=start.isoformat(),
            end=_last_day(start, window).isoformat(),
            figure=figure_of(periods[start]),
            change=change,
            sentence=sentence,
        )
        for start, (change, sentence) in zip(starts, changes, strict=True)
    )
    return Trend(window, points, counts.undated, points[-1].sentence)


def _last_day(start: date, window: str) -> date:
    length = {"week": 7, "month": 31, "quarter": 93, "year": 366}[window]
    following = _window_start(date.fromordinal(start.toordinal() + length), window)
    return date.fromordinal(following.toordinal() - 1)


def _changes(tallies: Sequence[Tally]) -> list[tuple[str, str]]:
    """Of each period against the one before; a change has to hold in the family of all of them."""
    pairs = list(pairwise(tallies))
    found = [compare.compare(first, second) for first, second in pairs]
    adjusted = iter(families.adjusted([each.p_value for each in found if each is not None]))
    told: list[tuple[str, str]] = [("", "")]
    for (first, second), comparison in zip(pairs, found, strict=True):
        described = trends.describe_change(first, second)
        chance = next(adjusted) if comparison is not None else 1.0
        kind, sentence = described.kind.value, described.sentence
        if kind in {"rise", "fall"} and chance >= 0.05:
            kind = "noise"
            sentence = (
                f"Perhaps a change, but among {len(pairs)} comparisons one like this is expected "
                "by chance."
            )
        told.append((kind, sentence))
    return told


def scale_breaks(counts: Counts) -> list[str]:
    months = _by_window(counts.by_day, "month") if counts.by_day else {}
    series = [
        (month, {float(score): times for score, times in enumerate(histogram)})
        for month, histogram in sorted(months.items())
    ]
    return [
        f"From {each.period:%B %Y} on people seem to answer from {each.after.label} and no longer "
        f"from {each.before.label}: scores before and after cannot be compared."
        for each in scales.breaks(series)
        if isinstance(each.period, date)
    ]


def mix_of(columns: Columns, counts: Counts) -> Mix | None:
    """Why the last two quarters differ, by the first column of segments that has them both."""
    if not counts.segment_days:
        return None
    window, periods = choose_window(counts.by_day)
    if len(periods) < 2:
        return None
    before, after = sorted(periods)[-2:]
    if window == "week":  # segments are counted by month
        return None
    sides: list[dict[str, Tally]] = []
    for start in (before, after):
        held: dict[str, Histogram] = {}
        for (month, value), histogram in counts.segment_days[0].items():
            if _window_start(month, window) == start:
                key = value or ""
                held[key] = nps.add(held.get(key, nps.empty_histogram()), histogram)
        sides.append({key: nps.tally(histogram) for key, histogram in held.items()})
    found = mix.decompose(*sides)
    if found is None:
        return None
    return Mix(
        columns.segments[0],
        before.isoformat(),
        after.isoformat(),
        found.difference,
        found.rate,
        found.mix,
        found.verdict.value,
    )
