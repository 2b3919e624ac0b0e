"""What starts an asking: a person, the calendar, or something that happened at the customer.

A program that is triggered asks one person at a time. Its answers are gathered in a wave for each
quarter of the calendar, so that its score can be followed like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from afterscore.domain import calendars

GRACE_DAYS = 14
"""So long after its day a touchpoint may still be asked about; later nobody remembers it."""

MAX_AFTER_DAYS = 90
MAX_BEFORE_DAYS = 365
MIN_BEFORE_DAYS = 14
"""Closer to a renewal, a question about recommending reads like part of the negotiation."""

_NAME = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ByHand:
    """A person launches each wave."""


@dataclass(frozen=True, slots=True)
class EveryCadence:
    """A wave is launched by itself when the cadence is over."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """Each contact in a rhythm of their own, spread evenly over the cadence."""


@dataclass(frozen=True, slots=True)
class AfterSignal:
    """So many days after something happened: onboarding finished, a release, a ticket closed."""

    name: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class BeforeRenewal:
    """So many days before the account's contract is renewed."""

    days: int


Trigger = ByHand | EveryCadence | Rolling | AfterSignal | BeforeRenewal
Standing = Rolling | AfterSignal | BeforeRenewal
"""Asks one person at a time, for as long as it stands."""

_WORDS: Mapping[str, Trigger] = {
    "by_hand": ByHand(),
    "every_cadence": EveryCadence(),
    "rolling": Rolling(),
}
WORDS = tuple(_WORDS)


class TriggerError(ValueError):
    """What is wrong with a trigger, and where: `path` is like "days", or "" for all of it."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message


def parse(data: object) -> Trigger:
    """`by_hand`, `every_cadence`, `rolling`, {after: name, days: 7} or {before_renewal: 60}.

    Nothing at all stands for by hand. Raises TriggerError.
    """
    if data is None or data == {}:
        return ByHand()
    if isinstance(data, str):
        return _word(data)
    if not isinstance(data, Mapping):
        raise TriggerError("", _EXPECTED)
    unknown = [str(key) for key in data if key not in ("after", "days", "before_renewal")]
    if unknown:
        raise TriggerError(unknown[0], f"There is no such key. {_EXPECTED}")
    if "before_renewal" in data:
        return _before_renewal(data)
    return _after(data)


_EXPECTED = (
    "Expected by_hand, every_cadence, rolling, {after: onboarding_finished, days: 7} or "
    "{before_renewal: 60}."
)


def _word(text: str) -> Trigger:
    try:
        return _WORDS[text]
    except KeyError:
        raise TriggerError("", f"“{text[:40]}” is not a choice. {_EXPECTED}") from None


def _after(data: Mapping[str, object]) -> AfterSignal:
    name = data.get("after")
    if not isinstance(name, str) or not _NAME.fullmatch(name) or len(name) > 80:
        raise TriggerError(
            "after",
            "Name what happened as the signal names it: lower-case letters, digits and single _ "
            "or -, such as ticket_closed.",
        )
    return AfterSignal(name, _days(data.get("days", 0), "days", 0, MAX_AFTER_DAYS))


def _before_renewal(data: Mapping[str, object]) -> BeforeRenewal:
    if len(data) > 1:
        raise TriggerError("", "One program has one trigger: after something, or before_renewal.")
    days = _days(data["before_renewal"], "before_renewal", MIN_BEFORE_DAYS, MAX_BEFORE_DAYS)
    return BeforeRenewal(days)


def _days(data: object, path: str, low: int, high: int) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or not low <= data <= high:
        raise TriggerError(path, f"Expected a whole number of days from {low} to {high}.")
    return data


def to_data(trigger: Trigger) -> str | dict[str, object]:
    """What `parse` reads as the same trigger."""
    match trigger:
        case AfterSignal(name, days):
            return {"after": name, "days": days}
        case BeforeRenewal(days):
            return {"before_renewal": days}
        case _:
            return _word_of(trigger)


def _word_of(trigger: Trigger) -> str:
    return next(word for word, known in _WORDS.items() if known == trigger)


def describe(trigger: Trigger, cadence_days: int) -> str:
    """A sentence for the program's page."""
    match trigger:
        case ByHand():
            return "A person launches each wave."
        case EveryCadence():
            return f"A wave is launched by itself every {cadence_days} days."
        case Rolling():
            return (
                f"Each contact is asked every {cadence_days} days in a rhythm of their own, "
                "a few every working day."
            )
        case AfterSignal(name, days):
            return f"Whoever it concerns is asked {_after_words(days)} “{_spoken(name)}”."
        case BeforeRenewal(days):
            return f"The contacts of an account are asked {days} days before its renewal."


def _after_words(days: int) -> str:
    if days == 0:
        return "at once after"
    return "a day after" if days == 1 else f"{days} days after"


def _spoken(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def signals_due(trigger: AfterSignal, now: datetime) -> tuple[datetime, datetime]:
    """The instants between which a signal must lie to be asked about now: after the first, up to
    and including the second."""
    latest = now - timedelta(days=trigger.days)
    return latest - timedelta(days=GRACE_DAYS), latest


def renewals_due(trigger: BeforeRenewal, today: date) -> tuple[date, date]:
    """The first and the last renewal day that is asked about today.

    Never one that is closer than two weeks, however late the program was started.
    """
    last = today + timedelta(days=trigger.days)
    nearest = today + timedelta(days=MIN_BEFORE_DAYS)
    return max(nearest, last - timedelta(days=GRACE_DAYS)), last


def first_turn(start: datetime, cadence_days: int, lot: float) -> datetime:
    """When somebody who was never asked has their first turn in a rolling program.

    `lot` from 0 to below 1 is their own and stays the same; evenly spread lots spread the turns
    evenly over the first cadence, so that no day brings more than its share.
    """
    if not 0 <= lot < 1:
        raise ValueError("a lot lies from 0 to below 1")
    return start + timedelta(days=cadence_days) * lot


def quarter_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The beginning of the calendar's quarter and of the next one, as instants."""
    day = calendars.local_day(now, zone)
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    month = first.month + 3
    following = date(first.year + month // 13, (month - 1) % 12 + 1, 1)
    return calendars.localise(first, time(), zone), calendars.localise(following, time(), zone)
