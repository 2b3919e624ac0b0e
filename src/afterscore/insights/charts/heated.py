"""The score by two attributes at once: a field of cells, tinted by how far each lies from all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from afterscore.insights.charts import drawing
from afterscore.insights.charts.chart import Chart, Table
from afterscore.insights.charts.palette import colour
from afterscore.insights.charts.remembering import drawn_once
from afterscore.insights.charts.segmented import distinct
from afterscore.insights.charts.wording import ENGLISH, Words, between, count, exact, points

if TYPE_CHECKING:
    import altair

ROW_HEIGHT = 58
AROUND = 40  # the names of the columns above
PADDING = {"left": 4, "right": 4, "top": 4, "bottom": 4}
LONGEST_ROW_OF_NAMES = 90
"""Letters of all names of columns together; a name is at least twelve letters long."""
_STRONG, _LIGHT = 0.38, 0.16


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """`heat` is -2 to 2; None where there are too few answers to be judged, and no score where
    there are none at all."""

    row: str
    column: str
    n: int
    score: float | None = None
    low: float | None = None
    high: float | None = None
    heat: int | None = None
    note: str = ""


@drawn_once
def heat(
    given: Sequence[Cell],
    *,
    title: str,
    rows: str,
    columns: str,
    key: str = "cells",
    words: Words = ENGLISH,
) -> Chart:
    """In the order given; `rows` and `columns` name what tells them apart."""
    height = ROW_HEIGHT * len({cell.row for cell in given}) + AROUND
    return Chart(
        key=key,
        title=title,
        description=_description(title, given, words),
        spec=drawing.finish(_layers(given), height=height, padding=PADDING),
        table=_table(given, rows, columns, words),
        height=height,
        note=words.cells_note,
    )


def _layers(given: Sequence[Cell]) -> list[altair.Chart]:
    import altair

    row_names, column_names = (
        list(dict.fromkeys(names))
        for names in ([cell.row for cell in given], [cell.column for cell in given])
    )
    longest = max(12, LONGEST_ROW_OF_NAMES // max(len(column_names), 1))
    short_rows = dict(zip(row_names, distinct(row_names), strict=True))
    short_columns = dict(zip(column_names, distinct(column_names, longest), strict=True))
    x = altair.X(
        "column:O", sort=None, scale=altair.Scale(domain=list(short_columns.values())),
        axis=altair.Axis(title=None, orient="top", labelAngle=0, ticks=False, domain=False),
    )  # fmt: skip
    y = altair.Y(
        "row:O", sort=None, scale=altair.Scale(domain=list(short_rows.values())),
        axis=altair.Axis(title=None, ticks=False, domain=False, labelColor=colour("ink")),
    )  # fmt: skip
    shown = [
        {
            "row": short_rows[cell.row],
            "column": short_columns[cell.column],
            "score": points(cell.score),
            "range": _range(cell),
            "n": count(cell.n) if cell.n else "",
            "fill": _fill(cell),
            "opacity": _opacity(cell),
        }
        for cell in given
    ]
    layers = []
    for fill in ("promoter", "detractor", "sunken"):
        mine = [cell for cell in shown if cell["fill"] == fill]
        if mine:
            field = altair.Chart(drawing.data(mine)).mark_rect(color=colour(fill), cornerRadius=2)
            layers.append(field.encode(x=x, y=y, opacity=altair.Opacity("opacity:Q", scale=None)))
    texts = altair.Chart(drawing.data(shown))
    score = texts.mark_text(dy=-14, fontSize=14, fontWeight=600, fill=colour("ink"))
    limits = texts.mark_text(dy=2, fontSize=10, fill=colour("ink"))
    answers = texts.mark_text(dy=16, fontSize=10, fill=colour("ink-soft"))
    layers += [
        marks.encode(x=x, y=y, text=f"{name}:N")
        for marks, name in ((score, "score"), (limits, "range"), (answers, "n"))
    ]
    return layers


def _range(cell: Cell) -> str:
    if cell.low is None or cell.high is None:
        return ""
    return f"{points(cell.low)} … {points(cell.high)}"


def _fill(cell: Cell) -> str:
    if not cell.heat:
        return "sunken"
    return "promoter" if cell.heat > 0 else "detractor"


def _opacity(cell: Cell) -> float:
    """Cells that cannot be judged lie on the bare ground."""
    if cell.heat is None:
        return 0.0
    return {0: 1.0, 1: _LIGHT}.get(abs(cell.heat), _STRONG)


def _description(title: str, given: Sequence[Cell], words: Words) -> str:
    """The highest and the lowest of those that may be judged."""
    judged = [cell for cell in given if cell.heat is not None and cell.score is not None]
    if not judged:
        return f"{title}."
    ends = (max(judged, key=_score), min(judged, key=_score))
    said = "; ".join(
        f"{cell.row}, {cell.column}: {points(cell.score)}{between(cell.low, cell.high, words)}"
        for cell in dict.fromkeys(ends)
    )
    return f"{title}. {said}."


def _score(cell: Cell) -> float:
    return cell.score or 0.0


def _table(given: Sequence[Cell], rows: str, columns: str, words: Words) -> Table:
    found: tuple[tuple[Any, ...], ...] = tuple(
        (
            cell.row, cell.column, cell.n, exact(cell.score), exact(cell.low), exact(cell.high),
            cell.note,
        )
        for cell in given
    )  # fmt: skip
    header = (rows, columns, words.answers, words.score, words.low, words.high, words.against)
    return Table(header, found)
