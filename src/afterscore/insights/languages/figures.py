"""Numbers, shares, amounts and days as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from afterscore.insights.languages import Phrases
from afterscore.kit.templatetags import display

ENGLISH = "en"
MINUS = "\N{MINUS SIGN}"
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def count(phrases: Phrases, number: int) -> str:
    return str(format_decimal(number, locale=phrases.locale))


def score(phrases: Phrases, points: float | None) -> str:
    """Whole points with their sign, as on the pages; a dash where there is none."""
    if points is None:
        return "\N{EN DASH}"
    return _signed(phrases, round(points), of=round(points))


def limit(phrases: Phrases, points: float) -> str:
    """One end of the interval of a difference, to a tenth where it takes that to see its side."""
    digits = 0 if round(points) else 1
    return _signed(phrases, round(points, digits), of=points)


def _signed(phrases: Phrases, points: float, *, of: float) -> str:
    """With the sign of what was rounded. Among letters that run from right to left a bare sign
    would end up behind its number."""
    text = str(format_decimal(abs(points), locale=phrases.locale))
    sign = "+" if of > 0 else MINUS if of < 0 else ""
    return (LEFT_TO_RIGHT if sign and phrases.direction == "rtl" else "") + sign + text


def ratio(phrases: Phrases, share: float) -> str:
    """English ones as they stand on the pages, and in the charts beside them."""
    if phrases.code == ENGLISH:
        return display.ratio(share)
    return str(format_percent(share, locale=phrases.locale))


def fixed(phrases: Phrases, value: float, digits: int) -> str:
    """With so many digits after the point."""
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return str(format_decimal(value, pattern, locale=phrases.locale))


def money(phrases: Phrases, amount: Decimal, currency: str) -> str:
    """Without cents."""
    pattern = Locale.parse(phrases.locale).currency_formats["standard"].pattern
    whole = amount.quantize(Decimal(1))
    return str(
        format_currency(
            whole, currency, pattern.replace(".00", ""), phrases.locale, currency_digits=False
        )
    )


def several(phrases: Phrases, names: Sequence[str]) -> str:
    """Promoters and Passives."""
    return str(format_list(names, locale=phrases.locale))


def day(phrases: Phrases, instant: datetime | date, zone: ZoneInfo) -> str:
    """English ones with the day first, as on the pages."""
    on = instant.astimezone(zone).date() if isinstance(instant, datetime) else instant
    if phrases.code == ENGLISH:
        return display.day(on)
    return str(format_date(on, format="long", locale=phrases.locale))


def whole_month(phrases: Phrases, on: date) -> str:
    return str(format_skeleton("yMMMM", on, locale=phrases.locale))


def month(phrases: Phrases, on: date) -> str:
    return str(format_skeleton("yMMM", on, locale=phrases.locale))


def period(phrases: Phrases, start: date, window: str) -> str:
    """A week by its first day, months, quarters and years by their names. English ones begin with
    the year, so that they stand in order in a terminal."""
    if window == "week":
        text = format_date(start, format="medium", locale=phrases.locale)
        return start.isoformat() if phrases.code == ENGLISH else str(text)
    if window == "year":
        return str(start.year)
    if phrases.code == ENGLISH:
        quarter = f"{start.year} Q{(start.month + 2) // 3}"
        return quarter if window == "quarter" else f"{start:%Y-%m}"
    if window == "month":
        return month(phrases, start)
    return str(format_skeleton("yQQQ", start, locale=phrases.locale))
