"""A chart: what is drawn, the figures under it, and both in words."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from dataclasses import dataclass
from typing import Any

from afterscore.insights.charts import palette
from afterscore.insights.charts.palette import Theme
from afterscore.insights.charts.wording import ENGLISH, Words, count, points
from afterscore.kit import lettering, typesetting

Cell = str | int | float | None

PAGE_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif'
# The renderer brings Liberation Sans along; it draws nothing at all in a font that is not there.
PICTURE_FONT = "Liberation Sans, sans-serif"
PICTURE_WIDTH = 720
_PAIRED = re.compile("[\U00010000-\U0010ffff]")

NOTHING = "\N{EM DASH}"


@dataclass(frozen=True, slots=True)
class Table:
    """Whole numbers are counts, numbers with a fraction are scores in points."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    words: Words = ENGLISH

    def is_number(self, place: int) -> bool:
        """Whether a column holds numbers, by its first cell that is filled."""
        return next(
            (isinstance(row[place], int | float) for row in self.rows if row[place] is not None),
            False,
        )

    @property
    def headed(self) -> list[tuple[str, bool]]:
        """The names of the columns, and whether numbers stand below them."""
        return [(name, self.is_number(place)) for place, name in enumerate(self.header)]

    @property
    def shown(self) -> list[list[tuple[str, bool]]]:
        """The cells as they are read, and whether each stands in a column of numbers."""
        numbers = [number for _, number in self.headed]
        return [
            [(_said(cell, self.words), number) for cell, number in zip(row, numbers, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Chart:
    """`key` names it within its page; `description` says in words what the drawing shows,
    `note` what its marks mean.

    `spec` is as wide as its place and `height` pixels high, axes included, and names its colours
    and its font as the page does.
    """

    key: str
    title: str
    description: str
    spec: dict[str, Any]
    table: Table
    height: int
    note: str = ""

    def picture(self, *, width: int, theme: Theme | None) -> dict[str, Any]:
        """The spec with a width and a font of its own, for where there is no page; with no theme
        the colours stay names."""
        spec: dict[str, Any] = copy.deepcopy(self.spec)
        spec = palette.painted(spec, theme) if theme else spec
        spec["width"] = width
        spec["config"]["font"] = PICTURE_FONT
        if _PAIRED.search(json.dumps(spec, ensure_ascii=False)):
            spec["config"]["axis"]["labelLimit"] = 0
            _set_free(spec)
        return spec

    def png(
        self,
        *,
        scale: float = 2,
        width: int = PICTURE_WIDTH,
        theme: Theme = "light",
        language: str = "",
    ) -> bytes:
        """On the colour of paper, readable on any ground. `language` decides how letters are drawn
        that differ from one to another."""
        import vl_convert

        spec = self.picture(width=width, theme=theme)
        spec["background"] = palette.painted(palette.colour("ground"), theme)
        if not lettering.is_beyond(written := json.dumps(self.spec, ensure_ascii=False)):
            return bytes(vl_convert.vegalite_to_png(spec, scale=scale))
        return typesetting.to_picture(
            vl_convert.vegalite_to_svg(spec),
            scale=scale,
            fonts=lettering.fonts(language, text=written),
        )

    def svg(self, *, width: int = PICTURE_WIDTH, theme: Theme | None = "light") -> str:
        """With no theme the colours stay names, for a document that has both themes."""
        import vl_convert

        return str(vl_convert.vegalite_to_svg(self.picture(width=width, theme=theme)))

    def csv(self) -> str:
        """The table, as spreadsheets take it; texts that they would run are disarmed."""
        from afterscore.kit.sheets import without_formula

        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(without_formula(name) for name in self.table.header)
        for row in self.table.rows:
            writer.writerow(
                without_formula(cell) if isinstance(cell, str) else _written(cell) for cell in row
            )
        return "\N{BYTE ORDER MARK}" + out.getvalue()


def _set_free(spec: Any) -> None:
    """Labels as long as they are. The renderer cuts them by halves of two-part letters, such as
    emoji, and fails at the first that is cut in two."""
    for part in spec.values() if isinstance(spec, dict) else spec:
        if isinstance(part, dict) and part.get("labelLimit"):
            part["labelLimit"] = 0
        if isinstance(part, dict | list):
            _set_free(part)


def _said(cell: Cell, words: Words) -> str:
    if cell is None:
        return NOTHING
    if isinstance(cell, str):
        return cell
    return count(cell, words) if isinstance(cell, int) else points(cell, words)


def _written(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}" if number % 1 else f"{number:.0f}"
