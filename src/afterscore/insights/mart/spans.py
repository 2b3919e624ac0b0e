"""Stretches of days, and the conditions by which PostgreSQL finds their answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from afterscore.domain import periods
from afterscore.insights.mart.columns import literal


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `since` on and before `until`; None: without an end on that side."""

    since: date | None
    until: date | None

    def meets(self, month: date) -> bool:
        ends = periods.month_after(month)
        return (self.until is None or month < self.until) and (
            self.since is None or self.since < ends
        )

    def covers(self, other: Span) -> bool:
        begins = self.since is None or (other.since is not None and self.since <= other.since)
        ends = self.until is None or (other.until is not None and other.until <= self.until)
        return begins and ends

    def sql(self, zone: str) -> str:
        """For `r`, in whose index the instants stand; TRUE for all days."""
        found = []
        if self.since:
            found.append(f"r.received_at >= {_midnight(self.since, zone)}")
        if self.until:
            found.append(f"r.received_at < {_midnight(self.until, zone)}")
        return " AND ".join(found) or "TRUE"


def month(first: date) -> Span:
    return Span(first, periods.month_after(first))


def without(span: Span, months: Iterable[date]) -> list[Span]:
    """What is left of the span when these months are taken out of it, in order."""
    left, begin = [], span.since
    for first in sorted(each for each in months if span.meets(each)):
        if begin is None or begin < first:
            left.append(Span(begin, first))
        begin = periods.month_after(first)
    if span.until is None or begin is None or begin < span.until:
        left.append(Span(begin, span.until))
    return left


def _midnight(day: date, zone: str) -> str:
    """The instant at which the day begins there."""
    return f"({literal(day.isoformat())}::timestamp AT TIME ZONE {literal(zone)})"
