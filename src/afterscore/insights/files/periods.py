"""Answers over time: the window that bears a trend, changes in the family of all, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from afterscore.domain import alike, mix, nps, scales, tendency, verdicts
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Histogram, Tally
from afterscore.domain.verdicts import Verdict
from afterscore.domain.windows import Window
from afterscore.insights.files import spans
from afterscore.insights.files.alike import SPLIT
from afterscore.insights.files.counting import Counts
from afterscore.insights.files.findings import (
    Mix,
    Point,
    Saying,
    Through,
    Trend,
    figure_of,
    warning,
)
from afterscore.insights.files.guessing import Columns

DAY = timedelta(days=1)


def trend_of(counts: Counts) -> Trend | None:
    if not counts.by_day:
        return None
    window, periods = spans.choose(counts.by_day)
    starts = sorted(periods)
    together = counts.alike_periods.get(window, {})
    tallies = [_tally(periods[start], together.get(start)) for start in starts]
    changes = _changes(tallies)
    points = tuple(
        Point(
            start=start.isoformat(),
            end=(window.end_of(start) - DAY).isoformat(),
            figure=figure_of(periods[start], together.get(start)),
            change=change,
            sentence=sentence,
        )
        for start, (change, sentence) in zip(starts, changes, strict=True)
    )
    through = _through(starts, tallies)
    return Trend(window.value, points, counts.undated, points[-1].sentence, through)


def _through(starts: Sequence[date], tallies: Sequence[Tally]) -> Through | None:
    days = [float((start - starts[0]).days) for start in starts]
    found = tendency.through(list(zip(days, tallies, strict=True)))
    if found is None:
        return None
    return Through(found.difference, found.low, found.high, found.change.value)


def _tally(histogram: Histogram, together: Sums | None) -> Tally:
    return nps.tally(histogram, design_effect=alike.design_effect(together))


def _changes(tallies: Sequence[Tally]) -> list[tuple[str, str]]:
    """Of each period against the one before; a change has to hold in the family of all of them."""
    told = [("", "")]
    for step in verdicts.judge(tallies):
        kind = Verdict.NOISE if step.verdict is Verdict.PERHAPS else step.verdict
        told.append((kind.value, step.sentence))
    return told


def scale_breaks(counts: Counts) -> list[Saying]:
    months = spans.by_window(counts.by_day, Window.MONTH) if counts.by_day else {}
    series = [
        (month, {float(score): times for score, times in enumerate(histogram)})
        for month, histogram in sorted(months.items())
    ]
    return [
        warning(
            "scale_break",
            month=each.period.isoformat(),
            before=each.before.value,
            after=each.after.value,
        )
        for each in scales.breaks(series)
        if isinstance(each.period, date)
    ]


def mix_of(columns: Columns, counts: Counts) -> Mix | None:
    """Why the last two quarters differ, by the first column of segments that has them both."""
    if not counts.segment_days:
        return None
    window, periods = spans.choose(counts.by_day)
    if len(periods) < 2:
        return None
    before, after = sorted(periods)[-2:]
    if window not in SPLIT:  # segments are counted by month
        return None
    whole, parts = counts.alike_periods.get(window, {}), counts.alike_parts.get(window, {})
    sides = [
        {
            value or "": _tally(histogram, parts.get((start, value)))
            for value, histogram in _by_value(counts, window, start).items()
        }
        for start in (before, after)
    ]
    first, second = (_tally(periods[start], whole.get(start)) for start in (before, after))
    found = mix.decompose(*sides, whole=(first, second))
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


def _by_value(counts: Counts, window: Window, start: date) -> dict[str | None, Histogram]:
    """Of the period that begins then, by the first column of segments."""
    held: dict[str | None, Histogram] = {}
    for (month, value), histogram in counts.segment_days[0].items():
        if window.start_of(month) == start:
            held[value] = nps.add(held.get(value, nps.empty_histogram()), histogram)
    return held
