"""A score over time: each period a point with its interval, joined by a thin line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from afterscore.insights.charts import drawing
from afterscore.insights.charts.chart import Chart, Table
from afterscore.insights.charts.palette import colour
from afterscore.insights.charts.remembering import drawn_once
from afterscore.insights.charts.wording import ENGLISH, Words, between, exact, points

if TYPE_CHECKING:
    import altair

HEIGHT = 256
PADDING = {"left": 4, "right": 48, "top": 16, "bottom": 4}  # the last score stands on the right
MOST_WHISKERS = 24
"""Above so many points whiskers crowd each other and the interval is drawn as a band."""

Change = Literal["", "rise", "fall"]
_TONES = {"rise": ("triangle-up", "promoter"), "fall": ("triangle-down", "detractor")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One period; without a score the line breaks. `change` is one that has been found to be real;
    `note` stands beside it in the table. Labels differ from each other."""

    label: str
    n: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    change: Change = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    value: float
    label: str = ""


@drawn_once
def trend(
    given: Sequence[Point],
    *,
    title: str,
    key: str = "trend",
    description: str = "",
    target: Target | None = None,
    axis: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """`axis` says what the periods are where they are not times, such as "requests in a year"."""
    plane = _Plane([point.label for point in given], *_domain(given, target), axis)
    rows = _rows(given)
    layers = [*_levels(plane), *_target(plane, target, words), *_uncertainty(plane, rows)]
    layers += _points(plane, rows, words)
    return Chart(
        key=key,
        title=title,
        description=description or _description(title, given, words),
        spec=drawing.finish(layers, height=HEIGHT, padding=PADDING),
        table=_table(given, axis or words.period, words),
        height=HEIGHT,
        note=words.limits_note,
    )


@dataclass(frozen=True, slots=True)
class _Plane:
    """The axes that all layers share."""

    labels: Sequence[str]
    low: float
    high: float
    title: str

    @property
    def x(self) -> altair.X:
        import altair

        axis = altair.Axis(
            title=self.title or None, labelAngle=0, labelOverlap="greedy", ticks=False, domain=False
        )
        return altair.X(
            "label:O", sort=None, scale=altair.Scale(domain=list(self.labels)), axis=axis
        )

    def y(self, name: str) -> altair.Y:
        import altair

        axis = altair.Axis(
            title=None, tickCount=5, ticks=False, domain=False, labelExpr=drawing.SIGNED
        )
        scale = altair.Scale(domain=[self.low, self.high], nice=False, zero=False)
        return altair.Y(f"{name}:Q", scale=scale, axis=axis)


def _domain(given: Sequence[Point], target: Target | None) -> tuple[float, float]:
    """Every interval, rounded outward to tens and at least forty points high."""
    values = [v for point in given for v in (point.score, point.low, point.high) if v is not None]
    values += [target.value] if target else []
    low = math.floor(min(values, default=-20.0) / 10) * 10
    high = math.ceil(max(values, default=20.0) / 10) * 10
    wider = math.ceil(max(0, 40 - (high - low)) / 20) * 10
    return max(low - wider, -100), min(high + wider, 100)


def _rows(given: Sequence[Point]) -> list[dict[str, Any]]:
    """Periods with a score; `run` is one number for neighbours without a gap between them."""
    rows: list[dict[str, Any]] = []
    run = 0
    for point in given:
        if point.score is None:
            run += 1
            continue
        row = {"label": point.label, "score": point.score, "run": run, "change": point.change}
        low, high = point.low, point.high
        row |= {} if low is None or high is None else {"low": low, "high": high}
        rows.append(row)
    return rows


def _levels(plane: _Plane) -> list[altair.Chart]:
    import altair

    if not plane.low < 0 < plane.high:
        return []
    zero = altair.Chart(drawing.data([{"zero": 0}]))
    return [zero.mark_rule(color=colour("control"), size=1).encode(y=plane.y("zero"))]


def _target(plane: _Plane, target: Target | None, words: Words) -> list[altair.Chart]:
    import altair

    if target is None:
        return []
    label = f"{target.label or words.target} {points(target.value, words)}"
    chart = altair.Chart(drawing.data([{"target": target.value, "words": label}]))
    rule = chart.mark_rule(color=colour("ink"), strokeDash=[5, 4], size=1.5)
    texts = drawing.legible(chart, align="left", dy=-8, dx=2, fill=colour("ink"))
    return [
        rule.encode(y=plane.y("target")),
        *(
            text.encode(y=plane.y("target"), x=drawing.fixed_x(0), text=altair.Text("words:N"))
            for text in texts
        ),
    ]


def _uncertainty(plane: _Plane, rows: Sequence[dict[str, Any]]) -> list[altair.Chart]:
    """Whiskers, or a band of each run where there are many."""
    import altair

    bounded = altair.Chart(drawing.data([row for row in rows if "low" in row]))
    if len(rows) > MOST_WHISKERS:
        band = bounded.mark_area(color=colour("accent"), opacity=0.18)
        return [
            band.encode(
                x=plane.x, y=plane.y("low"), y2=altair.Y2("high:Q"), detail=altair.Detail("run:N")
            )
        ]
    whisker = bounded.mark_rule(
        color=colour("accent"), opacity=0.26, size=7, strokeCap="round", clip=False
    )
    return [whisker.encode(x=plane.x, y=plane.y("low"), y2=altair.Y2("high:Q"))]


def _points(plane: _Plane, rows: Sequence[dict[str, Any]], words: Words) -> list[altair.Chart]:
    import altair

    everything = altair.Chart(drawing.data(rows))
    line = everything.mark_line(color=colour("accent"), size=1.5, opacity=0.7)
    quiet = altair.Chart(drawing.data([row for row in rows if not row["change"]]))
    small = len(rows) > MOST_WHISKERS
    dot = quiet.mark_point(
        shape="circle",
        size=20 if small else 50,
        filled=True,
        fill=colour("surface"),
        stroke=colour("accent"),
        strokeWidth=1.5 if small else 2,
        opacity=1,
    )
    last = altair.Chart(
        drawing.data([row | {"words": points(row["score"], words)} for row in rows[-1:]])
    )
    number = last.mark_text(align="left", dx=10, fontSize=14, fontWeight=600, fill=colour("ink"))
    return [
        line.encode(x=plane.x, y=plane.y("score"), detail=altair.Detail("run:N")),
        dot.encode(x=plane.x, y=plane.y("score")),
        *(mark for change in _TONES for mark in _changes(plane, rows, change, words)),
        number.encode(x=plane.x, y=plane.y("score"), text=altair.Text("words:N")),
    ]


def _changes(
    plane: _Plane, rows: Sequence[dict[str, Any]], change: str, words: Words
) -> list[altair.Chart]:
    """Changes that are real have a shape, a colour and a word of their own."""
    import altair

    found = [row for row in rows if row["change"] == change]
    if not found:
        return []
    shape, tone = _TONES[change]
    word, end, away = (words.rise, "high", -9) if change == "rise" else (words.fall, "low", 11)
    chart = altair.Chart(
        drawing.data([row | {"words": word, "end": row.get(end, row["score"])} for row in found])
    )
    mark = chart.mark_point(shape=shape, size=120, filled=True, fill=colour(tone), opacity=1)
    texts = drawing.legible(chart, dy=away, fill=colour(f"{tone}-ink"), fontWeight=600)
    return [
        mark.encode(x=plane.x, y=plane.y("score")),
        *(text.encode(x=plane.x, y=plane.y("end"), text=altair.Text("words:N")) for text in texts),
    ]


def _description(title: str, given: Sequence[Point], words: Words) -> str:
    known = [point for point in given if point.score is not None]
    if not known:
        return f"{title}."
    parts = [
        f"{point.label}: {points(point.score, words)}{between(point.low, point.high, words)}"
        for point in ([known[0], known[-1]] if len(known) > 1 else known)
    ]
    changes = [
        f"{point.label}: {words.rise if point.change == 'rise' else words.fall}"
        for point in known
        if point.change
    ]
    return f"{title}. {'; '.join([*parts, *changes])}."


def _table(given: Sequence[Point], first: str, words: Words) -> Table:
    has_notes = any(point.change or point.note for point in given)
    says = {"": "", "rise": words.rise, "fall": words.fall}
    header = (first, words.answers, words.score, words.low, words.high)
    rows = [
        (point.label, point.n, exact(point.score), exact(point.low), exact(point.high))
        + ((point.note or says[point.change],) if has_notes else ())
        for point in given
    ]
    return Table((*header, words.change) if has_notes else header, tuple(rows), words)
