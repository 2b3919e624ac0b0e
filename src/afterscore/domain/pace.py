"""How fast a wave asks: everybody at once, so many a day, or as fast as people can follow up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Limit(NamedTuple):
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int


PER_DAY = Limit(1, 1_000_000)
PEOPLE = Limit(1, 10_000)
FOLLOW_UPS = Limit(1, 200)
DEFAULT_FOLLOW_UPS = 8
"""Follow-ups that one person manages on a working day beside other work."""


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Everybody on the first day."""


@dataclass(frozen=True, slots=True)
class PerDay:
    """So many invitations each working day, whatever the desk can carry."""

    per_day: int


@dataclass(frozen=True, slots=True)
class ByCapacity:
    """As many as `people` can follow up; None stands for everybody who answers customers."""

    people: int | None = None
    follow_ups_per_day: int = DEFAULT_FOLLOW_UPS


Pace = AtOnce | PerDay | ByCapacity


class PaceError(ValueError):
    """What is wrong with a pace, and at which key of it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


def parse(data: object) -> Pace:
    """From what a file or a column says; nothing means at once. Raises PaceError."""
    if data in (None, "", "at_once") or data == {}:
        return AtOnce()
    if data == "capacity":
        return ByCapacity()
    if not isinstance(data, Mapping):
        raise PaceError("", "Expected at_once, capacity, {per_day: 50} or {by: capacity}.")
    if "per_day" in data:
        _refuse_others(data, ("per_day",))
        return PerDay(_whole(data, "per_day", PER_DAY))
    _refuse_others(data, ("by", "people", "follow_ups_per_day"))
    if data.get("by", "capacity") != "capacity":
        raise PaceError("by", "The only other way is capacity; for a fixed rate write per_day.")
    people = None if data.get("people") is None else _whole(data, "people", PEOPLE)
    if data.get("follow_ups_per_day") is None:
        return ByCapacity(people)
    return ByCapacity(people, _whole(data, "follow_ups_per_day", FOLLOW_UPS))


def _refuse_others(data: Mapping[object, object], known: tuple[str, ...]) -> None:
    for key in data:
        if key not in known:
            raise PaceError(
                str(key)[:60], f"There is no such key here. Known are {list_of(known)}."
            )


def list_of(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _whole(data: Mapping[object, object], key: str, limit: Limit) -> int:
    value = data[key]
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or not (limit.low <= value <= limit.high)
    ):
        raise PaceError(key, f"Expected a whole number from {limit.low} to {limit.high:,}.")
    return value


def to_data(pace: Pace) -> dict[str, object]:
    """What `parse` reads as the same pace; {} for everybody at once."""
    match pace:
        case AtOnce():
            return {}
        case PerDay(per_day):
            return {"per_day": per_day}
        case ByCapacity(people, follow_ups_per_day):
            given = {} if people is None else {"people": people}
            return {"by": "capacity", **given, "follow_ups_per_day": follow_ups_per_day}


WHY = {
    AtOnce: "Everybody hears from us on one day. Right where the desk can answer all of them in "
    "time.",
    PerDay: "So many on each working day, drawn so that every day is a fair sample.",
    ByCapacity: "As many a day as your people can follow up in time; worked out anew every night "
    "from what waits in the inbox.",
}
"""What each way means for the desk, for the form and the program's page."""
