"""A report as a PDF: two pages that an expert would hand over, and the numbers behind their charts.

Tagged as PDF/UA-1, with the charts described in words. Letters that no font can show become “?”,
and the report says so.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from afterscore import __version__
from afterscore.insights.charts import Chart, Table, palette
from afterscore.insights.charts.chart import PICTURE_FONT
from afterscore.insights.files.documents import LAYOUTS
from afterscore.insights.files.parts import Part
from afterscore.insights.files.reporting import Report
from afterscore.kit import lettering, typesetting

FONT = "Libertinus Serif"
WIDE, NARROW = 660, 330  # in which a chart's letters are about as large as the text around it
WIDE_PARTS = {"mind", "scores", "trend"}


def to_pdf(report: Report, *, fonts_of_machine: bool = True) -> bytes:
    """Without the fonts of the machine the same report is the same file anywhere. Those that come
    along have letters for Arabic and Hindi, too, all of one width, which nobody wants to read."""

    def say_lost(data: dict[str, Any]) -> None:
        data["made"] += " " + report.speech.say("letters_lost")

    data = _data(report)
    is_beyond = lettering.is_beyond(json.dumps(data, ensure_ascii=False))
    if is_beyond:
        _in_other_letters(data, report.speech.phrases.code)
    fonts: typesetting.Fonts = "machine" if is_beyond else "ours_first"
    fonts = fonts if fonts_of_machine else "ours"
    return typesetting.to_pdf(_layout(), data, fonts=fonts, lost=say_lost).pdf


def _in_other_letters(data: dict[str, Any], code: str) -> None:
    """All in fonts that go with them."""
    data["fonts"] = lettering.fonts(code)
    for part in data["parts"]:
        for chart in part["charts"]:
            chart["svg"] = chart["svg"].replace(FONT, lettering.FONTS[0])


@cache
def _layout() -> bytes:
    return (LAYOUTS / "analysis.typ").read_bytes()


def _data(report: Report) -> dict[str, Any]:
    phrases = report.speech.phrases
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
        "fonts": [FONT],
        "language": phrases.code.partition("-")[0],
        "direction": phrases.direction,
        "nps": report.speech.say("nps"),
        "page": report.speech.phrases.texts["page"],
        "numbers": report.speech.say("numbers"),
        "made": report.speech.say("made", version=__version__),
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


def _drawing(chart: Chart, width: int) -> dict[str, Any]:
    svg = chart.svg(width=width, theme="light").replace(PICTURE_FONT, FONT)
    said = {"title": chart.title, "description": chart.description, "note": chart.note}
    return lettering.apart(svg) | said


def _table(title: str, table: Table) -> dict[str, Any]:
    return {
        "title": title,
        "header": list(table.header),
        "numeric": [number for _, number in table.headed],
        "rows": [[cell for cell, _ in row] for row in table.shown],
    }
