"""Drawings of a goal: where it began, where it is to be, and how sure one is of now.

`{% load goals %}`. As in `charts`: x in percent, y in pixels. The goal is a line with a word at it;
the interval is drawn, never hidden.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import template

from afterscore.domain.targets import Figure
from afterscore.kit.templatetags.charts import TREND_HEIGHT, TREND_TOP, Axis

register = template.Library()

LEFT, RIGHT = 4.0, 96.0
"""Where a drawing's first and last day stand, in percent."""
LEAST_SPAN = 40
NEAR = 16.0
"""Percent within which two words on one line would run into each other."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A figure with its limits on a day, in points; `url` is what it opens."""

    on: date
    answers: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    url: str = ""


@register.inclusion_tag("kit/parts/goal_line.html")
def goal_line(start: float, goal: float, figure: Figure | None) -> dict[str, Any]:
    """Draw one target on a horizontal axis: start, goal, and now with its interval."""
    estimate, low, high = (figure.value, figure.low, figure.high) if figure else (None, None, None)
    axis = _scale([start, goal, estimate, low, high])

    def place(value: float | None) -> float | None:
        return None if value is None else (value - axis[0]) / (axis[1] - axis[0]) * 100

    begin, end = place(low), place(high)
    start_x, goal_x = place(start) or 0.0, place(goal) or 0.0
    return {
        "start": start,
        "goal": goal,
        "estimate": estimate,
        "low": low,
        "high": high,
        "start_x": start_x,
        "goal_x": goal_x,
        "middle": place(estimate),
        "begin": begin,
        "width": None if begin is None or end is None else end - begin,
        "start_anchor": _anchor(start_x),
        "goal_anchor": _anchor(goal_x),
        "is_crowded": goal_x - start_x < NEAR,
    }


def _anchor(x: float) -> str:
    return "start" if x < 12 else "end" if x > 88 else "middle"


def _scale(values: Sequence[float | None]) -> tuple[float, float]:
    """Round ends around every value, at least forty points apart, within the scale."""
    known = [value for value in values if value is not None]
    low, high = math.floor(min(known) / 10) * 10.0, math.ceil(max(known) / 10) * 10.0
    missing = max(0.0, LEAST_SPAN - (high - low))
    low, high = low - math.ceil(missing / 20) * 10, high + math.ceil(missing / 20) * 10
    return max(-100.0, low), min(100.0, high)


@register.inclusion_tag("kit/parts/goal_chart.html")
def goal_chart(
    marks: Sequence[Mark],
    *,
    starts_on: date,
    due_on: date,
    goal: float,
    title: str,
    description: str = "",
) -> dict[str, Any]:
    """Draw the way to a goal: figures with intervals on the days of the way, the straight line
    from the start to the goal, and the goal. The first mark is the start. The same as a table."""
    values = [value for mark in marks for value in (mark.estimate, mark.low, mark.high)]
    low, high = _scale([goal, *values])
    axis = Axis(low=low, high=high, top=TREND_TOP, bottom=TREND_HEIGHT - 4)

    def place(mark: Mark) -> dict[str, Any]:
        return {
            "mark": mark,
            "x": _place_day(mark.on, starts_on, due_on),
            "y": None if mark.estimate is None else axis.place(mark.estimate),
            "low_y": None if mark.low is None else axis.place(mark.low),
            "high_y": None if mark.high is None else axis.place(mark.high),
        }

    placed = [place(mark) for mark in marks]
    start = next((mark.estimate for mark in marks if mark.estimate is not None), goal)
    return {
        "title": title,
        "description": description,
        "placed": placed,
        "last": next((each for each in reversed(placed) if each["y"] is not None), None),
        "goal": goal,
        "goal_y": axis.place(goal),
        "course": {"x1": LEFT, "y1": axis.place(start), "x2": RIGHT, "y2": axis.place(goal)},
        "ticks": [
            {
                "value": tick,
                "y": axis.place(tick),
                "is_near_goal": abs(tick - goal) < (high - low) / 14,
            }
            for tick in _ticks(low, high)
        ],
        "starts_on": starts_on,
        "due_on": due_on,
        "height": TREND_HEIGHT,
        "drawing_height": TREND_HEIGHT + 28,
        "label_y": TREND_HEIGHT + 20,
    }


def _place_day(day: date, starts_on: date, due_on: date) -> float:
    whole = max(1, (due_on - starts_on).days)
    share = min(1.0, max(0.0, (day - starts_on).days / whole))
    return LEFT + share * (RIGHT - LEFT)


def _ticks(low: float, high: float) -> list[float]:
    span = high - low
    step = next(step for step in (10, 20, 50, 100) if span / step <= 5)
    first = math.ceil(low / step) * step
    return [float(value) for value in range(first, math.floor(high) + 1, step)]
