"""Dates in files: in which order day, month and year stand is found out, never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from afterscore.customers.importers.cells import CellError, excerpt

ORDERS = ("dmy", "mdy", "ymd")
NAMES = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year-month-day"}
_YEARS = range(1900, 2201)
_FIGURES = re.compile(r"(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?(?:[T ].*)?", re.ASCII)
_WORDS = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[ .-]+([a-z]{3,9})|([a-z]{3,9})[ .-]+(\d{1,2})(?:st|nd|rd|th)?)"
    r"[ .,-]+(\d{4})",
    re.ASCII,
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# A stray value may stand against the rest of its column; more than one in ten is another order.
_MAJORITY = 9


@lru_cache(maxsize=8192)
def read_day(text: str, order: str) -> date:
    """The day, with figures read in `order` ("" where it is not known). Raises CellError.

    A date that begins with a four-digit year is read so in any order, and so is one with the
    month in English words. A date that both readings agree on needs no order.
    """
    spelled = _WORDS.fullmatch(text.casefold())
    if spelled:
        return _spelled_day(spelled, text)
    match = _FIGURES.fullmatch(text)
    if match is None:
        raise CellError(f"“{excerpt(text)}” is not a date. Write it like 2026-04-03.")
    first, second, third = match[1], match[3], match[4]
    if len(first) == 4:
        return _real_day((int(first), int(second), int(third)), text, "ymd")
    if len(third) != 4 or len(first) > 2:
        raise CellError(f"“{excerpt(text)}”: write the year with four digits, like 2026-04-03.")
    if order == "ymd":
        raise CellError(f"“{excerpt(text)}” does not begin with the year, as dates here do.")
    if not order and first != second:
        raise CellError(f"“{excerpt(text)}” can be read day first and month first.")
    day, month = (second, first) if order == "mdy" else (first, second)
    return _real_day((int(third), int(month), int(day)), text, order or "dmy")


def _spelled_day(match: re.Match[str], text: str) -> date:
    day, word = (match[1], match[2]) if match[1] else (match[4], match[3])
    months = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)]
    if len(months) != 1:
        raise CellError(f"“{excerpt(text)}” names no month. Write it like 2026-04-03.")
    return _real_day((int(match[5]), months[0], int(day)), text, "dmy")


def _real_day(parts: tuple[int, int, int], text: str, order: str) -> date:
    year, month, day = parts
    if year not in _YEARS:
        raise CellError(f"“{excerpt(text)}”: the year {year} is out of range.")
    try:
        return date(year, month, day)
    except ValueError:
        message = f"“{excerpt(text)}” is not a day of the calendar, read as {NAMES[order]}."
        raise CellError(message) from None


@dataclass(slots=True)
class Evidence:
    """What a column's dates say of their order: how many are possible in one order only."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    same: int = 0
    year_first: int = 0
    example: str = ""

    def add(self, text: str) -> None:
        """Take a cell into account; what is no date in figures says nothing."""
        match = _FIGURES.fullmatch(text)
        if match is None:
            return
        first, second, third = match[1], match[3], match[4]
        if len(first) == 4:
            self.year_first += 1
        elif len(third) == 4 and len(first) <= 2:
            self._weigh(int(first), int(second), text)

    def _weigh(self, first: int, second: int, text: str) -> None:
        if first == second:
            self.same += 1
        elif first > 12 >= second:
            self.day_first += 1
        elif second > 12 >= first:
            self.month_first += 1
        elif first <= 12:
            self.either += 1
            self.example = self.example or text

    @property
    def order(self) -> str:
        """ "dmy", "mdy" or "ymd"; "" where the column leaves it open and somebody must say."""
        more, less = max(self.day_first, self.month_first), min(self.day_first, self.month_first)
        if more == less == self.either == 0:
            return "dmy" if self.same else "ymd"
        clear = more > less * (_MAJORITY if self.either else 1)
        if not clear:
            return ""
        return "dmy" if self.day_first > self.month_first else "mdy"

    def __bool__(self) -> bool:
        counts = (self.day_first, self.month_first, self.either, self.same, self.year_first)
        return any(counts)
