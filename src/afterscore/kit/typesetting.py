"""Documents and pictures of pages, set by typst from a layout and data.

Everything that people wrote arrives as data, never as markup: nothing in it can be run. PDFs are
tagged as PDF/UA-1, which refuses letters that no font can show. The font that comes along knows
Latin, Greek, Cyrillic and Arabic; for others the fonts of the machine are asked. Letters that even
they cannot show become “?”.

Layouts set drawings with `lettered`, from what `lettering.apart` makes of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from afterscore.kit import lettering

_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_ONE_BY_ONE, _AT_MOST = 8, 48
_LAYOUTS = Path(__file__).parent / "layouts"

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


def to_picture(svg: str, *, scale: float, fonts: Sequence[str]) -> bytes:
    """A drawing as a PNG, `scale` times as many pixels as it is wide."""
    data = {"drawing": lettering.apart(svg), "fonts": list(fonts)}
    how: dict[str, Any] = {"format": "png", "ppi": 72 * scale}
    return bytes(_compiled(_read("picture.typ"), data, fonts_of_machine=True, **how))


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
        found = _NOT_SHOWN.search(str(error))
        if found is None:
            raise
        letters = _ESCAPED.sub(lambda code: chr(int(code.group(1), 16)), found.group(1))
        raise _NoFontError(letters) from error
    return bytes(made)


def _compiled(layout: bytes, data: Any, *, fonts_of_machine: bool, **how: Any) -> Any:
    import typst

    return typst.compile(
        _read("drawing.typ") + layout,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        font_paths=_fonts(of_machine=fonts_of_machine),
        **how,
    )


@cache
def _read(name: str) -> bytes:
    return (_LAYOUTS / name).read_bytes()


@cache
def _fonts(*, of_machine: bool) -> Any:
    """Looking through the folders takes longer than setting a page."""
    import typst

    return typst.Fonts(include_system_fonts=of_machine)


def has_letters(text: str) -> bool:
    """Whether what comes along and the fonts of the machine can show all of a text."""
    try:
        _tagged(_read("text.typ"), {"text": text}, fonts_of_machine=True)
    except _NoFontError:
        return False
    return True
