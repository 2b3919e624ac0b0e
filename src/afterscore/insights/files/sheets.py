"""A spreadsheet as one table: its largest sheet, with those of the same names below it."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afterscore.customers.importers.files import FileError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_UNPACKED = 512 << 20  # a spreadsheet stands in memory while it is read


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    size: int
    names: tuple[str, ...]  # its first row


def to_csv(path: Path, target: Path) -> tuple[list[str], int]:
    """The names of the sheets that were read, and of how many. Raises FileError."""
    import python_calamine

    _refuse_bomb(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        sheets = [found for name in book.sheet_names if (found := _look(book, name)).size]
        if not sheets:
            raise FileError(f"{path.name} has no sheet with a row of names and rows below it.")
        largest = max(sheets, key=lambda sheet: sheet.size)
        chosen = [sheet.name for sheet in sheets if sheet.names == largest.names]
        _write(book, chosen, target)
    except python_calamine.CalamineError as error:
        raise FileError(f"{path.name} cannot be read as a spreadsheet: {error}.") from error
    return chosen, len(sheets)


def _refuse_bomb(path: Path) -> None:
    """A small spreadsheet that becomes a huge one; nothing of it is unpacked to find that out."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        size = sum(each.file_size for each in packed.infolist())
    if size > MOST_UNPACKED:
        raise FileError(f"{path.name} unpacks to more than 512 MB. Save its table as CSV.")


def _look(book: CalamineWorkbook, name: str) -> _Sheet:
    """Of no size without a row below the first."""
    sheet = book.get_sheet_by_name(name)
    if sheet.height <= 1:
        return _Sheet(name, 0, ())
    names = tuple(map(_cell, next(sheet.iter_rows(), [])))
    return _Sheet(name, sheet.height * sheet.width, names)


def _write(book: CalamineWorkbook, chosen: Sequence[str], target: Path) -> None:
    with target.open("w", encoding="utf-8", newline="") as copy:
        copy.write("sep=,\n")  # texts may hold other marks more often
        writer = csv.writer(copy)
        for place, name in enumerate(chosen):
            rows = book.get_sheet_by_name(name).iter_rows()
            for row in islice(rows, 1 if place else 0, None):
                writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> str:
    """Whole numbers without the fraction that spreadsheets give everything."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
