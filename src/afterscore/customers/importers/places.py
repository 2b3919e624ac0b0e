"""Countries, languages and currencies by code and by name, from the Unicode locale data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from babel import Locale, localedata
from babel.core import get_global

_NAMED_IN = ("en", "de", "fr", "es", "it", "nl", "pt")
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)
_ALSO = {"uk": "GB", "usa": "US", "u s a": "US", "great britain": "GB", "england": "GB",
    "scotland": "GB", "wales": "GB", "holland": "NL", "czech republic": "CZ", "turkey": "TR",
    "uae": "AE", "south korea": "KR", "russian federation": "RU", "viet nam": "VN"}  # fmt: skip


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", letters.casefold()).split())


@cache
def _countries() -> Mapping[str, str]:
    """Codes by name; the official two-letter countries only."""
    named: dict[str, str] = dict(_ALSO)
    for language in _NAMED_IN:
        for code, name in Locale(language).territories.items():
            if (
                len(code) == 2
                and code.isalpha()
                and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB"}
            ):
                named.setdefault(_key(name), code)
                named[code.casefold()] = code
    named["uk"] = "GB"
    return named


def country_of(text: str) -> str:
    """Two capital letters; "" if there is no such country."""
    return _countries().get(_key(text), "")


@cache
def _languages() -> Mapping[str, str]:
    named: dict[str, str] = {}
    for code in localedata.locale_identifiers():
        if "_" not in code and len(code) == 2:
            own = Locale(code).display_name
            named.setdefault(_key(own or code), code)
    for language in _NAMED_IN:
        for code, name in Locale(language).languages.items():
            if len(code) == 2:
                named.setdefault(_key(name), code)
    return named


@cache
def _language_codes() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) in {2, 3})


def language_of(text: str) -> str:
    """A tag like "pt-BR"; "" if there is no such language."""
    match = _TAG.fullmatch(text.strip())
    if match is None or match[1].lower() not in _language_codes():
        return _languages().get(_key(text), "")
    language, script, region = match[1].lower(), match[2], match[3]
    if region and region.upper() not in Locale("en").territories:
        return ""
    parts = (language, script.title() if script else "", region.upper() if region else "")
    return "-".join(filter(None, parts))


@cache
def currencies() -> frozenset[str]:
    """The codes of all currencies that are tender somewhere today."""
    lands: dict[str, list[tuple[str, object, object, bool]]] = get_global("territory_currencies")  # type: ignore[assignment]
    return frozenset(
        code
        for uses in lands.values()
        for code, _since, until, is_tender in uses
        if is_tender and not until
    )
