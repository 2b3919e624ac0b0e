"""What the columns of a whole file hold: read once, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from afterscore.customers.importers import cells
from afterscore.customers.importers.amounts import Marks
from afterscore.customers.importers.dates import Evidence
from afterscore.customers.importers.files import Row

PREVIEW_ROWS = 8
_PREVIEW_LENGTH = 80
# A column is no longer watched once so many of its cells were no number, date or amount.
_PATIENCE = 500
_LONGEST_FIGURE = 40


@dataclass(slots=True)
class Column:
    """`is_number`: every cell that is not empty is a plain number."""

    filled: int = 0
    is_number: bool = True
    dates: Evidence = field(default_factory=Evidence)
    marks: Marks = field(default_factory=Marks)

    def add(self, cell: str) -> None:
        if len(cell) > cells.MAX_LENGTH:
            return  # its row will be refused: it says nothing of the others
        text = cell.strip()
        self.filled += 1
        if self.is_number:
            self.is_number = cells.is_number(text)
        if len(text) <= _LONGEST_FIGURE:
            self.dates.add(text)
            self.marks.add(text)

    @property
    def is_plain_text(self) -> bool:
        seen = self.is_number or self.dates or self.marks
        return self.filled >= _PATIENCE and not seen


@dataclass(slots=True)
class Profile:
    """`rows` counts the rows below the header; `preview` holds the first ones with
    their numbers, their cells cut short."""

    columns: list[Column]
    rows: int = 0
    preview: list[tuple[int, list[str]]] = field(default_factory=list)

    def to_data(self, names: Iterable[str]) -> dict[str, Any]:
        """By column name, what is worth keeping: for JSON."""
        return {
            "columns": {
                name: {
                    "filled": column.filled,
                    "is_number": bool(column.filled and column.is_number),
                    "order": column.dates.order,
                    "is_date": bool(column.dates),
                    "example": column.dates.example,
                    "mark": column.marks.mark,
                }
                for name, column in zip(names, self.columns, strict=True)
            },
            "preview": self.preview,
        }


def read_profile(rows: Iterable[Row], width: int) -> Profile:
    profile = Profile([Column() for _ in range(width)])
    watched = list(enumerate(profile.columns))
    for row in rows:
        profile.rows += 1
        if row.fault:
            continue
        if len(profile.preview) < PREVIEW_ROWS:
            shown = [cells.excerpt(cell, _PREVIEW_LENGTH) for cell in row.cells]
            profile.preview.append((row.number, shown))
        for index, column in watched:
            if row.cells[index]:
                column.add(row.cells[index])
        if profile.rows % _PATIENCE == 0:
            watched = [(index, column) for index, column in watched if not column.is_plain_text]
    return profile


def open_questions(profile: Mapping[str, Any], columns: Iterable[str]) -> dict[str, str]:
    """Of these columns, those whose dates can be read in two ways, each with an example."""
    known = profile["columns"]
    return {
        name: known[name]["example"]
        for name in columns
        if known[name]["is_date"] and not known[name]["order"]
    }
