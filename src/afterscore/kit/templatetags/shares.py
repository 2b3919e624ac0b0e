"""Shares with their limits: `{% load shares %}`."""

from __future__ import annotations

from django import template

from afterscore.domain.health import Rate
from afterscore.kit.templatetags.display import NOTHING, THIN_SPACE, ratio

register = template.Library()


@register.filter
def share(rate: Rate) -> str:
    """Write a share in percent: never 100 unless it is all of them, never 0 unless it is none."""
    if rate.ratio is None:
        return NOTHING
    shown = round(rate.ratio * 100)
    if shown == 100 and rate.count < rate.n:
        return f"{min(rate.ratio * 100, 99.9):.1f}{THIN_SPACE}%"
    if shown == 0 and rate.count:
        return f"{max(rate.ratio * 100, 0.1):.1f}{THIN_SPACE}%"
    return ratio(rate.ratio)


@register.filter
def limits(rate: Rate) -> str:
    """Write the 95 % interval of a share: `74 to 82`; nothing where there is no share."""
    if rate.ratio is None:
        return ""
    return f"({rate.low * 100:.0f} to {rate.high * 100:.0f}{THIN_SPACE}%)"


@register.filter
def minutes(value: float | None) -> str:
    """Write a number of minutes: `12 minutes`, `0.4 minutes`."""
    if value is None:
        return NOTHING
    text = f"{value:.0f}" if value >= 3 else f"{value:.1f}".removesuffix(".0")
    return f"{text} minute" if text == "1" else f"{text} minutes"
