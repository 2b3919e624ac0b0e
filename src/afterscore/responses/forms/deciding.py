from __future__ import annotations

from django import forms

LONGEST_WHY = 300


class DecisionForm(forms.Form):
    """Whether a person answered, and why somebody thinks so."""

    why = forms.CharField(
        max_length=LONGEST_WHY,
        error_messages={"required": "Say why, so that others can follow the decision."},
    )
