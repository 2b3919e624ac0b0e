"""Stairs from 0 to 100 %: to how many something has happened by when, with bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from afterscore.insights.charts import drawing
from afterscore.insights.charts.chart import Chart, Table
from afterscore.insights.charts.palette import colour
from afterscore.insights.charts.wording import ENGLISH, Words, percent

if TYPE_CHECKING:
    import altair

HEIGHT = 264
PADDING = {"left": 4, "right": 88, "top": 12, "bottom": 4}  # names stand at the lines' ends
LABEL_GAP = 0.15
# Lines differ by their dashes as well as by their colours.
_DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [4, 4], [1, 3])
_TONES = ("accent", "detractor", "passive", "ink", "promoter", "warn-ink")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """From `at` on it has happened to this ratio."""

    at: float
    ratio: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """`tone` is a group's word or empty; `ends` is the longest time anybody was watched."""

    label: str
    steps: Sequence[Step]
    ends: float
    people: int
    tone: str = ""
    note: str = ""


def curve(
    lines: Sequence[Line],
    *,
    title: str,
    unit: str,
    key: str = "curve",
    description: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """`unit` is what `at` counts, such as "days"."""
    shown = [line for line in lines if line.ends > 0]
    return Chart(
        key=key,
        title=title,
        description=description or _description(title, shown, unit),
        spec=drawing.finish(_layers(shown, unit), height=HEIGHT, padding=PADDING),
        table=_table(shown, unit, words),
        height=HEIGHT,
    )


def _stairs(line: Line) -> list[dict[str, Any]]:
    steps = [step for step in line.steps if step.at <= line.ends]
    rows: list[dict[str, Any]] = [{"at": 0.0, "ratio": 0.0, "low": 0.0, "high": 0.0}]
    rows += [_corner(step.at, step) for step in steps]
    if steps:
        rows.append(_corner(line.ends, steps[-1]))
    else:
        rows.append(rows[0] | {"at": line.ends})
    return rows


def _corner(at: float, step: Step) -> dict[str, Any]:
    low = step.ratio if step.low is None else step.low
    high = step.ratio if step.high is None else step.high
    return {"at": at, "ratio": step.ratio, "low": low, "high": high}


def _layers(lines: Sequence[Line], unit: str) -> list[altair.Chart]:
    import altair

    longest = max((line.ends for line in lines), default=1.0)

    def x(name: str) -> altair.X:
        axis = altair.Axis(title=unit, grid=False, tickCount=6, titleAnchor="end")
        return altair.X(f"{name}:Q", axis=axis, scale=altair.Scale(domain=[0, longest], nice=False))

    def y(name: str) -> altair.Y:
        axis = altair.Axis(
            title=None, format=".0%", values=[0, 0.25, 0.5, 0.75, 1], ticks=False, domain=False
        )
        return altair.Y(f"{name}:Q", axis=axis, scale=altair.Scale(domain=[0, 1]))

    layers, ends = [], []
    for place, line in enumerate(lines):
        rows = _stairs(line)
        tone = colour(line.tone or _TONES[place % len(_TONES)])
        dash = _DASHES[place % len(_DASHES)]
        chart = altair.Chart(drawing.data(rows))
        band = chart.mark_area(interpolate="step-after", color=tone, opacity=0.14)
        stair = chart.mark_line(interpolate="step-after", color=tone, size=2, strokeDash=dash)
        layers += [
            band.encode(x=x("at"), y=y("low"), y2=altair.Y2("high:Q")),
            stair.encode(x=x("at"), y=y("ratio")),
        ]
        ends.append(
            {"ratio": rows[-1]["ratio"], "words": f"{line.label}\n{percent(rows[-1]['ratio'])}"}
        )
    label = altair.Chart(drawing.data(_spread(ends))).mark_text(
        align="left", dx=8, lineBreak="\n", lineHeight=15, fill=colour("ink")
    )
    return [
        *layers,
        label.encode(x=drawing.fixed_x("width"), y=y("ratio"), text=altair.Text("words:N")),
    ]


def _spread(ends: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names at the ends do not lie on each other: from the top down, each below the one before."""
    placed, lowest = [], 1.0
    for end in sorted(ends, key=lambda each: -each["ratio"]):
        level = min(end["ratio"], lowest)
        placed.append(end | {"ratio": level})
        lowest = level - LABEL_GAP
    below = min([each["ratio"] for each in placed], default=0.0)
    return [each | {"ratio": each["ratio"] - min(below, 0.0)} for each in placed]


def _description(title: str, lines: Sequence[Line], unit: str) -> str:
    parts = []
    for line in lines:
        last = _stairs(line)[-1]
        limits = f" ({percent(last['low'])} to {percent(last['high'])})"
        parts.append(f"{line.label}: {percent(last['ratio'])}{limits} after {line.ends:.0f} {unit}")
    return f"{title}. {'; '.join(parts)}." if parts else f"{title}."


def _table(lines: Sequence[Line], unit: str, words: Words) -> Table:
    """Every step of every line, so that a spreadsheet can draw it again."""
    rows = [
        (line.label, line.people, round(row["at"], 3), row["ratio"], row["low"], row["high"])
        for line in lines
        for row in _stairs(line)
    ]
    header = (words.group, words.people, unit, words.share, words.low, words.high)
    return Table(header, tuple(rows))
