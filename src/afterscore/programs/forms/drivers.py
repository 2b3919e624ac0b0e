"""The further questions as rows, and back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms

from afterscore.domain.questionnaire import Driver, DriverKind
from afterscore.programs.forms import rows
from afterscore.programs.forms.rows import Row

PREFIX = "driver"
NAMES = ("label", "kind", "options", "key")
KINDS = (
    (DriverKind.RATING.value, "0 to 10"),
    (DriverKind.CHOICE.value, "one of"),
    (DriverKind.SATISFACTION.value, "satisfaction, 1 to 5"),
    (DriverKind.EFFORT.value, "effort, 1 to 7"),
)
WITH_WORDS = {kind.value for kind in DriverKind if kind.has_words}
_MAX_KEY = 40


class DriverRow(Row):
    label = forms.CharField(required=False, label="Question")
    kind = forms.ChoiceField(required=False, label="Answer", choices=KINDS)
    options = forms.CharField(required=False, label="Choices")
    key = forms.CharField(required=False, label="Name in exports")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["label"].widget.attrs["placeholder"] = "How easy is it to reach us?"
        self.fields["options"].widget.attrs["placeholder"] = "Choices, with commas"
        self.fields["key"].widget.attrs["placeholder"] = "made from the question"

    @property
    def is_empty(self) -> bool:
        texts = self.texts
        is_whole = texts["kind"] in WITH_WORDS
        return not (is_whole or texts["label"] or texts["options"] or texts["key"])


def data_of(filled: Iterable[DriverRow]) -> list[dict[str, object]]:
    return [_driver(row.texts) for row in filled if not row.is_empty]


def _driver(texts: dict[str, str]) -> dict[str, object]:
    is_whole = texts["kind"] in WITH_WORDS
    driver: dict[str, object] = {
        "key": texts["key"] or (texts["kind"] if is_whole else key_of(texts["label"])),
        "label": texts["label"],
        "kind": texts["kind"] or DriverKind.RATING.value,
    }
    if texts["options"]:
        driver["options"] = rows.split_list(texts["options"])
    return driver


def key_of(label: str) -> str:
    """ "How easy is it?" becomes "how_easy_is_it"."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_MAX_KEY].strip("_")


def rows_of(drivers: Iterable[Driver]) -> list[dict[str, str]]:
    return [
        {
            "label": driver.label,
            "kind": driver.kind.value,
            "options": rows.join_list(driver.options),
            "key": driver.key,
        }
        for driver in drivers
    ]
