from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from afterscore.domain.departments import Department
from afterscore.workspaces.models import ChatRoom

KEPT = "Stored, and not shown. Leave it empty to keep it; enter a new one to replace it."
WHERE = (
    "The room's incoming webhook. Slack: an app with Incoming Webhooks. Teams: Workflows, Post to "
    "a channel when a webhook request is received. Google Chat: Apps & integrations, Webhooks."
)
HEARS = {
    "digest": ("The day ahead", "Once each business morning: what is late, due today, waiting."),
    "alerts": ("Alerts", "When a promise is broken, a case is late, the score really fell."),
    "praise": (
        "Results and praise",
        "Once a week: what came of waves that closed, and who was named by promoters.",
    ),
}


class RoomForm(forms.Form):
    """A room of the chat: its address goes in and never comes out."""

    name = forms.CharField(max_length=80, label="Room", help_text="As it is called in the chat.")
    style = forms.ChoiceField(choices=ChatRoom.Style.choices, label="Chat")
    address = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"}),
        max_length=2_000,
        label="Address",
        help_text=WHERE,
    )
    hears = forms.MultipleChoiceField(
        choices=[
            (key, format_html("<span>{}<small>{}</small></span>", label, why))
            for key, (label, why) in HEARS.items()
        ],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "explained"}),
        label="It hears of",
        error_messages={"required": "Choose at least one thing that the room is to hear of."},
    )
    department = forms.ChoiceField(
        choices=[("", "Everybody's"), *((one.value, one.label) for one in Department)],
        required=False,
        label="Whose cases",
        help_text="A department's room hears of its people's cases and of those given to it.",
    )
    is_active = forms.BooleanField(required=False, initial=True, label="Switched on")

    def __init__(self, *arguments: Any, room: ChatRoom | None = None, **options: Any) -> None:
        if room is not None:
            names = ("name", "style", "hears", "department", "is_active")
            options.setdefault("initial", {name: getattr(room, name) for name in names})
        super().__init__(*arguments, **options)
        if room is None:
            del self.fields["is_active"]
            self.fields["hears"].initial = ["alerts"]
            return
        field = self.fields["address"]
        field.required, field.help_text = False, KEPT
        field.widget.attrs["placeholder"] = "••••••••"
