from __future__ import annotations

from typing import Any

from django import forms

from afterscore.workspaces.models import Member


class WishesForm(forms.Form):
    """What a member hears, and whether she is named."""

    wants_digest = forms.BooleanField(
        required=False,
        label="My day, by mail",
        help_text="When the business day opens: who waits longest, what you promised, what is due. "
        "One mail at most, and none on a day with nothing to say or on which you are away.",
    )
    wants_alerts = forms.BooleanField(
        required=False,
        label="Alerts, by mail",
        help_text="What is raised during the day and concerns you, gathered: at most one mail in "
        "two hours, and only in business hours. All alerts stand on the page anyway.",
    )
    wants_praise = forms.BooleanField(
        required=False,
        label="Name me on the wall of praise",
        help_text="When a promoter writes your name, colleagues may read it. Without this, your "
        "name is never shown there.",
    )

    def __init__(self, *arguments: Any, member: Member, **options: Any) -> None:
        options.setdefault("initial", {name: getattr(member, name) for name in self.base_fields})
        super().__init__(*arguments, **options)
