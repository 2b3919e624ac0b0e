"""How many remain at each step, with the share of the step before and its limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from afterscore.insights.charts import drawing
from afterscore.insights.charts.chart import Chart, Table
from afterscore.insights.charts.palette import colour
from afterscore.insights.charts.remembering import drawn_once
from afterscore.insights.charts.wording import ENGLISH, Words, count, percent

if TYPE_CHECKING:
    import altair

ROW_HEIGHT = 52
PADDING = {"left": 0, "right": 8, "top": 4, "bottom": 0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """`low` and `high` are limits of the share of the step before."""

    label: str
    n: int
    low: float | None = None
    high: float | None = None
    note: str = ""


@drawn_once
def funnel(
    stages: Sequence[Stage],
    *,
    title: str,
    key: str = "funnel",
    description: str = "",
    words: Words = ENGLISH,
) -> Chart:
    rows = _rows(stages, words)
    height = ROW_HEIGHT * max(len(rows), 1) + 8
    said = "; ".join(row["words"] for row in rows)
    return Chart(
        key=key,
        title=title,
        description=description or f"{title}. {said}.",
        spec=drawing.finish(_layers(rows), height=height, padding=PADDING),
        table=_table(stages, words),
        height=height,
        note=words.share_note if any("low" in row for row in rows) else "",
    )


def _ratio(stages: Sequence[Stage], place: int) -> float | None:
    before = stages[place - 1].n if place else 0
    return stages[place].n / before if before else None


def _rows(stages: Sequence[Stage], words: Words) -> list[dict[str, Any]]:
    rows = []
    for place, stage in enumerate(stages):
        ratio = _ratio(stages, place)
        said = f"{stage.label} {count(stage.n)}"
        if ratio is not None:
            said += f", {percent(ratio)} {words.of_before}"
        row: dict[str, Any] = {"label": stage.label, "n": stage.n, "start": 0, "words": said}
        if ratio is not None and stage.low is not None and stage.high is not None:
            before = stages[place - 1].n
            row |= {"low": stage.low * before, "high": stage.high * before}
        rows.append(row)
    return rows


def _layers(rows: list[dict[str, Any]]) -> list[altair.Chart]:
    import altair

    most = max([row["n"] for row in rows] + [row.get("high", 0) for row in rows] + [1])

    def x(name: str) -> altair.X:
        return altair.X(f"{name}:Q", axis=None, scale=altair.Scale(domain=[0, most], nice=False))

    y = altair.Y(
        "label:O", sort=None, axis=None, scale=altair.Scale(domain=[row["label"] for row in rows])
    )
    chart = altair.Chart(drawing.data(rows))
    whisker = altair.Chart(drawing.data([row for row in rows if "low" in row]))
    return [
        chart.mark_bar(
            size=14, color=colour("accent"), opacity=0.55, cornerRadiusEnd=2, yOffset=10
        ).encode(x=x("n"), y=y),
        whisker.mark_rule(size=2, color=colour("ink"), yOffset=10).encode(
            x=x("low"), x2=altair.X2("high:Q"), y=y
        ),
        chart.mark_text(align="left", dy=-10, fontSize=13, fill=colour("ink")).encode(
            x=drawing.fixed_x(0), y=y, text=altair.Text("words:N")
        ),
    ]


def _table(stages: Sequence[Stage], words: Words) -> Table:
    has_notes = any(stage.note for stage in stages)
    header = (words.step, words.people, f"{words.share} {words.of_before}", words.low, words.high)
    rows = [
        (
            stage.label,
            stage.n,
            percent(_ratio(stages, place), 1),
            percent(stage.low, 1),
            percent(stage.high, 1),
            *((stage.note,) if has_notes else ()),
        )
        for place, stage in enumerate(stages)
    ]
    return Table((*header, "") if has_notes else header, tuple(rows))
