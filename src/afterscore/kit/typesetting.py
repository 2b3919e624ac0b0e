"""Documents and pictures of pages, set by typst from a layout and data.

Everything that people wrote arrives as data, never as markup: nothing in it can be run. PDFs are
tagged as PDF/UA-1, which refuses letters that no font can show. The font that comes along knows
Latin, Greek, Cyrillic and Arabic; for others the fonts of the machine are asked. Letters that even
they cannot show become “?”.

In drawings (SVG) the typesetter loses which letters some signs of Hindi, Bengali and others stand
for, and refuses them: such drawings are set as pictures of themselves.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_LETTERS_UNKNOWN = "text with missing codepoints"
_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)"[^>]*?\bheight="([\d.]+)"')
_ONE_BY_ONE, _AT_MOST = 8, 48
_SHARPNESS = 3  # times the size of a drawing that is set as a picture

Fonts = Literal["ours", "ours_first", "machine"]
"""Only what comes along: the same file anywhere. What comes along unless that lacks a letter. Or
the fonts of the machine, too, in the order in which the layout names them."""


class Set(NamedTuple):
    """Whether letters were lost for want of a font."""

    pdf: bytes
    is_whole: bool


def to_pdf(
    layout: bytes, data: dict[str, Any], *, fonts: Fonts, lost: Callable[[Any], None] | None = None
) -> Set:
    """`lost` may say in the data that letters were lost, before it is set without them."""
    letters = ""
    for of_machine in _tries(fonts):
        try:
            return Set(_tagged(layout, data, fonts_of_machine=of_machine), is_whole=True)
        except _NoFontError as error:
            letters = error.letters
    if lost is not None:
        lost(data)
    return Set(_without(layout, data, letters, fonts_of_machine=_tries(fonts)[-1]), is_whole=False)


def to_pictures(layout: bytes, data: dict[str, Any], *, ppi: int) -> list[bytes]:
    """One PNG a page. A letter without a font is a box."""
    made = _compiled(layout, data, fonts_of_machine=True, format="png", ppi=ppi)
    return [bytes(page) for page in made] if isinstance(made, list) else [bytes(made)]


def _tries(fonts: Fonts) -> tuple[bool, ...]:
    return {"ours": (False,), "ours_first": (False, True), "machine": (True,)}[fonts]


def _without(layout: bytes, data: Any, letters: str, *, fonts_of_machine: bool) -> bytes:
    """Letters are named one at a time. After a few of them all of their script is given up."""
    for times in range(_AT_MOST):
        like: Callable[[str], int] = ord if times < _ONE_BY_ONE else _script
        lost = {like(letter) for letter in letters}
        data = _replaced(data, like, lost)
        try:
            return _tagged(layout, data, fonts_of_machine=fonts_of_machine)
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


def _tagged(layout: bytes, data: Any, *, fonts_of_machine: bool) -> bytes:
    import typst

    how: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"]}
    try:
        made = _compiled(layout, data, fonts_of_machine=fonts_of_machine, **how)
    except typst.TypstError as error:
        pictured = _pictured(data) if _LETTERS_UNKNOWN in str(error) else data
        if pictured != data:
            return _tagged(layout, pictured, fonts_of_machine=fonts_of_machine)
        found = _NOT_SHOWN.search(str(error))
        if found is None:
            raise
        letters = _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), found.group(1))
        raise _NoFontError(letters) from error
    return bytes(made)


def _pictured(data: Any) -> Any:
    """Each drawing that has letters holds a picture of itself instead."""
    if isinstance(data, str):
        return _picture_of(data) if data.startswith("<svg") and "<text" in data else data
    if isinstance(data, list):
        return [_pictured(each) for each in data]
    if isinstance(data, dict):
        return {key: _pictured(each) for key, each in data.items()}
    return data


def _picture_of(drawing: str) -> str:
    import vl_convert

    found = _SIZE.search(drawing)
    if found is None:
        return drawing
    width, height = found.groups()
    png = base64.b64encode(vl_convert.svg_to_png(drawing, scale=_SHARPNESS)).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" '
        f'href="data:image/png;base64,{png}"/></svg>'
    )


def _compiled(layout: bytes, data: Any, *, fonts_of_machine: bool, **how: Any) -> Any:
    import typst

    return typst.compile(
        layout,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=not fonts_of_machine,
        **how,
    )
