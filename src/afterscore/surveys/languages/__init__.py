"""The words of the survey page and its mails, one JSON file a language beside this module."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

SUFFIX: Final = ".json"

# Withdrawn codes and close relatives; names in everyday use; countries' codes mistaken for
# languages' (only those that are no language's code themselves).
OTHER_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "cs": ("cz",),
        "da": ("dk",),
        "el": ("gr",),
        "es": ("castilian", "castellano"),
        "fa": ("farsi",),
        "he": ("iw",),
        "id": ("in", "indonesia"),
        "ja": ("jp",),
        "ms": ("melayu",),
        "nb": ("no", "nn", "norwegian", "norsk", "bokmål"),
        "nl": ("flemish", "vlaams"),
        "pt-BR": ("brazilian portuguese", "português do brasil"),
        "ro": ("mo",),
        "sr": ("српски",),
        "uk": ("ua",),
        "zh-Hans": ("cmn", "cn", "chinese", "mandarin", "simplified chinese", "中文"),
        "zh-Hant": ("yue", "traditional chinese", "chinese (taiwan)", "chinese (hong kong)"),
    }
)
TRADITIONAL_CHINESE: Final = frozenset({"hant", "tw", "hk", "mo"})
# An encoding (.utf-8), a variant (@latin), a region in words, a second wish.
AFTER_THE_TAG: Final = re.compile(r"[.@(,;/]| - ")


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
    """The code somebody means by a BCP 47 tag, a locale or a language's name; None if unclear.

    Of several wishes ("de-AT,de;q=0.9") the first counts. A region without a file of its own
    falls back to its language: "de-AT" and "German (Austria)" are "de".
    """
    spelling = _plain(text)
    if spelling in _spellings():
        return _spellings()[spelling]
    return _recognise_tag(AFTER_THE_TAG.split(spelling)[0].strip().replace("_", "-").split("-"))


def _recognise_tag(parts: list[str]) -> str | None:
    """Drop a tag's parts from the right until a language is left: de-at becomes de."""
    if parts[0] == "zh":
        is_traditional = "hans" not in parts and TRADITIONAL_CHINESE & {*parts}
        return _spellings().get("zh-hant" if is_traditional else "zh-hans")
    candidates = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((_spellings()[each] for each in candidates if each in _spellings()), None)


@functools.cache
def _spellings() -> Mapping[str, str]:
    """Plain spelling to code, for the languages there are."""
    return MappingProxyType({each: code for code in available() for each in spellings_of(code)})


def spellings_of(code: str) -> frozenset[str]:
    """How a language may be spelled besides its regions, in small letters without accents."""
    language = get(code)
    names = (code, language.name, language.english_name, *OTHER_SPELLINGS.get(code, ()))
    return frozenset(map(_plain, names))


def _plain(text: str) -> str:
    """Without capitals, accents and surplus spaces: "Francais" is meant for "Français"."""
    letters = unicodedata.normalize("NFKD", " ".join(text.split()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
