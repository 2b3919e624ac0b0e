"""Who comes first today, where there is more equal work than time: a lot decides, and is kept.

A desk that always begins at the top of its list never learns what its work brings, for whom it
contacts differs from whom it leaves. Among equals a lot is as fair as any order, and afterwards the
two sides can be compared. See docs/algorithms/observed-return.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from afterscore.domain import lots


@dataclass(frozen=True, slots=True)
class Work:
    """A case that is to be acted on today. `due_on`: what was put back yesterday comes before what
    is due today."""

    name: str
    priority: int
    due_on: date

    @property
    def rank(self) -> tuple[int, date]:
        return (-self.priority, self.due_on)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Equals in the order of their lots: the first `chosen` of them are within today's time."""

    priority: int
    names: tuple[str, ...]
    chosen: int


def draw(work: Sequence[Work], *, capacity: int, seed: str) -> Drawing | None:
    """The lot among those equals of whom only some fit into today; None where everything fits, or
    where today's time ends between two ranks, so that nothing is left to chance."""
    if len(work) <= capacity or capacity <= 0:
        return None
    last = sorted(work, key=lambda each: each.rank)[capacity - 1]
    before = sum(each.rank < last.rank for each in work)
    equals = [each.name for each in work if each.rank == last.rank]
    chosen = capacity - before
    if chosen == len(equals):
        return None
    return Drawing(last.priority, tuple(lots.in_order(seed, equals)), chosen)
