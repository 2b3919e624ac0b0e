"""A report as a PDF: two pages that an expert would hand over, and the numbers behind their charts.

Tagged as PDF/UA-1, with the charts described in words. That standard refuses letters that no font
can show. The font that comes along knows Latin, Greek, Cyrillic and Arabic; for others the fonts of
the machine are asked. Letters that even they cannot show become “?”, and the report says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from afterscore import __version__
from afterscore.insights.charts import Chart, Table, palette
from afterscore.insights.charts.chart import PICTURE_FONT
from afterscore.insights.files.documents import LAYOUTS
from afterscore.insights.files.parts import Part
from afterscore.insights.files.reporting import Report

FONT = "Libertinus Serif"
WIDE, NARROW = 660, 330  # in which a chart's letters are about as large as the text around it
WIDE_PARTS = {"mind", "scores", "trend"}
_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_ONE_BY_ONE, _AT_MOST = 8, 48
_LOST = (
    " Letters for which this machine has no font stand here as “?”; with fonts for them installed "
    "(such as Noto) they are printed."
)


def to_pdf(report: Report, *, fonts_of_machine: bool = True) -> bytes:
    """Without the fonts of the machine the same report is the same file anywhere."""
    data = _data(report)
    try:
        return _compiled(data, fonts_of_machine=False)
    except _NoFontError as error:
        letters = error.letters
    if fonts_of_machine:
        try:
            return _compiled(data, fonts_of_machine=True)
        except _NoFontError as error:
            letters = error.letters
    data["made"] += _LOST
    return _without(data, letters, fonts_of_machine=fonts_of_machine)


def _without(data: Any, letters: str, *, fonts_of_machine: bool) -> bytes:
    """Letters are named one at a time. After a few of them all of their script is given up."""
    for times in range(_AT_MOST):
        like: Callable[[str], int] = ord if times < _ONE_BY_ONE else _script
        lost = {like(letter) for letter in letters}
        data = _replaced(data, like, lost)
        try:
            return _compiled(data, fonts_of_machine=fonts_of_machine)
        except _NoFontError as error:
            letters = error.letters
    raise _NoFontError(letters)


def _script(letter: str) -> int:
    """Roughly: pieces of 256 letters, and of 4,096 above all alphabets."""
    return ord(letter) >> 8 if ord(letter) < 0x2E00 else 0x1000 + (ord(letter) >> 12)


def _replaced(data: Any, like: Callable[[str], int], lost: set[int]) -> Any:
    if isinstance(data, str):
        return "".join("?" if like(letter) in lost else letter for letter in data)
    if isinstance(data, list):
        return [_replaced(each, like, lost) for each in data]
    if isinstance(data, dict):
        return {key: _replaced(each, like, lost) for key, each in data.items()}
    return data


class _NoFontError(Exception):
    def __init__(self, letters: str) -> None:
        super().__init__(letters)
        self.letters = letters


def _compiled(data: Any, *, fonts_of_machine: bool) -> bytes:
    import typst

    try:
        pdf = typst.compile(
            _layout(),
            format="pdf",
            pdf_standards=["ua-1"],
            sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
            ignore_system_fonts=not fonts_of_machine,
        )
    except typst.TypstError as error:
        found = _NOT_SHOWN.search(str(error))
        if found is None:
            raise
        letters = _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), found.group(1))
        raise _NoFontError(letters) from error
    return bytes(pdf)


@cache
def _layout() -> bytes:
    return (LAYOUTS / "analysis.typ").read_bytes()


def _data(report: Report) -> dict[str, Any]:
    drawn = [chart for part in report.parts for chart in part.charts]
    return {
        "name": report.name,
        "asked": report.asked,
        "score": report.score,
        "limits": report.limits,
        "groups": [{"word": word, "share": share} for _, word, share in report.groups],
        "in_short": list(report.in_short),
        "parts": [_part(part) for part in report.parts],
        "is-long": sum(part.key in WIDE_PARTS for part in report.parts if part.charts) > 1,
        "appendix": [_table(chart.title, chart.table) for chart in drawn],
        "colours": palette.painted(
            {name: palette.colour(name) for name in palette.COLOURS}, "light"
        ),
        "font": FONT,
        "made": f"Made by Afterscore {__version__} from the file alone.",
    }


def _part(part: Part) -> dict[str, Any]:
    is_wide = part.key in WIDE_PARTS
    width = WIDE if is_wide else NARROW
    return {
        "heading": part.heading,
        "sentences": list(part.sentences),
        "charts": [_drawing(chart, width) for chart in part.charts],
        "tables": [_table(title, table) for title, table in part.tables],
        "minds": part.minds,
        "wide": is_wide,
    }


def _drawing(chart: Chart, width: int) -> dict[str, str]:
    svg = chart.svg(width=width, theme="light").replace(PICTURE_FONT, FONT)
    return {
        "title": chart.title,
        "description": chart.description,
        "note": chart.note,
        "svg": svg,
    }


def _table(title: str, table: Table) -> dict[str, Any]:
    return {
        "title": title,
        "header": list(table.header),
        "numeric": [number for _, number in table.headed],
        "rows": [[cell for cell, _ in row] for row in table.shown],
    }
