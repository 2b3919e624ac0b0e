"""The words of the survey page and its mails, one JSON file a language beside this module."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

SUFFIX: Final = ".json"

# Withdrawn codes, close relatives, names in everyday use, and countries' codes mistaken for
# languages' (only those that are no language's code themselves).
OTHER_SPELLINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no": "nb",
        "nn": "nb",
        "norwegian": "nb",
        "norsk": "nb",
        "iw": "he",
        "in": "id",
        "indonesia": "id",
        "melayu": "ms",
        "mo": "ro",
        "farsi": "fa",
        "castilian": "es",
        "castellano": "es",
        "flemish": "nl",
        "brazilian portuguese": "pt-BR",
        "cmn": "zh-Hans",
        "yue": "zh-Hant",
        "chinese": "zh-Hans",
        "simplified chinese": "zh-Hans",
        "traditional chinese": "zh-Hant",
        "中文": "zh-Hans",
        "cn": "zh-Hans",
        "cz": "cs",
        "dk": "da",
        "gr": "el",
        "jp": "ja",
        "ua": "uk",
    }
)
TRADITIONAL_CHINESE: Final = frozenset({"hant", "tw", "hk", "mo"})


@dataclass(frozen=True)
class Language:
    """Every string may hold the placeholders of its English counterpart, and no others."""

    code: str
    name: str
    english_name: str
    direction: Literal["ltr", "rtl"]
    greeting_named: str
    greeting_plain: str
    survey: Mapping[str, str]
    mail: Mapping[str, str]


@functools.cache
def available() -> tuple[str, ...]:
    """The codes of all languages there are, sorted."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


@functools.cache
def get(code: str) -> Language:
    """The language of exactly this code; KeyError if there is none."""
    if code not in available():
        raise KeyError(f"There is no language {code!r}; there are {', '.join(available())}.")
    text = resources.files(__name__).joinpath(code + SUFFIX).read_text(encoding="utf-8")
    content = json.loads(text)
    content |= {part: MappingProxyType(content[part]) for part in ("survey", "mail")}
    return Language(**content)


def choose(requested: str | None, default: str = "en") -> Language:
    """The requested language if it is recognised, otherwise the default."""
    return get(recognise(requested or "") or default)


def recognise(text: str) -> str | None:
    """The code somebody means by a BCP 47 tag, a locale or a language's name; None if unclear."""
    spelling = _plain(text)
    if spelling in _spellings():
        return _spellings()[spelling]
    return _recognise_tag(spelling.split(".")[0].split("@")[0].replace("_", "-").split("-"))


def _recognise_tag(parts: list[str]) -> str | None:
    """Drop a tag's parts from the right until a language is left: de-at becomes de."""
    if parts[0] == "zh":
        script = "zh-hans" if "hans" in parts or not TRADITIONAL_CHINESE & {*parts} else "zh-hant"
        return _spellings().get(script)
    candidates = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((_spellings()[each] for each in candidates if each in _spellings()), None)


@functools.cache
def _spellings() -> Mapping[str, str]:
    """Plain spelling to code, for the languages there are."""
    known = {spelling: code for spelling, code in OTHER_SPELLINGS.items() if code in available()}
    for code in available():
        language = get(code)
        known |= {_plain(each): code for each in (code, language.name, language.english_name)}
    return MappingProxyType(known)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()
