"""What somebody should do next: the cases of one person, in the order of her day.

Whoever wrote to us waits first, then what is late, then what is due today; what only comes up
later, or waits for the customer, stands below. Within what is late and what is due today the more
urgent stands first, and among equals the lot decides, where one was drawn: so that nobody is
always last. See docs/desk.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

NO_LOT = 2.0
"""Lots lie between 0 and 1; without one a case stands behind those that have one."""


class Section(StrEnum):
    """From what cannot wait to what can. The order is that of the list."""

    WROTE = "wrote"
    LATE = "late"
    TODAY = "today"
    MENTIONED = "mentioned"
    COMING = "coming"
    WAITING = "waiting"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Section.WROTE: "They wrote to you",
    Section.LATE: "Late",
    Section.TODAY: "Today",
    Section.MENTIONED: "You were mentioned",
    Section.COMING: "Coming up",
    Section.WAITING: "Waiting for the customer",
}
ORDER = {section: place for place, section in enumerate(Section)}


@dataclass(frozen=True, slots=True)
class Item:
    """What decides where an open case stands. `key` is whatever the caller knows it by.

    `is_ours` says whether the person herself has the case; `work_due_at` when the first of her
    tasks and promises in it is due; `is_pool` that it is in her day for nothing but what anybody in
    her department may do.
    """

    key: int
    next_due_at: datetime
    priority: int = 0
    draw: float | None = None
    customer_wrote_at: datetime | None = None
    is_waiting: bool = False
    is_mentioned: bool = False
    is_ours: bool = True
    work_due_at: datetime | None = None
    is_pool: bool = False


def section_of(item: Item, *, now: datetime, day_ends_at: datetime) -> Section:
    """One section for each case: the first that fits.

    A case that waits is never late: nobody owes the customer an answer. When its time is up, it
    is time to ask again, today.
    """
    if item.is_ours and item.customer_wrote_at is not None:
        return Section.WROTE
    due = _due(item)
    if due is not None and due < now and not (item.is_waiting and item.work_due_at is None):
        return Section.LATE
    if due is not None and due < day_ends_at:
        return Section.TODAY
    if item.is_mentioned:
        return Section.MENTIONED
    return Section.WAITING if item.is_waiting and item.is_ours else Section.COMING


def _due(item: Item) -> datetime | None:
    """When she herself has to act: the case where it is hers, else what she has to do in it."""
    times = [item.work_due_at] if item.work_due_at is not None else []
    if item.is_ours:
        times.append(item.next_due_at)
    return min(times, default=None)


def in_order(
    items: Iterable[Item], *, now: datetime, day_ends_at: datetime
) -> list[tuple[Item, Section]]:
    """Every item once, in the order of the day."""
    placed = [(item, section_of(item, now=now, day_ends_at=day_ends_at)) for item in items]
    return sorted(placed, key=_rank)


def _rank(placed: tuple[Item, Section]) -> tuple[int, float, float, float, int]:
    item, section = placed
    due = (_due(item) or item.next_due_at).timestamp()
    if section is Section.WROTE and item.customer_wrote_at is not None:
        return ORDER[section], item.customer_wrote_at.timestamp(), 0, 0, item.key
    if section in {Section.LATE, Section.TODAY}:
        lot = NO_LOT if item.draw is None else item.draw
        return ORDER[section], -item.priority, lot, due, item.key
    return ORDER[section], due, -item.priority, 0, item.key


def cap_pool(
    placed: Iterable[tuple[Item, Section]], *, most: int
) -> tuple[list[tuple[Item, Section]], int]:
    """At most so many of those that only her department is asked for, the first of them, and how
    many were left out: what is for everybody must not bury what is hers."""
    kept: list[tuple[Item, Section]] = []
    pooled = 0
    for item, section in placed:
        is_pooled = item.is_pool and not item.is_ours and not item.is_mentioned
        pooled += is_pooled
        if not is_pooled or pooled <= most:
            kept.append((item, section))
    return kept, max(0, pooled - most)
