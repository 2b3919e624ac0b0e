"""Repeated rows of small forms: the tests of the audience, the further questions.

Rows are numbered fields like `audience-0-field`. Adding and removing is done by the server, so it
works without a script; with htmx only the rows are exchanged.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

MOST_ROWS = 60


class Row(forms.Form):
    """One row. All fields are optional: an empty row is no row."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def error(self, message: str) -> None:
        self.add_error(None, message)

    @property
    def texts(self) -> dict[str, str]:
        """What is in the row, trimmed, by the plain names of its fields."""
        return {name: str(self[name].value() or "").strip() for name in self.fields}

    @property
    def is_empty(self) -> bool:
        return not any(self.texts.values())


def read(data: QueryDict, prefix: str, names: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a submitted form in the order of their numbers."""
    numbers = set()
    for key in data:
        group, _, rest = key.partition("-")
        number, _, name = rest.partition("-")
        if group == prefix and name in names and number.isdecimal() and len(number) < 4:
            numbers.add(int(number))
    return [
        {name: data.get(f"{prefix}-{number}-{name}", "") for name in names}
        for number in sorted(numbers)[:MOST_ROWS]
    ]


def change(rows: list[dict[str, str]], action: Mapping[str, str], prefix: str) -> None:
    """Adds or removes a row, if that is what the pressed button says: `add=audience`,
    `remove=audience-2`."""
    if action.get("add") == prefix:
        rows.append({})
    group, _, number = action.get("remove", "").partition("-")
    if group == prefix and number.isdecimal() and int(number) < len(rows):
        del rows[int(number)]


def split_list(text: str) -> list[str]:
    """Values between commas; one that has a comma itself stands in quotes."""
    return [value.strip() for value in next(csv.reader([text], skipinitialspace=True), [])]


def join_list(values: Iterable[str]) -> str:
    return ", ".join(_quoted(value) for value in values)


def _quoted(value: str) -> str:
    escaped = value.replace('"', '""')
    return f'"{escaped}"' if "," in value or value.startswith('"') else value


def bind(
    kind: type[Row], prefix: str, rows: Sequence[Mapping[str, str]], **options: Any
) -> list[Any]:
    """Bound forms, so that problems can be shown beside them."""
    bound = []
    for number, row in enumerate(rows):
        own = f"{prefix}-{number}"
        values = {f"{own}-{name}": value for name, value in row.items()}
        bound.append(kind(values, prefix=own, **options))
    return bound
