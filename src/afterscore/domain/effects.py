"""Did the reminder work? The same people, in the days before it and in the days after it.

Answers to an invitation come thick at first and then dry up, so without a reminder the later days
bring fewer than the earlier ones. A rise is therefore evidence, and an understated one. Interval:
Agresti and Caffo (2000), The American Statistician 54(4), which stays honest with few answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain import intervals

MINIMUM_WAITING = 20
"""People still waiting on each side, before anything is said."""

WORTHWHILE_RATIO = 0.02
"""A rise one would send a reminder for: two more answers from a hundred people."""


class Effect(StrEnum):
    WORKED = "worked"
    DID_NOT = "did_not"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True, slots=True)
class Spell:
    """Some days: `waiting` had not answered when they began, `answered` did so during them."""

    waiting: int
    answered: int

    def __post_init__(self) -> None:
        if not 0 <= self.answered <= self.waiting:
            raise ValueError("from nobody to everybody who was waiting may have answered")

    @property
    def ratio(self) -> float | None:
        return self.answered / self.waiting if self.waiting else None


@dataclass(frozen=True, slots=True)
class Lift:
    """How much more often people answered in the second spell, as a difference of ratios."""

    difference: float
    low: float
    high: float


def lift(before: Spell, after: Spell, confidence: float = 0.95) -> Lift:
    """With one pseudo-answer and one pseudo-silence added to each spell."""
    found = intervals.rate_difference(
        (before.answered, before.waiting), (after.answered, after.waiting)
    )
    return Lift(found.difference, *found.limits(confidence))


def judge(before: Spell, after: Spell, confidence: float = 0.95) -> Effect:
    """WORKED if the interval lies above 0, DID_NOT if it rules a worthwhile rise out."""
    if min(before.waiting, after.waiting) < MINIMUM_WAITING:
        return Effect.NOT_ENOUGH
    found = lift(before, after, confidence)
    if found.low > 0:
        return Effect.WORKED
    return Effect.DID_NOT if found.high < WORTHWHILE_RATIO else Effect.NOT_ENOUGH
