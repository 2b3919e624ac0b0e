"""Scores beside each other, each with its whisker, against the score of all together."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from afterscore.insights.charts import drawing
from afterscore.insights.charts.chart import Chart, Table
from afterscore.insights.charts.palette import colour
from afterscore.insights.charts.remembering import drawn_once
from afterscore.insights.charts.wording import ENGLISH, Words, between, count, exact, points

if TYPE_CHECKING:
    import altair

ROW_HEIGHT = 36
AROUND = 56  # the axis below and the name of the line above
PADDING = {"left": 4, "right": 16, "top": 4, "bottom": 4}
LONGEST_LABEL = 20
_JOINER = "\N{ZERO WIDTH JOINER}"
_VIRAMA = 9  # its combining class
_LAST_OF_TWO_BYTES = 0xFFFF

Differs = Literal["", "above", "below"]
_TONES = {"": "accent", "above": "promoter", "below": "detractor"}
_SHAPES = {"": "circle", "above": "triangle-up", "below": "triangle-down"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """`differs` from all the rest beyond chance; `pooled` is the estimate that leans on the others.
    Labels differ from each other."""

    label: str
    n: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    differs: Differs = ""
    pooled: float | None = None
    note: str = ""


@drawn_once
def segments(
    given: Sequence[Row],
    *,
    title: str,
    key: str = "segments",
    by: str = "",
    overall: float | None = None,
    description: str = "",
    words: Words = ENGLISH,
) -> Chart:
    """In the order given. `by` names what tells them apart; `overall` is drawn as a line."""
    height = ROW_HEIGHT * max(len(given), 1) + AROUND
    return Chart(
        key=key,
        title=title,
        description=description or _description(title, given, words),
        spec=drawing.finish(_layers(given, overall, words), height=height, padding=PADDING),
        table=_table(given, by or words.group, words),
        height=height,
        note=_note(given, words),
    )


def _note(given: Sequence[Row], words: Words) -> str:
    return words.pooled_note if any(row.pooled is not None for row in given) else words.limits_note


def shorten(text: str, longest: int = LONGEST_LABEL) -> str:
    """As wide as so many letters; never in the midst of what is written as one sign."""
    if sum(map(_width, text)) <= longest:
        return text
    end = next(
        place for place in range(len(text)) if sum(map(_width, text[: place + 1])) >= longest
    )
    while end > 1 and _is_one_sign(text[end - 1], text[end]):
        end -= 1
    return f"{text[:end].rstrip()}…"


def _width(letter: str) -> float:
    if ord(letter) > _LAST_OF_TWO_BYTES:
        return 2.0
    return 1.5 if unicodedata.east_asian_width(letter) in "WF" else 1.0


def _is_one_sign(before: str, after: str) -> bool:
    """Roughly: marks belong to the letter before, and so does what a joiner or a virama ties."""
    return (
        unicodedata.category(after).startswith("M")
        or _JOINER in {after, before}
        or unicodedata.combining(before) == _VIRAMA
    )


def distinct(labels: Sequence[str], longest: int = LONGEST_LABEL) -> list[str]:
    """Shortened, and still different from each other."""
    found: list[str] = []
    for label in labels:
        short, number = shorten(label, longest), 1
        while short in found:
            number += 1
            short = f"{shorten(label, longest - 3)} {number}"
        found.append(short)
    return found


def _layers(given: Sequence[Row], overall: float | None, words: Words) -> list[altair.Chart]:
    import altair

    rows = _rows(given, words)
    low_end, high_end = _domain(given, overall)
    for row in rows:
        place = ((row["score"] or 0) - low_end) / (high_end - low_end)
        row["align"] = "left" if place < 0.3 else "right" if place > 0.7 else "center"
    names = [row["name"] for row in rows]

    def x(name: str) -> altair.X:
        axis = altair.Axis(
            title=None, tickCount=5, domain=False, ticks=False, labelExpr=drawing.SIGNED
        )
        scale = altair.Scale(domain=[low_end, high_end], nice=False, zero=False)
        return altair.X(f"{name}:Q", axis=axis, scale=scale)

    axis = altair.Axis(
        title=None, domain=False, ticks=False, labelColor=colour("ink"), labelLimit=180,
        labelExpr="split(datum.label, '\\n')", labelLineHeight=15, labelBaseline="middle",
    )  # fmt: skip
    y = altair.Y("name:O", sort=None, scale=altair.Scale(domain=names), axis=axis)

    layers = _overall(overall, words, x, zero=low_end < 0 < high_end)
    for differs, tone in _TONES.items():
        mine = [row for row in rows if row["differs"] == differs]
        if mine:
            layers += _whiskers(mine, tone, _SHAPES[differs], x=x, y=y)
    pooled = altair.Chart(drawing.data([row for row in rows if row["pooled"] is not None]))
    tick = pooled.mark_tick(color=colour("ink"), thickness=2, size=14, opacity=0.75)
    return [*layers, tick.encode(x=x("pooled"), y=y)]


def _domain(given: Sequence[Row], overall: float | None) -> tuple[float, float]:
    """Every interval, rounded outward to tens and at least eighty points wide."""
    values = [v for row in given for v in (row.score, row.low, row.high) if v is not None]
    values += [overall] if overall is not None else []
    low = math.floor(min(values, default=-50.0) / 10) * 10
    high = math.ceil(max(values, default=50.0) / 10) * 10
    wider = math.ceil(max(0, 80 - (high - low)) / 20) * 10
    return max(low - wider, -100), min(high + wider, 100)


def _rows(given: Sequence[Row], words: Words) -> list[dict[str, Any]]:
    says = {"": "", "above": f" {words.above}", "below": f" {words.below}"}
    names = distinct([row.label for row in given])
    rows = []
    for name, row in zip(names, given, strict=True):
        found = {
            "name": f"{name}\nn {count(row.n, words)}",
            "score": row.score,
            "differs": row.differs,
            "pooled": row.pooled,
            "words": f"{points(row.score, words)}{says[row.differs]}",
        }
        low, high = row.low, row.high
        found |= {} if low is None or high is None else {"low": low, "high": high}
        rows.append(found)
    return rows


def _whiskers(
    rows: list[dict[str, Any]], tone: str, shape: str, *, x: Any, y: altair.Y
) -> list[altair.Chart]:
    import altair

    known = [row for row in rows if row["score"] is not None]
    bounded = altair.Chart(drawing.data([row for row in known if "low" in row]))
    whisker = bounded.mark_rule(color=colour(tone), opacity=0.3, size=8, strokeCap="round")
    chart = altair.Chart(drawing.data(known))
    dot = chart.mark_point(shape=shape, size=90, filled=True, fill=colour(tone), opacity=1)
    return [
        whisker.encode(x=x("low"), x2=altair.X2("high:Q"), y=y),
        *_words(known, x=x, y=y),
        dot.encode(x=x("score"), y=y),
    ]


def _words(rows: list[dict[str, Any]], *, x: Any, y: altair.Y) -> list[altair.Chart]:
    """Above the dots; those near an end of the axis stay inside of it."""
    import altair

    layers = []
    for align in ("left", "center", "right"):
        mine = [row for row in rows if row["align"] == align]
        if mine:
            chart = altair.Chart(drawing.data(mine))
            dx = {"left": -6, "center": 0, "right": 6}[align]
            texts = drawing.legible(
                chart, align=align, dx=dx, dy=-13, fontWeight=600, fill=colour("ink")
            )
            layers += [
                text.encode(x=x("score"), y=y, text=altair.Text("words:N")) for text in texts
            ]
    return layers


def _overall(overall: float | None, words: Words, x: Any, *, zero: bool) -> list[altair.Chart]:
    """The score of all, behind everything else, named at its top; and the zero line."""
    import altair

    layers = []
    if zero:
        line = altair.Chart(drawing.data([{"zero": 0}]))
        layers.append(line.mark_rule(color=colour("control"), size=1).encode(x=x("zero")))
    if overall is None:
        return layers
    chart = altair.Chart(
        drawing.data([{"all": overall, "words": f"{words.all_together} {points(overall, words)}"}])
    )
    rule = chart.mark_rule(color=colour("ink-soft"), size=1.5, strokeDash=[4, 3])
    text = chart.mark_text(dy=-8, baseline="bottom", fill=colour("ink-soft"))
    return [
        *layers,
        rule.encode(x=x("all")),
        text.encode(x=x("all"), y=drawing.fixed_y(4), text=altair.Text("words:N")),
    ]


def _description(title: str, given: Sequence[Row], words: Words) -> str:
    says = {"": "", "above": f", {words.above}", "below": f", {words.below}"}
    parts = [
        f"{row.label}: {points(row.score, words)}{between(row.low, row.high, words)}"
        f"{says[row.differs]}"
        for row in given
        if row.score is not None
    ]
    return f"{title}. {'; '.join(parts)}." if parts else f"{title}."


def _table(given: Sequence[Row], first: str, words: Words) -> Table:
    has_pooled = any(row.pooled is not None for row in given)
    has_notes = any(row.note or row.differs for row in given)
    says = {"": "", "above": words.above, "below": words.below}
    header = [first, words.answers, words.score, words.low, words.high]
    header += [words.estimate] if has_pooled else []
    header += [words.against] if has_notes else []
    rows = [
        (
            row.label,
            row.n,
            exact(row.score),
            exact(row.low),
            exact(row.high),
            *((exact(row.pooled),) if has_pooled else ()),
            *((row.note or says[row.differs],) if has_notes else ()),
        )
        for row in given
    ]
    return Table(tuple(header), tuple(rows), words)
