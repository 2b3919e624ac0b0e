"""Amounts with their currency, and how to say them in short."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CODE = re.compile(r"[A-Z]{3}")
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "BRL": "R$", "KRW": "₩"}
_TENTH = Decimal("0.1")
_CENT = Decimal("0.01")
# Size, unit and how finely an amount of that size is told, ascending.
_SCALE = (
    (Decimal(1), "", _CENT),
    (Decimal(10) ** 3, "k", _TENTH),
    (Decimal(10) ** 6, "m", _TENTH),
    (Decimal(10) ** 9, "bn", _TENTH),
)


class CurrencyMismatch(ValueError):
    """Amounts in different currencies cannot be added; convert them first."""


@dataclass(frozen=True, slots=True)
class Money:
    """A finite amount in a currency, named by its three-letter code."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.currency):
            raise ValueError(f"{self.currency!r} is not a currency code, such as EUR")
        if not self.amount.is_finite():
            raise ValueError(f"{self.amount} is not an amount of money")

    def __add__(self, other: Money) -> Money:
        self._refuse_other_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._refuse_other_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def __str__(self) -> str:
        return format_money(self.amount, self.currency)

    def _refuse_other_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")


def format_money(amount: Decimal, currency: str) -> str:
    """Short, for a glance: "€12.4k", "−€950", "CHF 1.2m", "£9.50". Halves are rounded away from 0.

    A currency without a sign of its own is named by its code.
    """
    short = _short(abs(amount))
    sign = "−" if amount < 0 and short != "0" else ""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{short}"


def format_price(amount: Decimal, currency: str) -> str:
    """To the cent, for what has to be paid: "€1,250", "£9.50", "CHF 0.30"."""
    exact = abs(amount).quantize(_CENT, ROUND_HALF_UP)
    figures = f"{exact:,.2f}" if exact % 1 else f"{exact:,.0f}"
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'−' if amount < 0 and exact else ''}{symbol}{figures}"


def _short(amount: Decimal) -> str:
    """In the first unit in which the rounded figure stays below a thousand."""
    for size, unit, precision in _SCALE:
        rounded = (amount / size).quantize(precision, ROUND_HALF_UP)
        if rounded < 1000:
            return f"{_without_zero_cents(rounded)}{unit}"
    largest, unit, _ = _SCALE[-1]
    return f"{amount / largest:,.0f}{unit}"


def _without_zero_cents(amount: Decimal) -> str:
    return f"{amount:f}" if amount % 1 else f"{amount:.0f}"
