"""The words of reports, one JSON file a language beside this module; those that only reports on
files need lie in the folder `files`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from afterscore.surveys import languages as known

DEFAULT = "en"
_FOLDER = Path(__file__).parent
_LOCALES = {"sr": "sr_Latn"}  # its phrases are in Latin letters, its months have to be, too


@dataclass(frozen=True, slots=True)
class Phrases:
    """`locale` is how numbers and dates are written; `direction` how the text runs."""

    code: str
    direction: str
    texts: Mapping[str, str]

    @property
    def locale(self) -> str:
        return _LOCALES.get(self.code, self.code.replace("-", "_"))

    def say(self, key: str, **values: object) -> str:
        """KeyError for a key or a value that is missing."""
        return self.texts[key].format(**values)


@cache
def available() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


def choose(wish: str) -> Phrases:
    """The language that somebody means, else English."""
    code = known.recognise(wish) or DEFAULT
    return _load(code if code in available() else DEFAULT)


@cache
def available_for_files() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (_FOLDER / "files").glob("*.json")))


@cache
def choose_for_files(wish: str) -> Phrases:
    """Those of reports, and those of reports on files; the language that somebody means, else
    English."""
    code = known.recognise(wish) or DEFAULT
    code = code if code in available_for_files() else DEFAULT
    both = choose(code)
    texts = json.loads((_FOLDER / "files" / f"{code}.json").read_text(encoding="utf-8"))
    return Phrases(code, both.direction, MappingProxyType({**both.texts, **texts}))


@cache
def _load(code: str) -> Phrases:
    texts = json.loads((_FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return Phrases(code, known.get(code).direction, MappingProxyType(texts))
