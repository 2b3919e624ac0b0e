"""How fast a wave asks, as fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from afterscore.domain import pace
from afterscore.domain.pace import WHY, AtOnce, ByCapacity, Pace, PerDay

AT_ONCE = "at_once"
PER_DAY = "per_day"
CAPACITY = "capacity"
CHOICES = [
    (AT_ONCE, "Everybody at once"),
    (PER_DAY, "So many a day"),
    (CAPACITY, "As fast as your people can follow up"),
]
FIELDS_OF = {
    "pace": "pace",
    "pace.by": "pace",
    "pace.per_day": "pace_per_day",
    "pace.people": "pace_people",
    "pace.follow_ups_per_day": "pace_follow_ups",
}
REASONS = {
    AT_ONCE: WHY[AtOnce],
    PER_DAY: WHY[PerDay],
    CAPACITY: WHY[ByCapacity],
}


def choice_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="How fast", choices=CHOICES, initial=AT_ONCE, required=False, widget=forms.RadioSelect
    )


def per_day_field() -> forms.IntegerField:
    return forms.IntegerField(label="Invitations each working day", required=False, initial=50)


def people_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="People who follow up", required=False,
        help_text="Left empty, everybody with the role of an agent.",
    )  # fmt: skip


def follow_ups_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="Follow-ups each manages a day", required=False, initial=pace.DEFAULT_FOLLOW_UPS,
        help_text="Beside their other work.",
    )  # fmt: skip


def data_of(data: Mapping[str, Any]) -> object:
    """What a file would say; None for everybody at once."""
    match data.get("pace"):
        case "per_day":
            return {"per_day": data.get("pace_per_day")}
        case "capacity":
            given = {
                "people": data.get("pace_people"),
                "follow_ups_per_day": data.get("pace_follow_ups"),
            }
            filled = {key: value for key, value in given.items() if value is not None}
            return {"by": "capacity", **filled}
        case _:
            return None


def initial_of(chosen: Pace) -> dict[str, object]:
    match chosen:
        case PerDay(per_day):
            return {"pace": PER_DAY, "pace_per_day": per_day}
        case ByCapacity(people, follow_ups_per_day):
            return {
                "pace": CAPACITY,
                "pace_people": people,
                "pace_follow_ups": follow_ups_per_day,
            }
        case _:
            return {"pace": AT_ONCE}
