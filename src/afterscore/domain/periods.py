"""Calendar months."""

from __future__ import annotations

from datetime import date


def month_of(day: date) -> date:
    """The first day of the month."""
    return date(day.year, day.month, 1)


def month_after(day: date) -> date:
    """The first day of the next month."""
    years, month = divmod(day.year * 12 + day.month, 12)
    return date(years, month + 1, 1)


def month_starts(first: date, last: date) -> list[date]:
    """The first days of all months from `first`'s to `last`'s; none if `last` comes earlier."""
    starts = []
    month = month_of(first)
    while month <= last:
        starts.append(month)
        month = month_after(month)
    return starts
