"""One thing for several cases of the list."""

from __future__ import annotations

from typing import Any

from django import forms

from afterscore.cases.forms import base
from afterscore.cases.queries import Offered
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.workspaces.models import Workspace

MOST_TOGETHER = 200
ACTS = ("assign", "note", "tag", "close")
NEEDED = {"assign": "owner", "note": "text", "tag": "theme", "close": "outcome"}


class TogetherForm(forms.Form):
    """Which act is meant is said by the button; only its own fields are asked for."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS], widget=forms.HiddenInput)
    owner = forms.ChoiceField(label="Owner", required=False)
    text = base.text("Note", rows=3, required=False, help_text="The same note in each case.")
    theme = forms.ChoiceField(label="Theme", required=False)
    outcome = forms.ChoiceField(
        label="How they ended",
        required=False,
        choices=[(outcome, outcome.label) for outcome in Outcome],
    )
    reason = forms.ChoiceField(
        label="Why, where the loop stays open",
        required=False,
        choices=[("", ""), *((reason, reason.label) for reason in NotClosedReason)],
    )

    def __init__(
        self,
        data: Any = None,
        *,
        workspace: Workspace,
        offered: Offered | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("auto_id", "together-%s")
        options.setdefault("use_required_attribute", False)
        super().__init__(data, **options)
        offered = offered or Offered(workspace=workspace)
        owners = {one.member.public_id: one for one in offered.owners}
        self.members = {key: one.member for key, one in owners.items()}
        self.themes = {theme.public_id: theme for theme in offered.themes if theme.is_active}
        self._offer("owner", {key: f"{one.member}: {one.load}" for key, one in owners.items()})
        self._offer("theme", {key: str(theme) for key, theme in self.themes.items()})

    def _offer(self, name: str, choices: dict[str, str]) -> None:
        self.fields[name].choices = [*choices.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = self.cleaned_data
        needed = NEEDED.get(values.get("act", ""))
        if needed and not values.get(needed) and needed not in self.errors:
            self.add_error(needed, f"{self.fields[needed].label}: this is needed.")
        is_given_up = values.get("outcome") == Outcome.NOT_CLOSED
        if values.get("act") == "close" and is_given_up and not values.get("reason"):
            self.add_error("reason", "Say why the loop stays open.")
        return values
