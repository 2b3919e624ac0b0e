"""The rows of a file, one at a time, numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from afterscore.customers.importers import delimiters, encodings
from afterscore.customers.importers.cells import MAX_LENGTH

MAX_COLUMNS = 500
# One cell of this size is still read, so that its row can be refused by name.
LARGEST_CELL = 1 << 24
_LONG_SPAN = 100
_OTHER_FORMATS = {
    b"PK\x03\x04": "a spreadsheet or a ZIP file",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"%PDF": "a PDF file",
    b"\x1f\x8b": "a compressed file",
}

csv.field_size_limit(LARGEST_CELL)


class FileError(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written. `columns` are its column names, made unique, never empty."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is 1 for the header; `fault` says why there are no cells to speak of."""

    number: int
    cells: list[str]
    fault: str = ""


def read_layout(path: Path) -> Layout:
    """Raises FileError for an empty file and for one that is no table."""
    _refuse_other_formats(path)
    encoding = encodings.detect_encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        delimiter = delimiters.detect_delimiter(_lines(file))
    header = next(_records(path, encoding, delimiter), None)
    if header is None or header.fault:
        raise FileError("The file has no row of column names. Its first row must name the columns.")
    if len(header.cells) > MAX_COLUMNS:
        raise FileError(
            f"The file has {len(header.cells)} columns; at most {MAX_COLUMNS} can be imported."
        )
    return Layout(encoding, delimiter, unique_names(header.cells))


def _refuse_other_formats(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise FileError("The file is empty. Export it again with column names in its first row.")
    for mark, name in _OTHER_FORMATS.items():
        if start.startswith(mark):
            raise FileError(f"This is {name}. Save the table as CSV and import that.")


def _lines(file: Iterator[str]) -> Iterator[str]:
    """Lines of a bounded length: a file without line ends must not fill the memory."""
    return (line[:LARGEST_CELL] for line in islice(file, delimiters.SAMPLE_ROWS))


def unique_names(header: list[str]) -> tuple[str, ...]:
    """ "Name", "Name (2)" for the second of that name, "Column 3" for one without."""
    names: list[str] = []
    taken: set[str] = set()
    for position, cell in enumerate(header, start=1):
        plain = " ".join(cell.replace("\x00", "").split())[:100] or f"Column {position}"
        name, count = plain, 1
        while name.casefold() in taken:
            count += 1
            name = f"{plain} ({count})"
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def read_rows(path: Path, layout: Layout) -> Iterator[Row]:
    """Every row below the header; empty rows are counted and left out."""
    width = len(layout.columns)
    rows = _records(path, layout.encoding, layout.delimiter)
    next(rows, None)
    for row in rows:
        if not row.fault and len(row.cells) != width:
            yield Row(row.number, row.cells, _width_fault(len(row.cells), width))
        else:
            yield row


def _width_fault(found: int, expected: int) -> str:
    cells = "1 cell" if found == 1 else f"{found} cells"
    return f"This row has {cells}, the header has {expected}."


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline(100)
        if not delimiters.declared_delimiter(first):
            file.seek(0)
        reader = csv.reader(file, delimiter=delimiter)
        number = 0
        while True:
            started = reader.line_num
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield Row(number, [], _UNCLOSED)
                continue
            span = reader.line_num - started
            if any(cells) and cells:
                yield Row(number, cells, _UNCLOSED if _is_unclosed(cells, span) else "")


_UNCLOSED = (
    "A quotation mark opens a cell here and is not closed where the cell ends, "
    "so the rows after it were read as one."
)


def _is_unclosed(cells: list[str], span: int) -> bool:
    """A real cell may hold line breaks, but not a hundred of them and more text than is allowed."""
    return span > _LONG_SPAN and max(map(len, cells)) > MAX_LENGTH


def digest_of(path: Path) -> str:
    """The file's SHA-256, by which the very same file is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
