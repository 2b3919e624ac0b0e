"""Numbers, shares, amounts and days as the reader's language writes them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from afterscore.insights.languages import Phrases

MINUS = "\N{MINUS SIGN}"


def count(phrases: Phrases, number: int) -> str:
    return str(format_decimal(number, locale=phrases.locale))


def score(phrases: Phrases, points: float | None) -> str:
    """Whole points with their sign, as on the pages; a dash where there is none."""
    if points is None:
        return "\N{EN DASH}"
    sign = "+" if round(points) > 0 else ""
    return sign + str(format_decimal(round(points), locale=phrases.locale)).replace("-", MINUS)


def limit(phrases: Phrases, points: float) -> str:
    """One end of the interval of a difference, to a tenth where it takes that to see its side."""
    digits = 0 if round(points) else 1
    text = format_decimal(round(points, digits), locale=phrases.locale)
    return ("+" if points > 0 else "") + str(text).replace("-", MINUS)


def ratio(phrases: Phrases, share: float) -> str:
    return str(format_percent(share, locale=phrases.locale))


def money(phrases: Phrases, amount: Decimal, currency: str) -> str:
    """Without cents."""
    pattern = Locale.parse(phrases.locale).currency_formats["standard"].pattern
    whole = amount.quantize(Decimal(1))
    return str(
        format_currency(
            whole, currency, pattern.replace(".00", ""), phrases.locale, currency_digits=False
        )
    )


def day(phrases: Phrases, instant: datetime | date, zone: ZoneInfo) -> str:
    on = instant.astimezone(zone).date() if isinstance(instant, datetime) else instant
    return str(format_date(on, format="long", locale=phrases.locale))


def month(phrases: Phrases, on: date) -> str:
    return str(format_skeleton("yMMM", on, locale=phrases.locale))
