"""What became of a message after it left, from what was heard of it in any order.

A set of reports is judged, never a sequence: reports come late, twice and the wrong way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import IntEnum

SOFT_LIMIT = 5
SOFT_SPAN = timedelta(days=30)


class Fate(IntEnum):
    """The higher one holds. Unsubscribing is beside it: it is about the reader, not the mail."""

    UNHEARD = 0
    DELIVERED = 1
    BOUNCED_SOFT = 2
    BOUNCED_HARD = 3
    COMPLAINED = 4


_FATES = {
    ("bounced", False): Fate.BOUNCED_SOFT,
    ("bounced", True): Fate.BOUNCED_HARD,
    ("complained", False): Fate.COMPLAINED,
    ("complained", True): Fate.COMPLAINED,
    ("unsubscribed", False): Fate.DELIVERED,  # whoever unsubscribes has read it
    ("unsubscribed", True): Fate.DELIVERED,
    ("auto_replied", False): Fate.DELIVERED,
    ("auto_replied", True): Fate.DELIVERED,
    ("delivered", False): Fate.DELIVERED,
    ("delivered", True): Fate.DELIVERED,
}


def fate(heard: Iterable[tuple[str, bool]]) -> Fate:
    """Of pairs (kind, is it permanent), in whatever order and however often."""
    return max((_FATES[each] for each in heard), default=Fate.UNHEARD)


def is_worn_out(*, soft_bounces: Iterable[datetime], arrivals: Iterable[datetime]) -> bool:
    """Whether mail came back five times within 30 days and nothing arrived in between."""
    bounced, arrived = sorted(soft_bounces), sorted(arrivals)
    return any(
        _is_run(bounced[start : start + SOFT_LIMIT], arrived)
        for start in range(len(bounced) - SOFT_LIMIT + 1)
    )


def _is_run(bounced: Sequence[datetime], arrived: Sequence[datetime]) -> bool:
    first, last = bounced[0], bounced[-1]
    return last - first <= SOFT_SPAN and not any(first < each < last for each in arrived)
