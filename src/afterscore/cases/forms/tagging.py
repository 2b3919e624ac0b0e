from __future__ import annotations

from typing import Any

from django import forms

from afterscore.cases.forms import base


class ThemesForm(base.CaseForm):
    """What the case is about; the words of the comment have proposed some."""

    name = "themes"
    themes = forms.MultipleChoiceField(
        label="What it is about", required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        named = [*self.case.themes, *self.case.heard_themes]
        known = {theme.public_id: theme for theme in self.offered.themes}
        self.known = {key: theme for key, theme in known.items() if theme.is_active or key in named}
        field = self.fields["themes"]
        field.choices = [(key, str(theme)) for key, theme in self.known.items()]  # type: ignore[attr-defined]
        field.initial = named
        if not self.known:
            field.help_text = "There are no themes yet. Improvements keeps them."

    def given(self) -> dict[str, Any]:
        return {"themes": [self.known[key] for key in self.cleaned_data["themes"]]}
