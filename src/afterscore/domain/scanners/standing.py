"""What an answer is worth: counted, kept apart until something confirms it, or set aside."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from afterscore.domain.scanners.judging import Judgement, Means, Verdict


class Validity(StrEnum):
    COUNTED = "counted"
    PROVISIONAL = "provisional"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"  # quarantined, and a person agreed


class Counting(StrEnum):
    """From where on a score counts in a workspace; each includes the one before it."""

    SENT = "sent"
    TAPPED = "tapped"
    OPENED = "opened"


class SetAside(NamedTuple):
    """How many answers stand beside a score and are not in it."""

    suspected: int = 0
    provisional: int = 0

    def __bool__(self) -> bool:
        return bool(self.suspected or self.provisional)


_REACHED = {
    Means.OPENED: {Counting.OPENED},
    Means.TAPPED: {Counting.TAPPED, Counting.OPENED},
    Means.SENT: set(Counting),
}


def standing_of(judgement: Judgement, *, counting: Counting) -> Validity:
    """`counting` is the workspace's own rule; whatever it says, suspicion comes first."""
    if judgement.verdict is Verdict.AUTOMATED:
        return Validity.QUARANTINED
    if judgement.verdict is Verdict.WAIT:
        return Validity.PROVISIONAL
    return Validity.COUNTED if counting in _REACHED[judgement.means] else Validity.PROVISIONAL
