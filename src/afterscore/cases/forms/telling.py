"""What customers read when something is done that they had asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language_info

from afterscore.cases.composition import inert
from afterscore.cases.languages.told import told_draft
from afterscore.domain import field_words
from afterscore.improvements.models import Improvement


class Worded(forms.CharField):
    """A text with fields, in words for whoever writes it and as a template for what keeps it."""

    def prepare_value(self, value: Any) -> Any:
        return field_words.in_words(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return field_words.as_template(super().to_python(value) or "")


class ToldForm(forms.Form):
    """Subject and text for each language in which somebody waits."""

    def __init__(
        self, data: Any = None, *, improvement: Improvement, languages: Iterable[str]
    ) -> None:
        super().__init__(data)
        self.languages = list(languages)
        for language in self.languages:
            draft = improvement.told.get(language) or told_draft(
                language, title=inert(improvement.title)
            )
            name = _name(language)
            self.fields[f"subject_{language}"] = Worded(
                max_length=300, label=f"Subject in {name}", initial=draft["subject"]
            )
            self.fields[f"body_{language}"] = Worded(
                max_length=10_000,
                label=f"Text in {name}",
                initial=draft["body"],
                help_text=_hint(improvement, language, name),
                widget=forms.Textarea(attrs={"rows": 16, "lang": language, "dir": "auto"}),
            )

    def told(self) -> dict[str, dict[str, str]]:
        data = self.cleaned_data
        return {
            language: {"subject": data[f"subject_{language}"], "body": data[f"body_{language}"]}
            for language in self.languages
        }


def _hint(improvement: Improvement, language: str, name: str) -> str:
    if language in improvement.told or language == improvement.workspace.language:
        return ""
    return f"The title stands in it as you wrote it. Put it into {name}."


def _name(language: str) -> str:
    try:
        return str(get_language_info(language)["name"])
    except KeyError:
        return language
