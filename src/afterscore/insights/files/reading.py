"""A file of answers as a table of texts, whatever it is written in.

Every cell stays as it stands in the file: what it means is decided later, once, and counted.
"""

from __future__ import annotations

import csv
import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import duckdb

from afterscore.customers.importers import files
from afterscore.customers.importers.files import FileError, Layout
from afterscore.insights.files import nesting, sheets, tops
from afterscore.insights.files.quoting import literal, quoted
from afterscore.insights.files.tops import Top

TABLE = "source"
_BEYOND = "\x01beyond"  # what a row holds more than there are names
_DIRECT = {"utf-8", "utf-8-sig", "ascii"}
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SHOWN = {"\t": "\N{RIGHTWARDS ARROW TO BAR}"}
_SHEETS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_SPREADSHEETS = (b"PK", b"\xd0\xcf\x11\xe0")
_JSON = {".jsonl", ".ndjson", ".json"}
_LONGEST_LINE = 1 << 24
MOST_UNPACKED = 2 << 30  # bytes that a packed file may become
_MEMORY = "2GB"
_CHUNK = 1 << 20
_LONG_CELL = 60  # bytes, and lines, from which a cell may have swallowed rows
_MANY_LINES = 10
_LOOKED_AT = 200
_MOSTLY = 0.9


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
    _refuse_nothing(path)
    if path.suffix.lower() == ".gz":
        path = _unpacked(path, folder)
    kind = path.suffix.lower()
    if kind in _SHEETS and not _is_text(path):
        written, broken = _read_sheets(path, connection, folder)
    elif kind in {".parquet", ".pq"}:
        written, broken = _read_with(connection, "read_parquet", path, "Parquet"), 0
    elif kind in _JSON:
        written, broken = _read_with(connection, "read_json_auto", path, "JSON"), 0
    else:
        written, broken = _read_text(path, connection, folder)
    _refuse_too_wide(connection, name)
    columns = tuple(row[0] for row in connection.execute(f"DESCRIBE {TABLE}").fetchall())
    rows = _number(connection, f"SELECT count(*) FROM {TABLE}")
    if not rows:
        raise FileError(f"{name} names its columns and has no rows. Export it with its answers.")
    return Source(name, written, columns, rows, broken, connection)


def _refuse_nothing(path: Path) -> None:
    if path.is_dir():
        raise FileError(f"{path} is a folder. Name one file of it.")
    if not path.is_file():
        raise FileError(f"There is no file {path}.")
    if path.stat().st_size == 0:
        raise FileError(f"{path.name} is empty.")


def _refuse_too_wide(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    columns = len(connection.execute(f"DESCRIBE {TABLE}").fetchall())
    if columns > files.MAX_COLUMNS:
        raise FileError(f"{name} has {columns} columns; at most {files.MAX_COLUMNS} can be read.")


def _is_text(path: Path) -> bool:
    """Many a tool calls plain text a spreadsheet, so that one opens when it is clicked."""
    with path.open("rb") as file:
        return not file.read(4).startswith(_SPREADSHEETS)


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
        nesting.flatten(connection, f"FROM {function}({literal(str(path))})", into=TABLE)
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
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in (*top.names, _BEYOND))
    try:
        connection.execute(
            f"""
            CREATE TABLE {TABLE} AS SELECT * FROM read_csv(
                {literal(str(path))}, delim = {literal(layout.delimiter)}, quote = '"',
                escape = '"', header = true, columns = {{{columns}}}, auto_detect = false,
                null_padding = true, strict_mode = false, parallel = false, store_rejects = true,
                max_line_size = {_LONGEST_LINE})
            """
        )
    except duckdb.Error as error:
        first = str(error).partition("\n")[0]
        raise FileError(f"{path.name} cannot be read: {first}") from error
    _refuse_swallowed(connection, layout, top)
    broken = _number(connection, "SELECT count(DISTINCT line) FROM reject_errors")
    broken += _leave_out_wide(connection)
    encoding = layout.encoding.removesuffix("-sig")
    separated = _DELIMITERS.get(layout.delimiter, repr(layout.delimiter))
    signs = f"{encoding}, “{_SHOWN.get(layout.delimiter, layout.delimiter)}”"
    return Written(f"{encoding}, columns separated by {separated}", signs), broken


def _refuse_swallowed(connection: duckdb.DuckDBPyConnection, layout: Layout, top: Top) -> None:
    """Where a quotation mark that nobody closed has made rows part of a comment."""
    columns = {name: quoted(name) for name in top.names}
    sizes = ", ".join(f"max(strlen({column}))" for column in columns.values())
    (longest,) = connection.execute(f"SELECT {sizes} FROM {TABLE}").fetchall()
    for (name, column), size in zip(columns.items(), longest, strict=True):
        if (size or 0) < _LONG_CELL:
            continue
        cells = connection.execute(
            f"""SELECT {column} FROM {TABLE} WHERE strlen({column}) >= {_LONG_CELL}
                AND strlen({column}) - strlen(replace({column}, chr(10), '')) >= {_MANY_LINES}"""
        ).fetchmany(_LOOKED_AT)
        for (text,) in cells:
            lines = text.splitlines()[1:]
            like_rows = sum(line.count(layout.delimiter) == len(top.names) - 1 for line in lines)
            if len(top.names) > 1 and like_rows >= _MOSTLY * len(lines):
                raise FileError(
                    f"A quotation mark in “{name}” is not closed, so that {len(lines):,} rows were "
                    f"read as part of one cell, which begins “{text[:40].splitlines()[0]}”. Close "
                    "it there, or write it twice if it stands for itself."
                )


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


def _read_sheets(
    path: Path, connection: duckdb.DuckDBPyConnection, folder: Path
) -> tuple[Written, int]:
    target = folder / f"{path.stem}.csv"
    read, of = sheets.to_csv(path, target)
    _, broken = _read_text(target, connection, folder)
    names = ", ".join(f"“{name}”" for name in read)
    words = f"spreadsheet, {'sheet' if len(read) == 1 else 'sheets'} {names}"
    if of == len(read):
        return Written(words, names), broken
    return Written(f"{words}, of {of}", f"{names}, {len(read)}/{of}"), broken
