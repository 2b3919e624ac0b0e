"""What a cell says, read strictly: a value, or a CellError with the reason in words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from afterscore.customers.importers import places
from afterscore.domain import calendars, fatigue, identity

MAX_LENGTH = 10_000
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DEFUSED = re.compile(r"'[=+\-@\t\r]")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,4})?", re.ASCII)
_MAX_DIGITS = 15
# What the domain would give back unchanged, told apart quickly: files are long.
_SHORT = 64
_ORDINARY_EMAIL = re.compile(
    r"[a-z0-9]+(?:[._+-][a-z0-9]+)*@[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.[a-z]{2,24}"
)
_ORDINARY_NAME = re.compile(r"[A-Za-z]+(?:[ '-][A-Za-z]+)*")
OPT_IN = "opt_in"
"""Joined the feedback program of their own accord: more than consent to being written to."""

BASES = (
    "consent", "contract", "legitimate_interest", "legal_obligation", "public_task",
    "vital_interest", OPT_IN, "none", "unknown", *sorted(fatigue.REFUSALS),
)  # fmt: skip
_BASES_BY_WORD = {
    **{base.replace("_", " "): base for base in BASES if base != OPT_IN},
    **dict.fromkeys(("panel", "feedback panel", "feedback program"), OPT_IN),
    **dict.fromkeys(("yes", "true", "1", "opt in", "opted in", "granted", "given"), "consent"),
    **dict.fromkeys(("ja", "oui", "si", "sì", "sí", "einwilligung", "consentement"), "consent"),
    **dict.fromkeys(("no", "false", "0", "opt out", "opted out", "nein", "non"), "refused"),
    **dict.fromkeys(("legitimate interests", "berechtigtes interesse"), "legitimate_interest"),
    **dict.fromkeys(("vertrag", "contrat", "customer"), "contract"),
    "revoked": "withdrawn",
}


class CellError(ValueError):
    """A value that cannot go in; `reason` is a sentence for whoever mends the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def clean(text: str) -> str:
    """The text as it is stored: composed, trimmed, without control characters.

    Takes back the ' that a spreadsheet-safe export puts before = + - @. Raises CellError.
    """
    if "\x00" in text:
        raise CellError("It contains a NUL character, which no text has.")
    if len(text) > MAX_LENGTH:
        raise CellError(f"It is {len(text):,} characters long; at most {MAX_LENGTH:,} are allowed.")
    if _UNREADABLE in text:
        raise CellError("It contains a character that could not be read in the file's encoding.")
    plain = text[1:] if _DEFUSED.match(text) else text
    if plain.isascii() and plain.isprintable():
        return plain.strip()
    return _CONTROLS.sub("", unicodedata.normalize("NFC", plain)).strip()


def one_line(text: str, limit: int) -> str:
    line = " ".join(text.split())
    if len(line) > limit:
        raise CellError(f"It is {len(line)} characters long; at most {limit} are allowed.")
    return line


def read_email(text: str) -> str:
    """The normalised address; an ordinary one is already in that form."""
    if len(text) <= _SHORT and _ORDINARY_EMAIL.fullmatch(text):
        return text
    try:
        return identity.normalise_email(text)
    except identity.InvalidEmail as error:
        raise CellError(error.reason) from error


def read_name(text: str) -> str:
    """The name as plain text; an ordinary one is that already."""
    if len(text) <= identity.MAX_NAME_LENGTH and _ORDINARY_NAME.fullmatch(text):
        return text
    return identity.clean_name(text)


@lru_cache(maxsize=4096)
def read_language(text: str) -> str:
    """ "de", "pt-BR", "zh-Hant": from a code or from the language's name."""
    found = places.language_of(text)
    if not found:
        raise CellError(f"“{excerpt(text)}” is not a language, such as en, fr or pt-BR.")
    return found


@lru_cache(maxsize=4096)
def read_time_zone(text: str) -> str:
    zone = calendars.zone_or(text, "")
    if not zone:
        raise CellError(f"“{excerpt(text)}” is not a time zone, such as Europe/Berlin.")
    return zone


@lru_cache(maxsize=4096)
def read_country(text: str) -> str:
    found = places.country_of(text)
    if not found:
        raise CellError(f"“{excerpt(text)}” is not a country. Use two letters, such as DE or US.")
    return found


@lru_cache(maxsize=4096)
def read_currency(text: str) -> str:
    code = text.strip().upper()
    if code not in places.currencies():
        raise CellError(f"“{excerpt(text)}” is not a currency code, such as EUR.")
    return code


@lru_cache(maxsize=4096)
def read_consent(text: str) -> str:
    if text.strip() == OPT_IN:
        return OPT_IN  # to the letter: an "opt in" of somebody's mailing list is consent, no more
    word = re.sub(r"[\s_-]+", " ", text.strip().casefold())
    if word not in _BASES_BY_WORD:
        known = ", ".join(base.replace("_", " ") for base in BASES[:4])
        raise CellError(f"“{excerpt(text)}” is not a basis of consent, such as {known}, or none.")
    return _BASES_BY_WORD[word]


def is_number(text: str) -> bool:
    """Whether an attribute of this text is a number: no leading zeros, no exponent, no sign +.

    What fails ("007", "+49 30 1234", "1e5") stays text, and so does the rest of its column.
    """
    return bool(_NUMBER.fullmatch(text)) and sum(map(str.isdigit, text)) <= _MAX_DIGITS


def read_number(text: str) -> int | float | str:
    """The number, or the text itself where it is none."""
    if not is_number(text):
        return text
    return float(text) if "." in text else int(text)


def excerpt(text: str, limit: int = 60) -> str:
    """A short, printable piece of what a person wrote, to show beside the reason."""
    visible = "".join(letter if letter.isprintable() else " " for letter in text[: limit * 2])
    line = " ".join(visible.split())
    return line if len(line) <= limit and len(text) <= limit * 2 else f"{line[: limit - 1]}…"
