"""Charts drawn on the server as SVG: `{% load charts %}`.

The drawings have no view box: x is a percentage and y is in pixels, so that a chart fills its
column while letters, dots and lines keep their size on a phone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import template

register = template.Library()

LOWEST_SCORE, HIGHEST_SCORE = -100.0, 100.0
SCALE_TICKS = (
    {"x": "0", "label": "−100", "anchor": "start"},
    {"x": "50", "label": "0", "anchor": "middle"},
    {"x": "100", "label": "+100", "anchor": "end"},
)
TREND_HEIGHT = 208
TREND_TOP = 16
LOAD_TOP, LOAD_BOTTOM = 24, 136
LONGEST_WHISKERED_TREND = 18
"""Above so many points whiskers crowd each other and the interval is drawn as a band."""


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """The score of one period in points (−100 to 100); without an estimate the line breaks."""

    label: str
    answers: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    href: str = ""
    explain_url: str = ""


@dataclass(frozen=True, kw_only=True)
class FunnelStep:
    """One step of a funnel; `note` says in a few words why people left before it."""

    label: str
    count: int
    note: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class DifferenceRow:
    """A difference of two ratios (−1 to 1), or of two scores in hundredths (−2 to 2), with its
    interval; `note` says what may be said of it.

    Without a difference only label and note are shown. `tone` is good, bad or empty; `url` is what
    the difference opens.
    """

    label: str
    note: str
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class LoadDay:
    """What one day (or week) will bring; closed days are drawn as such and carry nothing."""

    label: str
    load: float
    is_closed: bool = False
    note: str = ""


class Axis(NamedTuple):
    """A vertical axis: values from `low` to `high`, drawn from `bottom` up to `top` (pixels)."""

    low: float
    high: float
    top: float
    bottom: float

    def place(self, value: float) -> float:
        """Return the y of a value."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)


def place_on_scale(points: float) -> float:
    """Return where a score from −100 to 100 lies on a horizontal scale, in percent."""
    inside = min(max(points, LOWEST_SCORE), HIGHEST_SCORE)
    return (inside - LOWEST_SCORE) / (HIGHEST_SCORE - LOWEST_SCORE) * 100


@register.filter
def coordinate(value: float) -> str:
    """Write a number for SVG: a point, whatever the language of the page."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


@register.filter
def add_pixels(value: float, pixels: int) -> str:
    """Move a coordinate by some pixels."""
    return coordinate(value + pixels)


@register.inclusion_tag("kit/parts/score_interval.html")
def score_interval(
    estimate: float | None,
    low: float | None,
    high: float | None,
    *,
    answers: int | None = None,
    confidence: float = 0.95,
    size: str = "",
    url: str = "",
) -> dict[str, Any]:
    """Show a score with its interval as a whisker on the axis from −100 to 100.

    `size` is empty (a figure with a sentence), "hero" (the same, for the top of a page) or "row"
    (one line, for tables). All values in points; without an estimate it says why not. `url` is what
    the score opens: how it comes about.
    """
    known = estimate is not None
    bounded = known and low is not None and high is not None
    return {
        "estimate": estimate,
        "low": low,
        "high": high,
        "answers": answers,
        "confidence": confidence,
        "size": size,
        "url": url,
        "bounded": bounded,
        "middle": place_on_scale(estimate) if estimate is not None else None,
        "start": place_on_scale(low) if low is not None else None,
        "end": place_on_scale(high) if high is not None else None,
        "width": _scale_width(low, high),
        "interval_ticks": SCALE_TICKS,
    }


def _scale_width(low: float | None, high: float | None) -> float:
    if low is None or high is None:
        return 0.0
    return place_on_scale(high) - place_on_scale(low)


@register.inclusion_tag("kit/parts/trend_chart.html")
def trend_chart(
    points: Sequence[TrendPoint], *, title: str, description: str = ""
) -> dict[str, Any]:
    """Draw scores over time with their intervals, and the same figures as a table underneath."""
    axis = _choose_axis(points)
    marks = [_place_mark(axis, index, point, len(points)) for index, point in enumerate(points)]
    banded = len(points) > LONGEST_WHISKERED_TREND
    return {
        "title": title,
        "description": description,
        "points": points,
        "marks": marks,
        "last": next((mark for mark in reversed(marks) if mark["y"] is not None), None),
        "lines": [_draw_path(run) for run in _split_runs(marks)],
        "bands": [_draw_band(run) for run in _split_runs(marks)] if banded else [],
        "banded": banded,
        "ticks": [{"value": tick, "y": axis.place(tick)} for tick in _choose_ticks(axis)],
        "height": TREND_HEIGHT,
        "drawing_height": TREND_HEIGHT + 28,
        "label_y": TREND_HEIGHT + 20,
    }


def _choose_axis(points: Sequence[TrendPoint]) -> Axis:
    """Cover every interval, rounded outward to tens and at least forty points high."""
    values = [
        value
        for point in points
        for value in (point.estimate, point.low, point.high)
        if value is not None
    ]
    low = math.floor(min(values, default=-20.0) / 10) * 10
    high = math.ceil(max(values, default=20.0) / 10) * 10
    missing = max(0, 40 - (high - low))
    low -= math.ceil(missing / 20) * 10
    high += math.ceil(missing / 20) * 10
    return Axis(
        low=max(low, LOWEST_SCORE),
        high=min(high, HIGHEST_SCORE),
        top=TREND_TOP,
        bottom=TREND_HEIGHT - 4,
    )


def _choose_ticks(axis: Axis) -> list[float]:
    """Choose round values, at most six."""
    span = axis.high - axis.low
    step = next(step for step in (10, 20, 50, 100) if span / step <= 5)
    first = math.ceil(axis.low / step) * step
    return [float(value) for value in range(first, math.floor(axis.high) + 1, step)]


def _place_mark(axis: Axis, index: int, point: TrendPoint, total: int) -> dict[str, Any]:
    def place(value: float | None) -> float | None:
        return None if value is None else axis.place(value)

    every = math.ceil(total / 12)
    return {
        "point": point,
        "x": (index + 0.5) / total * 100,
        "y": place(point.estimate),
        "low_y": place(point.low),
        "high_y": place(point.high),
        "is_labelled": (total - 1 - index) % every == 0,
        "is_minor": (total - 1 - index) % (every * 2) != 0 and total > 6,
    }


def _split_runs(marks: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Split at the gaps: runs of neighbouring marks which have an estimate."""
    runs: list[list[dict[str, Any]]] = [[]]
    for mark in marks:
        if mark["y"] is None:
            runs.append([])
        else:
            runs[-1].append(mark)
    return [run for run in runs if len(run) > 1]


def _draw_path(run: Sequence[dict[str, Any]]) -> str:
    return "M" + "L".join(f"{mark['x']:.2f} {mark['y']:.1f}" for mark in run)


def _draw_band(run: Sequence[dict[str, Any]]) -> str:
    bounded = [mark for mark in run if mark["low_y"] is not None and mark["high_y"] is not None]
    upper = [f"{mark['x']:.2f} {mark['high_y']:.1f}" for mark in bounded]
    lower = [f"{mark['x']:.2f} {mark['low_y']:.1f}" for mark in reversed(bounded)]
    return "M" + "L".join([*upper, *lower]) + "Z" if bounded else ""


@register.inclusion_tag("kit/parts/funnel.html")
def funnel_chart(steps: Sequence[FunnelStep], *, title: str) -> dict[str, Any]:
    """Draw how many remain at each step, with the rate of the step before and of the first."""
    first = steps[0].count if steps else 0
    rows = []
    for index, step in enumerate(steps):
        before = steps[index - 1].count if index else None
        rows.append(
            {
                "step": step,
                "of_first": step.count / first if first else None,
                "of_before": step.count / before if before else None,
                "width": step.count / first * 100 if first else 0,
                "is_first": index == 0,
                "is_second": index == 1,
            }
        )
    return {"rows": rows, "title": title}


@register.inclusion_tag("kit/parts/difference_chart.html")
def difference_chart(rows: Sequence[DifferenceRow], *, title: str, unit: str) -> dict[str, Any]:
    """Draw differences one below the other on one axis, each with its interval as a whisker.

    In hundredths: `unit` names them, like "more answers of 100 people".
    """
    limits = [abs(value) for row in rows for value in (row.low, row.high) if value is not None]
    reach = _round_up(max(limits, default=0.1))
    return {
        "title": title,
        "unit": unit,
        "rows": [_place_difference(row, reach) for row in rows],
        "ticks": [
            {"x": x, "label": label, "anchor": anchor}
            for x, label, anchor in (
                ("0", f"−{reach * 100:.0f}", "start"),
                ("50", "0", "middle"),
                ("100", f"+{reach * 100:.0f}", "end"),
            )
        ],
    }


def _round_up(reach: float) -> float:
    """The next round number of hundredths, so that the axis has round ends."""
    return next((step for step in (0.05, 0.1, 0.2, 0.3, 0.5, 1.0) if reach <= step), 2.0)


def _place_difference(row: DifferenceRow, reach: float) -> dict[str, Any]:
    def place(value: float | None) -> float | None:
        return None if value is None else 50 + 50 * max(-1.0, min(1.0, value / reach))

    start, end = place(row.low), place(row.high)
    return {
        "row": row,
        "middle": place(row.difference),
        "start": start,
        "end": end,
        "width": None if start is None or end is None else end - start,
    }


@register.inclusion_tag("kit/parts/load_chart.html")
def load_chart(
    days: Sequence[LoadDay], *, capacity: float | None = None, title: str, unit: str
) -> dict[str, Any]:
    """Draw the load of each day against what the desk can carry; what is too much is outlined."""
    highest = max([capacity or 0, *(day.load for day in days)], default=0) or 1
    axis = Axis(low=0, high=highest, top=LOAD_TOP, bottom=LOAD_BOTTOM)
    columns = [
        _place_column(axis, day, index=index, total=len(days), capacity=capacity)
        for index, day in enumerate(days)
    ]
    return {
        "title": title,
        "unit": unit,
        "capacity": capacity,
        "limit": None if capacity is None else axis.place(capacity),
        "columns": columns,
        "days_over": sum(1 for column in columns if column["excess"] > 0),
        "bottom": LOAD_BOTTOM,
    }


def _place_column(
    axis: Axis, day: LoadDay, *, index: int, total: int, capacity: float | None
) -> dict[str, Any]:
    carried = day.load if capacity is None else min(day.load, capacity)
    slot = 100 / total
    return {
        "day": day,
        "x": (index + 0.12) * slot,
        "middle": (index + 0.5) * slot,
        "width": 0.76 * slot,
        "y": axis.place(carried),
        "height": axis.bottom - axis.place(carried),
        "excess": day.load - carried,
        "excess_y": axis.place(day.load),
        "excess_height": axis.place(carried) - axis.place(day.load),
        "number_y": axis.place(day.load) - 6,
        "is_labelled": index % math.ceil(total / 10) == 0,
    }
