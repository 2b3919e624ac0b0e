from __future__ import annotations

from enum import StrEnum
from typing import Any

from django import forms

LONGEST_WHY = 300
MOST_AT_ONCE = 100


class Decision(StrEnum):
    ACCEPT = "accept"
    DISCARD = "discard"


class SeveralField(forms.Field):
    """Every value that was sent under this name."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return [str(each) for each in value or ()][:MOST_AT_ONCE]


class DecisionForm(forms.Form):
    """Which answers, whether people gave them, and why somebody thinks so."""

    answers = SeveralField(error_messages={"required": "Choose at least one answer."})
    why = forms.CharField(
        max_length=LONGEST_WHY,
        error_messages={
            "required": "Say why, so that others can follow the decision.",
            "max_length": f"Say why in at most {LONGEST_WHY} characters.",
        },
    )
    decision = forms.ChoiceField(choices=[(each.value, each.name) for each in Decision])

    def first_error(self) -> str:
        return next(str(errors[0]) for errors in self.errors.values())
