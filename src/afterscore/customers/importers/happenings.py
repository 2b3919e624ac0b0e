"""A file of signals: one row for each thing that happened at a customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from afterscore.customers.importers import cells, dates, files
from afterscore.customers.importers.cells import CellError
from afterscore.customers.importers.files import FileError, Layout
from afterscore.domain import calendars

COLUMNS = (
    "kind", "name", "occurred_at", "source", "external_id", "contact_id", "email", "account_id",
    "account",
)  # fmt: skip
NEEDED = ("kind", "name", "occurred_at")
WHOM = ("contact_id", "email", "account_id", "account")


@dataclass(frozen=True, slots=True)
class Told:
    """One row as it was read. `fault` says why there is nothing to take in."""

    row: int
    values: Mapping[str, str]
    attributes: Mapping[str, str]
    occurred_at: datetime | None
    fault: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read: in which zone its clock times are meant, and what no column says."""

    path: Path
    layout: Layout
    zone: str
    order: str
    given: Mapping[str, str]


def prepare(path: Path, *, zone: str, order: str = "", given: Mapping[str, str]) -> Reading:
    """Raises FileError when the file is no table, lacks a column, or leaves its dates ambiguous.

    `given` stands for columns that are not there: {"kind": "event", "name": "release"}.
    """
    layout = files.read_layout(path)
    missing = [name for name in NEEDED if name not in (*layout.columns, *given)]
    if missing:
        raise FileError(f"The file has no column {missing[0]}. It needs {', '.join(NEEDED)}.")
    if not set(WHOM) & set(layout.columns):
        raise FileError(f"No column says whom it is about. Use one of {', '.join(WHOM)}.")
    return Reading(path, layout, zone, order or _order(path, layout), given)


def _order(path: Path, layout: Layout) -> str:
    evidence = dates.Evidence()
    if "occurred_at" in layout.columns:
        position = layout.columns.index("occurred_at")
        for row in files.read_rows(path, layout):
            if not row.fault:
                evidence.add(row.cells[position].strip())
    if evidence and not evidence.order:
        raise FileError(
            f"“{evidence.example}” can be read day first and month first. Say which: dmy or mdy."
        )
    return evidence.order


def read(reading: Reading) -> Iterator[Told]:
    for row in files.read_rows(reading.path, reading.layout):
        if row.fault:
            yield Told(row.number, {}, {}, None, row.fault)
        else:
            yield _told(reading, row.number, row.cells)


def _told(reading: Reading, number: int, given: list[str]) -> Told:
    row = dict(zip(reading.layout.columns, given, strict=True))
    try:
        clean = {name: cells.clean(cell) for name, cell in row.items()}
    except CellError as error:
        return Told(number, {}, {}, None, error.reason)
    values = {**reading.given, **{name: clean[name] for name in COLUMNS if clean.get(name)}}
    attributes = {name: cell for name, cell in clean.items() if name not in COLUMNS and cell}
    try:
        at = instant(values.get("occurred_at", ""), reading.zone, reading.order)
    except CellError as error:
        return Told(number, values, attributes, None, error.reason, "occurred_at")
    return Told(number, values, attributes, at)


def instant(text: str, zone: str, order: str) -> datetime:
    """An instant with its offset as it stands, without one by the clock of the zone; a day alone
    is its first moment. Raises CellError."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return calendars.localise(dates.read_day(text, order), time(), zone)
    if at.utcoffset() is not None:
        return at
    return calendars.localise(at.date(), at.time(), zone)
