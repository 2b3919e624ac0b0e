"""One budget of automated messages for each person, across everything that writes to them.

At most so many messages lie within any stretch of so many days. A stretch is open at its beginning:
of two messages exactly that many days apart, the second begins a new stretch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `messages` in any `days` days."""

    messages: int = 6
    days: int = 90

    def __post_init__(self) -> None:
        if self.messages < 1 or self.days < 1:
            raise ValueError("a budget is at least one message in at least one day")

    @property
    def span(self) -> timedelta:
        return timedelta(days=self.days)


def fits(
    *, known: Sequence[datetime], wanted: Sequence[timedelta], budget: Budget, start: datetime
) -> bool:
    """Whether messages at `start` and each of the `wanted` times after it stay within the budget,
    beside those that were sent or are planned (`known`)."""
    if len(known) + len(wanted) <= budget.messages:
        return True
    added = [start + after for after in wanted]
    every = sorted([*known, *added])
    span = budget.span
    for index, last in enumerate(every):
        since = last - span
        is_full = index + 1 - bisect_right(every, since) > budget.messages
        if is_full and any(since < each <= last for each in added):
            return False
    return True


def fits_from(
    *, known: Sequence[datetime], wanted: Sequence[timedelta], budget: Budget, start: datetime
) -> datetime | None:
    """The first instant, not before `start`, from which the wanted messages fit; None if never.

    Room is made only where a known message leaves the stretch that begins before a wanted one, so
    only those instants need a look.
    """
    if fits(known=known, wanted=wanted, budget=budget, start=start):
        return start
    leaving = {each + budget.span - after for each in known for after in wanted}
    for instant in sorted(each for each in leaving if each > start):
        if fits(known=known, wanted=wanted, budget=budget, start=instant):
            return instant
    return None
