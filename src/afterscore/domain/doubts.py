"""A message in doubt: handed over whole, without a word about whether it arrived.

It may have arrived, so sending it once more may repeat it; it may be lost, so leaving it may ask
one person too few. A workspace chooses; docs/algorithms/sending.md says what either costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

WAIT = timedelta(days=1)  # a bounce, an event or an answer mostly comes within hours
STALE = timedelta(days=7)  # after a week nothing more is to be expected


class Policy(StrEnum):
    HOLD = "hold"
    RESEND_ONCE = "resend_once"


@dataclass(frozen=True, slots=True)
class Doubt:
    """`is_heard_of`: an answer, a click, a bounce, any event at all. `is_overtaken`: a later
    message of the same asking has left for the same person."""

    since: datetime
    resends: int = 0
    valid_until: datetime | None = None
    is_heard_of: bool = False
    is_overtaken: bool = False


def may_resend(doubt: Doubt, policy: Policy, now: datetime) -> bool:
    """At most once, only after a day of silence, and only where it would still be in time."""
    return (
        policy is Policy.RESEND_ONCE
        and not doubt.resends
        and not doubt.is_heard_of
        and not doubt.is_overtaken
        and now - doubt.since >= WAIT
        and (doubt.valid_until is None or doubt.valid_until > now)
    )


def is_stale(since: datetime, now: datetime) -> bool:
    return now - since >= STALE
