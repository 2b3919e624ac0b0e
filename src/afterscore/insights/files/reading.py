"""A file of answers as a table of texts, whatever it is written in.

Every cell stays as it stands in the file: what it means is decided later, once, and counted.
"""

from __future__ import annotations

import csv
import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from afterscore.customers.importers import files
from afterscore.customers.importers.files import FileError, Layout
from afterscore.insights.files import nesting, tops
from afterscore.insights.files.tops import Top

TABLE = "source"
_BEYOND = "\x01beyond"  # what a row holds more than there are names
_DIRECT = {"utf-8", "utf-8-sig", "ascii"}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SHOWN = {"\t": "\N{RIGHTWARDS ARROW TO BAR}"}
_SHEETS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_JSON = {".jsonl", ".ndjson", ".json"}
_LONGEST_LINE = 1 << 24
MOST_UNPACKED = 2 << 30  # bytes that a packed file may become
MOST_IN_SHEETS = 512 << 20  # a spreadsheet stands in memory while it is read
_MEMORY = "2GB"
_CHUNK = 1 << 20


class Written(NamedTuple):
    """How a file is written: in words, and in signs that need no words."""

    words: str
    signs: str


@dataclass(frozen=True, slots=True)
class Source:
    """An open file. `written` says how it is written; `broken` are rows that do not fit
    its columns, which are left out."""

    name: str
    written: Written
    columns: tuple[str, ...]
    rows: int
    broken: int
    connection: duckdb.DuckDBPyConnection


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Raises FileError where it is no table."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="afterscore-")))
        connection = stack.enter_context(duckdb.connect(":memory:"))
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        try:
            yield _read(path, connection, folder)
        except duckdb.OutOfMemoryException as error:
            raise FileError(
                f"{path.name} needs more than {_MEMORY} of memory to be counted. Cut it into "
                "parts, or leave out columns that are not needed."
            ) from error


def _read(path: Path, connection: duckdb.DuckDBPyConnection, folder: Path) -> Source:
    name = path.name
    if not path.is_file():
        raise FileError(f"There is no file {path}.")
    if path.stat().st_size == 0:
        raise FileError(f"{name} is empty.")
    if path.suffix.lower() == ".gz":
        path = _unpacked(path, folder)
    kind = path.suffix.lower()
    if kind in _SHEETS:
        written, broken = _read_sheet(path, connection, folder)
    elif kind in {".parquet", ".pq"}:
        written, broken = _read_with(connection, "read_parquet(?)", path, "Parquet"), 0
    elif kind in _JSON:
        written, broken = _read_with(connection, "read_json_auto(?)", path, "JSON"), 0
    else:
        written, broken = _read_text(path, connection, folder)
    _refuse_too_wide(connection, name)
    columns = tuple(row[0] for row in connection.execute(f"DESCRIBE {TABLE}").fetchall())
    rows = _number(connection, f"SELECT count(*) FROM {TABLE}")
    if not rows:
        raise FileError(f"{name} names its columns and has no rows. Export it with its answers.")
    return Source(name, written, columns, rows, broken, connection)


def _refuse_too_wide(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    columns = len(connection.execute(f"DESCRIBE {TABLE}").fetchall())
    if columns > files.MAX_COLUMNS:
        raise FileError(f"{name} has {columns} columns; at most {files.MAX_COLUMNS} can be read.")


def _refuse_bomb(path: Path) -> None:
    """A small spreadsheet that becomes a huge one; nothing of it is unpacked to find that out."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        size = sum(each.file_size for each in packed.infolist())
    if size > MOST_IN_SHEETS:
        raise FileError(f"{path.name} unpacks to more than 512 MB. Save its table as CSV.")


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _unpacked(path: Path, folder: Path) -> Path:
    target = folder / (Path(path.stem).name or "file")
    with gzip.open(path) as packed, target.open("wb") as plain:
        try:
            size = 0
            while chunk := packed.read(_CHUNK):
                size += len(chunk)
                if size > MOST_UNPACKED:
                    raise FileError(f"{path.name} unpacks to more than 2 GB. Cut it into parts.")
                plain.write(chunk)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise FileError(f"{path.name} cannot be unpacked: {error}.") from error
    return target


def _read_with(
    connection: duckdb.DuckDBPyConnection, function: str, path: Path, what: str
) -> Written:
    try:
        nesting.flatten(connection, f"FROM {function}", path, into=TABLE)
    except duckdb.Error as error:
        first = str(error).partition("\n")[0]
        raise FileError(f"{path.name} cannot be read as {what}: {first}") from error
    return Written(what, what)


def _read_text(
    path: Path, connection: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[Written, int]:
    """Rows with more cells than there are names are left out: an unquoted comma in a comment
    has moved every cell behind it."""
    layout = files.read_layout(path)
    top = tops.read_top(path, layout.encoding, layout.delimiter)
    if layout.encoding not in _DIRECT or not top.is_plain:
        path = _copied(path, layout, top, folder)
    columns = dict.fromkeys((*top.names, _BEYOND), "VARCHAR")
    options: dict[str, Any] = {
        "path": str(path),
        "delimiter": layout.delimiter,
        "columns": columns,
        "line": _LONGEST_LINE,
    }
    try:
        connection.execute(
            f"""
            CREATE TABLE {TABLE} AS SELECT * FROM read_csv(
                $path, delim = $delimiter, quote = '"', escape = '"', header = true,
                columns = $columns, auto_detect = false, null_padding = true, strict_mode = false,
                parallel = false, store_rejects = true, max_line_size = $line)
            """,
            options,
        )
    except duckdb.Error as error:
        first = str(error).partition("\n")[0]
        raise FileError(f"{path.name} cannot be read: {first}") from error
    broken = _number(connection, "SELECT count(DISTINCT line) FROM reject_errors")
    broken += _leave_out_wide(connection)
    encoding = layout.encoding.removesuffix("-sig")
    separated = _DELIMITERS.get(layout.delimiter, repr(layout.delimiter))
    signs = f"{encoding}, “{_SHOWN.get(layout.delimiter, layout.delimiter)}”"
    return Written(f"{encoding}, columns separated by {separated}", signs), broken


def _leave_out_wide(connection: duckdb.DuckDBPyConnection) -> int:
    """How many there were."""
    beyond = f"trim(coalesce(\"{_BEYOND}\", '')) <> ''"
    wide = _number(connection, f"SELECT count(*) FROM {TABLE} WHERE {beyond}")
    if wide:
        connection.execute(f"DELETE FROM {TABLE} WHERE {beyond}")
    connection.execute(f'ALTER TABLE {TABLE} DROP COLUMN "{_BEYOND}"')
    return wide


def _copied(path: Path, layout: Layout, top: Top, folder: Path) -> Path:
    """In UTF-8, with one row of names above the answers."""
    target = folder / f"{path.stem}.utf8"
    with (
        path.open(encoding=layout.encoding, errors="replace", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as copy,
    ):
        for _ in islice(source, top.lines):
            pass
        csv.writer(copy, delimiter=layout.delimiter).writerow(top.names)
        shutil.copyfileobj(source, copy, 1 << 20)
    return target


def _read_sheet(
    path: Path, connection: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[Written, int]:
    """The first sheet that has anything on it."""
    import python_calamine

    _refuse_bomb(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        filled = (book.get_sheet_by_name(name) for name in book.sheet_names)
        sheet = next((each for each in filled if each.total_height > 1), None)
    except python_calamine.CalamineError as error:
        raise FileError(f"{path.name} cannot be read as a spreadsheet: {error}.") from error
    if sheet is None:
        raise FileError(f"{path.name} has no sheet with a row of names and rows below it.")
    target = folder / f"{path.stem}.csv"
    with target.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy)
        for row in sheet.iter_rows():
            writer.writerow([_cell(value) for value in row])
    _, broken = _read_text(target, connection, folder)
    return Written(f"spreadsheet, sheet “{sheet.name}”", f"“{sheet.name}”"), broken


def _cell(value: Any) -> str:
    """Whole numbers without the fraction that spreadsheets give everything."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
