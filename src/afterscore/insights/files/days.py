"""Days as exports write them: beside what `customers.importers.dates` reads, years of two figures,
months and quarters alone, months in words of many languages, and the numbers of spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache

from afterscore.customers.importers import dates
from afterscore.customers.importers.cells import CellError

_SHORT = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{2})\.?(?:[T ,].*)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})\s?[-/]\s?(\d{1,2})", re.ASCII)
_MONTH_LAST = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{4})", re.ASCII)
_QUARTER = re.compile(r"(?:[qt](\d)[ /-]*(\d{4})|(\d{4})[ /-]*[qt](\d))", re.ASCII | re.IGNORECASE)
_IN_WORDS = re.compile(
    r"(?:(\d{1,2})\.?\s+(?:de\s+)?)?([^\W\d]{3,}\.?)\s+(?:de\s+)?(\d{4})(?:[ ,].*)?"
)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?", re.ASCII)
_SERIALS = range(36_526, 54_789)  # the years 2000 to 2049
_BEFORE_SERIALS = date(1899, 12, 30)
_CENTURY = "20"
_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "tr")
_FEWEST_LETTERS = 3


@lru_cache(maxsize=8192)
def read_day(text: str, order: str) -> date:
    """The first day of what it says. Raises CellError."""
    return dates.read_day(_told(text, order), order)


def is_day(text: str) -> bool:
    """Whether it is a date in any order; a bare number of five figures is not."""
    plain = text.strip()
    return not is_serial(plain) and any(_can_be_read(plain, order) for order in dates.ORDERS)


def is_serial(text: str) -> bool:
    """Whether it can be a day as spreadsheets count them."""
    match = _SERIAL.fullmatch(text.strip())
    return match is not None and int(match[1]) in _SERIALS


def evidence(texts: Iterable[str]) -> dates.Evidence:
    """What they say of the order of day, month and year."""
    found = dates.Evidence()
    for text in texts:
        found.add(_told(text, ""))
    return found


def may_begin_with_the_year(texts: Iterable[str]) -> bool:
    """Years of two figures leave it open; what differs least from cell to cell is the year."""
    short = [match for match in map(_SHORT.fullmatch, texts) if match]
    return bool(short) and len({each[1] for each in short}) <= len({each[4] for each in short})


def _can_be_read(text: str, order: str) -> bool:
    try:
        read_day(text, order)
    except CellError:
        return False
    return True


def _told(text: str, order: str) -> str:
    """The same in a way that `dates` reads, or as it stands."""
    plain = text.strip()
    if is_serial(plain):
        return (_BEFORE_SERIALS + timedelta(days=int(plain[:5]))).isoformat()
    if match := _SHORT.fullmatch(plain):
        return _with_century(match, order)
    return _beginning_of(plain) or _in_words(plain) or plain


def _with_century(match: re.Match[str], order: str) -> str:
    first, mark, second, third = match.groups()
    if order == "ymd":
        return f"{_CENTURY}{first:0>2}-{second}-{third}"
    return f"{first}{mark}{second}{mark}{_CENTURY}{third}"


def _beginning_of(text: str) -> str:
    """Of a month or a quarter in figures; "" of anything else."""
    if match := _MONTH.fullmatch(text):
        return f"{match[1]}-{match[2]}-1"
    if match := _MONTH_LAST.fullmatch(text):
        return f"{match[2]}-{match[1]}-1"
    if match := _QUARTER.fullmatch(text):
        quarter, year = (match[1], match[2]) if match[1] else (match[4], match[3])
        return f"{year}-{3 * int(quarter) - 2}-1"
    return ""


def _in_words(text: str) -> str:
    match = _IN_WORDS.fullmatch(text)
    month = _months().get(_stem(match[2])) if match else None
    return f"{match[3]}-{month}-{match[1] or 1}" if match and month else ""


def _stem(word: str) -> str:
    return word.casefold().rstrip(".")


@cache
def _months() -> dict[str, int]:
    """From a name and from each of its beginnings that belongs to one month alone."""
    from babel.dates import get_month_names  # takes a while, and few files need it

    meant: dict[str, set[int]] = {}
    for language in ("en", *_LANGUAGES):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names("wide", context, locale=language).items():
                word = _stem(name)
                for length in range(_FEWEST_LETTERS, len(word) + 1):
                    meant.setdefault(word[:length], set()).add(number)
    return {word: min(numbers) for word, numbers in meant.items() if len(numbers) == 1}
