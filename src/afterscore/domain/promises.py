"""What was promised to a customer, by when, and whether the word was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from afterscore.domain import intervals

FURTHEST = timedelta(days=366)
"""Beyond a year nobody remembers what was meant."""


class State(StrEnum):
    """As it is written down. A broken promise stays broken, also where it is made good later."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    RELEASED = "released"


class Standing(StrEnum):
    """Where a promise stands on a day, in the order in which one looks at them."""

    LATE = "late"
    TODAY = "today"
    AHEAD = "ahead"
    KEPT_LATE = "kept_late"
    KEPT = "kept"
    RELEASED = "released"

    @property
    def is_owed(self) -> bool:
        return self in (Standing.LATE, Standing.TODAY, Standing.AHEAD)


class Unfit(ValueError):
    """A promise that cannot be made like this; the text is a sentence for whoever makes it."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


def check(text: str, *, due_on: date, today: date) -> None:
    """Raises Unfit unless it can be kept: it says what, and a day that is still to come."""
    if not text.strip():
        raise Unfit("Say what was promised.", field="text")
    if due_on < today:
        raise Unfit("This day is over. Choose a day on which it can still be done.", field="due_on")
    if due_on - today > FURTHEST:
        raise Unfit("A promise reaches a year ahead at most.", field="due_on")


def is_broken(*, due_on: date, today: date) -> bool:
    """The day itself still keeps it."""
    return today > due_on


def standing(state: State, *, due_on: date, is_settled: bool, today: date) -> Standing:
    match state:
        case State.KEPT:
            return Standing.KEPT
        case State.RELEASED:
            return Standing.RELEASED
        case State.BROKEN if is_settled:
            return Standing.KEPT_LATE
    if state is State.BROKEN or is_broken(due_on=due_on, today=today):
        return Standing.LATE
    return Standing.TODAY if due_on == today else Standing.AHEAD


def settled_as(*, due_on: date, today: date) -> State:
    """What a promise becomes that is done today."""
    return State.BROKEN if is_broken(due_on=due_on, today=today) else State.KEPT


@dataclass(frozen=True, slots=True)
class Record:
    """Promises whose day has come: how many were kept in time. Released ones are not counted, for
    the customer took them back, and neither are those still ahead."""

    kept: int
    broken: int

    @property
    def n(self) -> int:
        return self.kept + self.broken

    @property
    def ratio(self) -> float | None:
        return self.kept / self.n if self.n else None

    @property
    def limits(self) -> tuple[float, float]:
        """Wilson's, at 95 %; everything is possible where nothing was promised."""
        return intervals.wilson(self.kept / self.n, self.n) if self.n else (0.0, 1.0)
