"""How numbers, money, times and states are written: `{% load display %}`.

Numbers keep a true minus sign and a thin space before a unit, so that columns align and lines
do not break between a number and what it counts.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from babel import Locale
from django import template
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from afterscore.domain import field_words
from afterscore.domain import money as amounts
from afterscore.kit import clock

register = template.Library()
register.filter("in_words", field_words.in_words)

MINUS = "\N{MINUS SIGN}"
THIN_SPACE = "\N{NARROW NO-BREAK SPACE}"
NOTHING = "\N{EM DASH}"

CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
SCALES = ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k"))


class Appearance(NamedTuple):
    """How a state looks: a word, a tone (a class of `.state`), an icon of the sprite."""

    word: str
    tone: str
    icon: str


MESSAGE_STATES = {
    "planned": Appearance("planned", "quiet", "clock"),
    "due": Appearance("due", "busy", "clock"),
    "claimed": Appearance("sending", "busy", "send"),
    "handoff": Appearance("sending", "busy", "send"),
    "sent": Appearance("sent", "good", "check"),
    "delivered": Appearance("delivered", "good", "checks"),
    "bounced": Appearance("bounced", "bad", "bounce"),
    "complained": Appearance("complained", "bad", "flag"),
    "suppressed": Appearance("not sent: suppressed", "quiet", "ban"),
    "expired": Appearance("not sent: too late", "quiet", "ban"),
    "cancelled": Appearance("cancelled", "quiet", "close"),
    "failed": Appearance("failed", "bad", "alert"),
    "in_doubt": Appearance("in doubt", "warn", "question"),
}


@register.filter
def count(value: float | None) -> str:
    """Write a whole number as sentences do: `12,345`; None is a dash."""
    if value is None:
        return NOTHING
    return f"{round(value):,}".replace("-", MINUS)


@register.filter
def ratio(value: float | None, digits: int = 0) -> str:
    """Write a ratio from 0 to 1 as a percentage: 0.423 is `42 %`; None is a dash."""
    if value is None:
        return NOTHING
    return f"{value * 100:.{digits}f}{THIN_SPACE}%".replace("-", MINUS)


@register.filter
def language_name(code: str) -> str:
    """Write a language in words: `fr` is `French`; an unknown code stays as it is."""
    try:
        return str(get_language_info(code.replace("_", "-").lower())["name"])
    except KeyError:
        return code


@register.filter
def country_name(code: str) -> str:
    """Write a country in words: `IE` is `Ireland`; what is no code stays as it is."""
    return Locale("en").territories.get(code.upper(), code) if len(code) == 2 else code


@register.filter
def hundredths(value: float | None) -> str:
    """Write a difference of two ratios as "so many more of a hundred": 0.084 is `+8.4`."""
    return points(None if value is None else 100 * value, 1)


@register.filter
def points(value: float | None, digits: int = 0) -> str:
    """Write a score or a change of it with its sign: `+12`, `−3`, `0`; None is a dash."""
    if value is None:
        return NOTHING
    rounded = round(value, digits)
    if rounded == 0:
        return f"{0:.{digits}f}"
    return f"{rounded:+.{digits}f}".replace("-", MINUS)


def _shorten(amount: Decimal) -> str:
    """Three significant figures at most above one thousand: 1234567 is `1.23m`."""
    for index, (scale, suffix) in enumerate(SCALES):
        scaled = amount / scale
        if scaled >= Decimal("0.9995"):
            text = _significant(scaled)
            if text == "1000" and index > 0:
                return f"1{SCALES[index - 1][1]}"
            return f"{text}{suffix}"
    return f"{amount:.0f}"


def _significant(value: Decimal) -> str:
    digits = 2 if value < 10 else 1 if value < 100 else 0
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.simple_tag
def money(amount: Decimal | None, currency: str, *, exact: bool = False) -> str:
    """Write an amount: `€1.2m`, `CHF 340k`; `exact` writes every unit: `€1,234,567`."""
    if amount is None:
        return NOTHING
    size = abs(amount)
    body = count(float(size)) if exact else _shorten(size)
    sign = MINUS if amount < 0 else ""
    prefix = CURRENCY_SIGNS.get(currency) or f"{currency}\N{NO-BREAK SPACE}"
    return f"{sign}{prefix}{body}"


@register.simple_tag
def price(amount: Decimal, currency: str) -> str:
    """Write what has to be paid, to the cent: `€1,250`, `£9.50`."""
    return amounts.format_price(amount, currency)


def describe_distance(distance: timedelta) -> str:
    """Write a length of time in its largest sensible unit: `3 hours`, `2 days`, `5 weeks`."""
    minutes = abs(distance) / timedelta(minutes=1)
    units = (
        (90, 1, "minute"),
        (36 * 60, 60, "hour"),
        (14 * 1440, 1440, "day"),
        (9 * 7 * 1440, 7 * 1440, "week"),
        (24 * 30.44 * 1440, 30.44 * 1440, "month"),
    )
    for below, size, word in units:
        if minutes < below:
            amount = max(1, round(minutes / size))
            return f"{amount} {word}" if amount == 1 else f"{amount} {word}s"
    return f"{round(minutes / (365.25 * 1440))} years"


def _reading_time(context: Context) -> datetime:
    """The moment the page is read: `now` of the context, else the clock."""
    now: datetime | None = context.get("now")
    return now or clock.now()


def _time_element(value: datetime, text: str, css_class: str = "") -> SafeString:
    local = timezone.localtime(value)
    return format_html(
        '<time class="{}" datetime="{}" title="{}">{}</time>',
        f"time {css_class}".strip(),
        local.isoformat(timespec="seconds"),
        write_instant(local),
        text,
    )


def write_instant(local: datetime) -> str:
    """Write an instant that is already in the reader's zone: `12 Mar 2025, 14:05 CET`."""
    return f"{formats.date_format(local, 'j M Y, H:i')} {local.tzname()}"


@register.simple_tag(takes_context=True)
def relative_time(context: Context, value: datetime | None) -> str:
    """Write how far away an instant is: `3 hours ago`, `in 2 days`, `just now`."""
    if value is None:
        return NOTHING
    distance = value - _reading_time(context)
    if abs(distance) < timedelta(seconds=45):
        return _time_element(value, "just now")
    length = describe_distance(distance)
    return _time_element(value, f"in {length}" if distance > timedelta(0) else f"{length} ago")


@register.simple_tag(takes_context=True)
def due_time(context: Context, value: datetime | None) -> str:
    """Write how much time is left until a deadline: `in 3 hours`, `2 days late`."""
    if value is None:
        return NOTHING
    distance = value - _reading_time(context)
    length = describe_distance(distance)
    if distance < timedelta(0):
        return _time_element(value, f"{length} late", "time-late")
    near = distance < timedelta(hours=4)
    return _time_element(value, f"in {length}", "time-near" if near else "")


@register.simple_tag
def absolute_time(value: datetime | None) -> str:
    """Write an instant in the reader's zone: `12 Mar 2025, 14:05`."""
    if value is None:
        return NOTHING
    return _time_element(value, formats.date_format(timezone.localtime(value), "j M Y, H:i"))


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day: `12 Mar 2025`; an instant is taken in the reader's zone."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return formats.date_format(local, "j M Y")


@register.inclusion_tag("kit/parts/state.html")
def state_badge(word: str, *, tone: str = "quiet", icon: str = "") -> dict[str, Any]:
    """Show a state as icon and word; tones: quiet, busy, good, warn, bad."""
    return {"appearance": Appearance(word, tone, icon)}


@register.inclusion_tag("kit/parts/state.html")
def message_state(state: str) -> dict[str, Any]:
    """Show the state of a message; the word says what it means, not what the column holds."""
    return {"appearance": MESSAGE_STATES[str(state)]}


@register.inclusion_tag("kit/parts/progress.html")
def progress_bar(
    done: int, total: int, *, label: str, unit: str = "", url: str = ""
) -> dict[str, Any]:
    """Show how much of a known total is done, in words and as a bar; `url` explains it."""
    return {
        "done": done,
        "total": total,
        "label": label,
        "unit": unit,
        "url": url,
        "ratio": done / total if total else None,
    }
