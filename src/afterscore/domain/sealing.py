"""When a month of answers is written into a file that never changes, and when into a new one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from afterscore.domain import periods

MOST_BESIDE = 20_000
"""Answers of a month that may lie beside its file; they are fetched with every question."""
FEWEST_BESIDE, FEWEST_OF_OPEN = 50, 500
"""For whose sake a month is written anew. One that is not over yet will be again, soon enough."""
_SHARE, _SHARE_OF_OPEN = 20, 50  # one in twenty, one in fifty
GRACE = timedelta(days=1)
"""After a month's end: answers that were on their way are counted in its first file."""


@dataclass(frozen=True, slots=True)
class MonthState:
    """`rows` are in the file (None: there is none that can be used), `beside` are not or have
    changed since. `must_renew`: somebody in the file was erased."""

    month: date
    rows: int | None
    beside: int
    must_renew: bool = False


def months_to_seal(states: Iterable[MonthState], *, today: date) -> list[date]:
    """Those whose file is due, in order of time."""
    return sorted(state.month for state in states if _is_due(state, today))


def is_over(month: date, today: date) -> bool:
    return today >= periods.month_after(month) + GRACE


def _is_due(state: MonthState, today: date) -> bool:
    if state.must_renew:
        return True
    is_open = not is_over(state.month, today)
    if state.rows is None and not is_open:
        return state.beside > 0
    fewest, share = (FEWEST_OF_OPEN, _SHARE_OF_OPEN) if is_open else (FEWEST_BESIDE, _SHARE)
    return state.beside > min(MOST_BESIDE, max(fewest, (state.rows or 0) // share))
