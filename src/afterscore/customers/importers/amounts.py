"""Amounts of money as people write them: "1.234,50", "€1,200", "CHF 3'400"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from afterscore.customers.importers import places
from afterscore.customers.importers.cells import CellError, excerpt

_SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "zł": "PLN"}
# $, ¥ and kr are the signs of several currencies: they say that this is money, not whose.
_SHARED_SYMBOLS = ("$", "¥", "kr", "Fr.")
_PARTS = re.compile(r"(?P<before>[^\d+\-.,]*)(?P<figure>[+-]?[\d.,]*\d)(?P<after>[^\d]*)", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f'’_]+")
_CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 12
_PLAIN = re.compile(r"\d+")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")


@dataclass(frozen=True, slots=True)
class Amount:
    """`currency` is "" where the cell names none."""

    value: Decimal
    currency: str = ""


@lru_cache(maxsize=8192)
def read_amount(text: str, mark: str) -> Amount:
    """`mark` is the column's decimal mark: ".", "," or "" where it does not show.

    "1.234" alone could be a thousand or one and a bit: without a mark it is refused.
    """
    match = _PARTS.fullmatch(_SPACES.sub("", text))
    if match is None:
        raise CellError(f"“{excerpt(text)}” is not an amount. Write it like 1234.50.")
    currency = _currency(match["before"] or match["after"], text)
    figure = match["figure"].lstrip("+")
    if figure.startswith("-"):
        raise CellError(f"“{excerpt(text)}” is below zero, which no revenue is.")
    value = Decimal(_plain_figure(figure, mark, text))
    if value >= LIMIT:
        raise CellError(f"“{excerpt(text)}” is too large to be a revenue.")
    return Amount(value, currency)


def _currency(sign: str, text: str) -> str:
    if not sign or sign in _SHARED_SYMBOLS:
        return ""
    code = _SYMBOLS.get(sign, sign.upper())
    if code not in places.currencies():
        raise CellError(f"“{excerpt(text)}” is not an amount. Write it like 1234.50.")
    return code


def _plain_figure(figure: str, mark: str, text: str) -> str:
    """The figure with a point and nothing else."""
    own = decimal_mark(figure)
    if own == "?":
        if not mark:
            raise CellError(
                f"“{excerpt(text)}” can be read in two ways. Write it without a mark for thousands."
            )
        own = mark if mark in figure else ""
    whole, _, cents = figure.rpartition(own) if own else (figure, "", "")
    if not own:
        whole, cents = figure, ""
    grouped = whole or "0"
    if not _PLAIN.fullmatch(grouped) and not _GROUPED.fullmatch(grouped):
        raise CellError(f"“{excerpt(text)}” is not an amount. Write it like 1234.50.")
    return f"{re.sub('[.,]', '', grouped)}.{cents or 0}"


def decimal_mark(figure: str) -> str:
    """The decimal mark a figure shows: "." or ","; "" for none; "?" where it may be either."""
    points, commas = figure.count("."), figure.count(",")
    if points and commas:
        return max(".,", key=figure.rfind)
    if points + commas == 0 or points > 1 or commas > 1:
        return ""
    mark = "." if points else ","
    decimals = len(figure) - figure.index(mark) - 1
    is_grouped = decimals == 3 and _GROUPED.fullmatch(figure) and not figure.startswith("0")
    return "?" if is_grouped else mark


def rounded(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)


@dataclass(slots=True)
class Marks:
    """How often a column shows each decimal mark."""

    points: int = 0
    commas: int = 0

    def add(self, text: str) -> None:
        match = _PARTS.fullmatch(_SPACES.sub("", text))
        if match is None:
            return
        mark = decimal_mark(match["figure"])
        self.points += mark == "."
        self.commas += mark == ","

    def __bool__(self) -> bool:
        return bool(self.points or self.commas)

    @property
    def mark(self) -> str:
        """The mark that the column uses; "" where it shows none or both."""
        if bool(self.points) == bool(self.commas):
            return ""
        return "." if self.points else ","
