"""Who is named in a note: `@Ana`, `@Ana Costa`, `@ana@harbourline.example`.

A full name wins over a first name; a first name that several people have names nobody, because the
wrong one would be told. An address like `mail@ana` is no mention.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

_SIGN = re.compile(r"(?<![\w@.])@(?=\w)")
_WORD_GOES_ON = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named in a text, and where: from the sign to the end of the name."""

    key: str
    start: int
    end: int


def find(text: str, people: Mapping[str, tuple[str, str]]) -> list[Named]:
    """In the order of the text. `people` are names and addresses by their keys."""
    known = _known(people)
    found = []
    for sign in _SIGN.finditer(text):
        said = text[sign.end() :]
        for name, key in known:
            length = _length_of(name, said)
            if length:
                found.append(Named(key, sign.start(), sign.end() + length))
                break
    return found


def _known(people: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """What each may be called, the longest first; what several are called is left out."""
    names: list[tuple[str, str]] = []
    for key, (name, address) in people.items():
        first = name.split()[0] if name.split() else ""
        own = {_fold(called) for called in (name, first, address) if called.strip()}
        names += [(called, key) for called in own]
    often = Counter(called for called, _key in names)
    alone = [(called, key) for called, key in names if often[called] == 1]
    return sorted(alone, key=lambda pair: (-len(pair[0]), pair[0]))


def _length_of(name: str, said: str) -> int:
    """How much of what is said is this name; 0 where it is another word."""
    for length in range(len(name), min(len(said), 2 * len(name)) + 1):
        begins = _fold(said[:length])
        if begins == name:
            goes_on = said[length : length + 1]
            return 0 if _WORD_GOES_ON.match(goes_on) else length
        if len(begins) > len(name):
            return 0
    return 0


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()).casefold())
