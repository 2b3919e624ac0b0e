"""Rows that hold rows: what tools hand out as JSON is seldom flat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import duckdb
    from duckdb.sqltypes import DuckDBPyType


def flatten(connection: duckdb.DuckDBPyConnection, source: str, path: Path, *, into: str) -> None:
    """A table of texts from `source`, SQL that reads `path`: a field within a field is a column of
    its own, called "answers.nps". One object around a list of rows is taken off."""
    source = _without_wrapper(connection, source, path)
    columns = ", ".join(
        f"{expression}::VARCHAR AS {_quoted(name)}"
        for name, kind in _columns(connection, source, path)
        for name, expression in _leaves(name, _quoted(name), kind)
    )
    connection.execute(f"CREATE TABLE {into} AS SELECT {columns} {source}", [str(path)])


def _without_wrapper(connection: duckdb.DuckDBPyConnection, source: str, path: Path) -> str:
    """{"data": [row, row], "total": 2} is its rows."""
    lists = [name for name, kind in _columns(connection, source, path) if _holds_rows(kind)]
    rows = connection.execute(f"SELECT 1 {source} LIMIT 2", [str(path)]).fetchall()
    if len(lists) != 1 or len(rows) != 1:
        return source
    return f"FROM (SELECT unnest({_quoted(lists[0])}, max_depth := 2) {source})"


def _columns(
    connection: duckdb.DuckDBPyConnection, source: str, path: Path
) -> list[tuple[str, DuckDBPyType]]:
    found = connection.execute(f"{source} LIMIT 0", [str(path)])
    return [(each[0], each[1]) for each in found.description or ()]


def _holds_rows(kind: DuckDBPyType) -> bool:
    return kind.id == "list" and str(kind.children[0][1]).startswith("STRUCT(")


def _leaves(name: str, expression: str, kind: DuckDBPyType) -> Iterator[tuple[str, str]]:
    if kind.id != "struct":
        yield name, expression
        return
    for part, inner in cast("list[tuple[str, DuckDBPyType]]", kind.children):
        yield from _leaves(f"{name}.{part}", f"{expression}.{_quoted(part)}", inner)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
