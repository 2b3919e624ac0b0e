"""Shares beside each other, each a bar with its whisker: drivers, reasons, who wrote a comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from afterscore.insights.charts import drawing
from afterscore.insights.charts.chart import Chart, Table
from afterscore.insights.charts.palette import colour
from afterscore.insights.charts.remembering import drawn_once
from afterscore.insights.charts.segmented import distinct
from afterscore.insights.charts.wording import ENGLISH, Words, percent

if TYPE_CHECKING:
    import altair

ROW_HEIGHT = 32
AROUND = 12
LONGEST_LABEL = 28
PADDING = {"left": 4, "right": 48, "top": 4, "bottom": 4}


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """`tone` is a group's word or empty; `n` how many it is a share of."""

    label: str
    ratio: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    tone: str = ""


@drawn_once
def shares(
    given: Sequence[Share],
    *,
    title: str,
    key: str = "shares",
    by: str = "",
    description: str = "",
    words: Words = ENGLISH,
) -> Chart:
    height = ROW_HEIGHT * max(len(given), 1) + AROUND
    return Chart(
        key=key,
        title=title,
        description=description or _description(title, given, words),
        spec=drawing.finish(_layers(given, words), height=height, padding=PADDING),
        table=_table(given, by or words.group, words),
        height=height,
        note=words.share_note if any(share.low is not None for share in given) else "",
    )


def _layers(given: Sequence[Share], words: Words) -> list[altair.Chart]:
    import altair

    names = distinct([share.label for share in given], LONGEST_LABEL)
    rows = [_row(name, share, words) for name, share in zip(names, given, strict=True)]
    most = max([row["end"] for row in rows] + [0.01])

    def x(name: str) -> altair.X:
        return altair.X(f"{name}:Q", axis=None, scale=altair.Scale(domain=[0, most], nice=False))

    axis = altair.Axis(
        title=None, domain=False, ticks=False, labelColor=colour("ink"), labelLimit=220
    )
    y = altair.Y("name:O", sort=None, scale=altair.Scale(domain=names), axis=axis)
    layers = []
    for tone in sorted({row["tone"] for row in rows}):
        mine = altair.Chart(drawing.data([row for row in rows if row["tone"] == tone]))
        layers.append(
            mine.mark_bar(size=14, color=colour(tone), opacity=0.55).encode(x=x("ratio"), y=y)
        )
    limits = altair.Chart(drawing.data([row for row in rows if "low" in row]))
    text = altair.Chart(drawing.data(rows)).mark_text(align="left", dx=8, fill=colour("ink"))
    return [
        *layers,
        limits.mark_rule(size=2, color=colour("ink")).encode(
            x=x("low"), x2=altair.X2("high:Q"), y=y
        ),
        text.encode(x=x("end"), y=y, text=altair.Text("words:N")),
    ]


def _row(name: str, share: Share, words: Words) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": name,
        "ratio": share.ratio,
        "end": share.ratio,
        "tone": share.tone or "accent",
        "words": percent(share.ratio, words=words),
    }
    if share.low is not None and share.high is not None:
        row |= {"low": share.low, "high": share.high, "end": max(share.ratio, share.high)}
    return row


def _description(title: str, given: Sequence[Share], words: Words) -> str:
    parts = []
    for share in given:
        limits = ""
        if share.low is not None and share.high is not None:
            low, high = (percent(each, words=words) for each in (share.low, share.high))
            limits = f" ({words.low} {low} {words.high} {high})"
        parts.append(f"{share.label}: {percent(share.ratio, words=words)}{limits}")
    return f"{title}. {'; '.join(parts)}." if parts else f"{title}."


def _table(given: Sequence[Share], first: str, words: Words) -> Table:
    has_n = any(share.n is not None for share in given)
    header = [first, *((words.answers,) if has_n else ()), words.share, words.low, words.high]
    rows = [
        (
            share.label,
            *((share.n,) if has_n else ()),
            percent(share.ratio, 1, words),
            percent(share.low, 1, words),
            percent(share.high, 1, words),
        )
        for share in given
    ]
    return Table(tuple(header), tuple(rows), words)
