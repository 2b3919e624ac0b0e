"""Letters of drawings, set by the typesetter instead of the renderer of drawings.

The renderer (resvg) takes one font for a line and, where that lacks letters, shapes the whole line
with any other font that has them and exchanges signs one by one. Where letters join, as in Hindi,
Bengali and Tamil, the counts of signs differ and they lie on each other; elsewhere the font is any:
bold, slanted, of another style. So the letters of such a drawing are taken out of it, each line
with its place, and set over it by typst, which falls back by whole clusters in the order told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Any
from xml.etree import ElementTree as ET

FONTS = (
    "Noto Sans",
    "Liberation Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Thai",
    "Noto Sans CJK SC",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Kannada",
    "Noto Sans Malayalam",
    "Noto Sans Sinhala",
    "Noto Sans Khmer",
    "Noto Sans Myanmar",
    "Noto Sans Lao",
    "Noto Sans Georgian",
    "Noto Sans Armenian",
    "Noto Sans Ethiopic",
    "DejaVu Sans",
    "Libertinus Serif",
)
"""The first that has a letter draws it; the last comes with the typesetter."""
_CHINESE = "Noto Sans CJK SC"
_BEFORE_CHINESE = {
    "ja": "Noto Sans CJK JP",
    "ko": "Noto Sans CJK KR",
    "zh-Hant": "Noto Sans CJK TC",
}
"""Where a language draws letters otherwise than the one whose font would come first."""

_BEYOND = re.compile(
    "[\u0530-\u1cff\u2c00-\u2dff\u2e80-\ud7ff\uf900-\ufdff\ufe70-\ufeff\U00010000-\U0010ffff]"
)
_RIGHT_TO_LEFT = {"R", "AL"}
_KANA = re.compile("[\u3041-\u30ff]")
_SVG = "{http://www.w3.org/2000/svg}"
_MOVED = re.compile(r"(translate|rotate)\(([^)]*)\)")


def is_beyond(text: str) -> bool:
    """Whether there are letters beyond Latin, Greek and Cyrillic."""
    return _BEYOND.search(text) is not None


def fonts(code: str = "", *, text: str = "") -> list[str]:
    """In the order in which they are asked for a letter, for a language, or for what is written."""
    own = _BEFORE_CHINESE.get(code or ("ja" if _KANA.search(text) else ""))
    if own is None:
        return list(FONTS)
    place = FONTS.index(_CHINESE)
    return [*FONTS[:place], own, *FONTS[place:]]


def apart(svg: str) -> dict[str, Any]:
    """A drawing as a layout takes it: its size, the letters with their places, and the rest. With
    letters of the renderer's alone it stays as it is."""
    root = ET.fromstring(svg)  # our own renderer's  # noqa: S314
    size = {name: float(root.get(name, "0")) for name in ("width", "height")}
    if not is_beyond("".join(root.itertext())):
        return {"svg": svg, "letters": [], **size}
    letters = list(_taken(root, _Place()))
    ET.register_namespace("", _SVG.strip("{}"))
    return {"svg": ET.tostring(root, encoding="unicode"), "letters": letters, **size}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something lies on the drawing, by how many degrees turned, how much of it is seen."""

    x: float = 0.0
    y: float = 0.0
    angle: float = 0.0
    opacity: float = 1.0

    def within(self, element: ET.Element) -> _Place:
        """Where what is in this element lies."""
        place = self
        for what, numbers in _MOVED.findall(element.get("transform", "")):
            given = [float(each) for each in re.split(r"[ ,]+", numbers.strip())]
            if what == "rotate":
                place = replace(place, angle=place.angle + given[0])
            else:
                place = place.shifted(*given)
        return replace(place, opacity=place.opacity * float(element.get("opacity", "1")))

    def shifted(self, x: float, y: float = 0.0) -> _Place:
        turn = radians(self.angle)
        return replace(
            self,
            x=self.x + x * cos(turn) - y * sin(turn),
            y=self.y + x * sin(turn) + y * cos(turn),
        )


def _taken(element: ET.Element, place: _Place) -> Iterator[dict[str, Any]]:
    """The lines below an element, which loses them. None of it is drawn where all is unseen."""
    for child in list(element):
        within = place.within(child)
        if child.tag == f"{_SVG}text":
            yield from _lines(child, within)
            element.remove(child)
        else:
            yield from _taken(child, within)


def _lines(text: ET.Element, place: _Place) -> Iterator[dict[str, Any]]:
    look = {
        "anchor": text.get("text-anchor", "start"),
        "size": float(text.get("font-size", "12px").removesuffix("px")),
        "weight": _weight(text.get("font-weight", "400")),
        "fill": text.get("fill", "#000000"),
        "stroke": text.get("stroke", ""),
        "stroke-width": float(text.get("stroke-width", "1")),
    }
    lines = [
        (0.0, text.text or ""),
        *((float(part.get("dy", "0")), part.text or "") for part in text),
    ]
    for dy, words in lines:
        place = place.shifted(0.0, dy)
        if words and place.opacity > 0:
            yield look | {
                "text": words,
                "direction": _direction(words),
                "x": place.x,
                "y": place.y,
                "angle": place.angle,
                "opacity": place.opacity,
            }


def _weight(given: str) -> int:
    return {"normal": 400, "bold": 700}.get(given) or int(given)


def _direction(words: str) -> str:
    """By the first letter that has one."""
    for letter in words:
        way = unicodedata.bidirectional(letter)
        if way == "L" or way in _RIGHT_TO_LEFT:
            return "ltr" if way == "L" else "rtl"
    return "ltr"
