"""Stairs that rise from 0 to 100 %: to how many something has happened by when.

`{% load curves %}{% curve_chart lines title="…" %}`. Like all charts here it is drawn on the
server without a view box: x in percent, y in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template

register = template.Library()

HEIGHT, TOP, BOTTOM = 232, 12, 200
LABEL_GAP = 18
NEARLY = 0.02
AXES = (  # hours shown, and hours at which there is a tick
    (24, (0, 6, 12, 18, 24)),
    (48, (0, 12, 24, 36, 48)),
    (120, (0, 24, 48, 72, 96, 120)),
    (168, (0, 24, 72, 120, 168)),
    (336, (0, 72, 168, 240, 336)),
    (720, (0, 168, 336, 504, 720)),
    (1440, (0, 336, 720, 1080, 1440)),
    (2160, (0, 720, 1440, 2160)),
)


@dataclass(frozen=True, kw_only=True)
class Stair:
    """One step: from `hours` on it has happened to this ratio, with its limits."""

    hours: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class CurveLine:
    """`tone` is a group's word or empty; `ends` is the longest time anybody was watched; `url` is
    of how the line comes about."""

    label: str
    stairs: Sequence[Stair]
    ends: float
    tone: str = ""
    note: str = ""
    url: str = ""


@register.inclusion_tag("kit/parts/curve_chart.html")
def curve_chart(lines: Sequence[CurveLine], *, title: str, verb: str) -> dict[str, Any]:
    """Draw each line as a stair with its band; `verb` says what happened: "have heard from us"."""
    shown = [line for line in lines if line.ends > 0]
    span, ticks = _axis(shown)
    drawn = [_draw(line, span) for line in shown]
    _spread_labels(drawn)
    return {
        "title": title,
        "verb": verb,
        "lines": drawn,
        "height": HEIGHT,
        "bottom": BOTTOM,
        "levels": [{"y": _y(ratio), "ratio": ratio} for ratio in (0, 0.25, 0.5, 0.75, 1)],
        "ticks": [
            {
                "x": 100 * tick / span,
                "label": _tick(tick, span),
                "anchor": "start" if tick == 0 else "end" if tick == span else "middle",
            }
            for tick in ticks
        ],
    }


def hours_shown(lines: Sequence[CurveLine]) -> float:
    """How far the drawing of these lines reaches."""
    return _axis(lines)[0]


def _axis(lines: Sequence[CurveLine]) -> tuple[float, Sequence[float]]:
    """Up to where the last line has come within two hundredths of where it ends."""
    reached = max((_settled(line) for line in lines), default=0.0)
    return next((axis for axis in AXES if axis[0] >= reached), AXES[-1])


def _settled(line: CurveLine) -> float:
    if not line.stairs:
        return 0.0
    last = line.stairs[-1].ratio
    return next(stair.hours for stair in line.stairs if stair.ratio >= last - NEARLY)


def _tick(hours: float, span: float) -> str:
    """The unit stands at the end of the axis alone, so that a phone has room."""
    unit, size = ("hours", 1) if span <= 48 else ("days", 24)
    return f"{hours / size:.0f} {unit}" if hours == span else f"{hours / size:.0f}"


def _y(ratio: float) -> float:
    return BOTTOM - ratio * (BOTTOM - TOP)


def _draw(line: CurveLine, span: float) -> dict[str, Any]:
    end = min(line.ends, span)
    inside = [stair for stair in line.stairs if stair.hours <= end]
    last = inside[-1] if inside else Stair(hours=0, ratio=0, low=0, high=0)
    upper = _stairs([(stair.hours, stair.high) for stair in inside], end, span)
    lower = _stairs([(stair.hours, stair.low) for stair in inside], end, span)
    return {
        "line": line,
        "path": "M" + "L".join(_stairs([(each.hours, each.ratio) for each in inside], end, span)),
        "band": "M" + "L".join([*upper, *reversed(lower)]) + "Z" if inside else "",
        "ratio": last.ratio,
        "low": last.low,
        "high": last.high,
        "end_x": 100 * end / span,
        "end_y": _y(last.ratio),
        "label_y": _y(last.ratio),
    }


def _stairs(points: Sequence[tuple[float, float]], end: float, span: float) -> list[str]:
    """Corners of the stair from the start of the axis to its end."""
    corners = [(0.0, 0.0)]
    for hours, ratio in points:
        corners += [(hours, corners[-1][1]), (hours, ratio)]
    corners.append((end, corners[-1][1]))
    return [f"{100 * hours / span:.2f} {_y(ratio):.1f}" for hours, ratio in corners]


def _spread_labels(drawn: list[dict[str, Any]]) -> None:
    """Labels at the ends do not lie on each other: from the top down, each below the one before."""
    lowest = float(TOP)
    for each in sorted(drawn, key=lambda one: one["end_y"]):
        each["label_y"] = max(each["end_y"], lowest)
        lowest = each["label_y"] + LABEL_GAP
    beyond = lowest - LABEL_GAP - BOTTOM
    if beyond > 0:
        for each in drawn:
            each["label_y"] -= beyond
