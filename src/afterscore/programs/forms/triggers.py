"""What starts the asking, as fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from afterscore.domain.triggers import (
    AfterSignal,
    BeforeRenewal,
    Trigger,
    to_data,
)

AFTER = "after"
BEFORE_RENEWAL = "before_renewal"
CHOICES = [
    ("by_hand", "A person, wave by wave"),
    ("every_cadence", "The calendar: a wave by itself every cadence"),
    ("rolling", "Each contact\u2019s own rhythm, a few people every day"),
    (AFTER, "Something that happened: onboarding, a release, a closed ticket"),
    (BEFORE_RENEWAL, "The renewal of the contract"),
]
FIELDS_OF = {
    "trigger": "trigger",
    "trigger.after": "trigger_after",
    "trigger.days": "trigger_days",
    "trigger.before_renewal": "trigger_before",
}


def choice_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="What starts it", choices=CHOICES, initial="by_hand", required=False
    )


def name_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"list": "signal-names", "placeholder": "onboarding_finished"})
    return forms.CharField(
        label="After", max_length=80, required=False, widget=widget,
        help_text="As the signal names it.",
    )  # fmt: skip


def days_field() -> forms.IntegerField:
    return forms.IntegerField(label="Days after it", required=False, initial=7)


def before_field() -> forms.IntegerField:
    return forms.IntegerField(label="Days before the renewal", required=False, initial=60)


def data_of(data: Mapping[str, Any]) -> object:
    """What a file would say; None for by hand."""
    match data.get("trigger"):
        case "after":
            return {"after": data.get("trigger_after"), "days": data.get("trigger_days")}
        case "before_renewal":
            return {"before_renewal": data.get("trigger_before")}
        case "by_hand" | "" | None:
            return None
        case word:
            return word


def initial_of(trigger: Trigger) -> dict[str, object]:
    match trigger:
        case AfterSignal(name, days):
            return {"trigger": AFTER, "trigger_after": name, "trigger_days": days}
        case BeforeRenewal(days):
            return {"trigger": BEFORE_RENEWAL, "trigger_before": days}
        case _:
            return {"trigger": to_data(trigger)}
