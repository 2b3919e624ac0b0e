"""Rows that hold rows: what tools hand out as JSON is seldom flat."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from afterscore.insights.files.quoting import quoted

if TYPE_CHECKING:
    import duckdb
    from duckdb.sqltypes import DuckDBPyType


def flatten(connection: duckdb.DuckDBPyConnection, source: str, *, into: str) -> None:
    """A table of texts from `source`, SQL that reads a file: a field within a field is a column of
    its own, called "answers.nps". One object around a list of rows is taken off."""
    source = _without_wrapper(connection, source)
    columns = ", ".join(
        f"{expression}::VARCHAR AS {quoted(name)}"
        for name, kind in _columns(connection, source)
        for name, expression in _leaves(name, quoted(name), kind)
    )
    connection.execute(f"CREATE TABLE {into} AS SELECT {columns} {source}")


def _without_wrapper(connection: duckdb.DuckDBPyConnection, source: str) -> str:
    """{"data": [row, row], "total": 2} is its rows."""
    lists = [name for name, kind in _columns(connection, source) if _holds_rows(kind)]
    rows = connection.execute(f"SELECT 1 {source} LIMIT 2").fetchall()
    if len(lists) != 1 or len(rows) != 1:
        return source
    return f"FROM (SELECT unnest({quoted(lists[0])}, max_depth := 2) {source})"


def _columns(connection: duckdb.DuckDBPyConnection, source: str) -> list[tuple[str, DuckDBPyType]]:
    found = connection.execute(f"{source} LIMIT 0")
    return [(each[0], each[1]) for each in found.description or ()]


def _holds_rows(kind: DuckDBPyType) -> bool:
    return kind.id == "list" and str(kind.children[0][1]).startswith("STRUCT(")


def _leaves(name: str, expression: str, kind: DuckDBPyType) -> Iterator[tuple[str, str]]:
    if kind.id != "struct":
        yield name, expression
        return
    for part, inner in cast("list[tuple[str, DuckDBPyType]]", kind.children):
        yield from _leaves(f"{name}.{part}", f"{expression}.{quoted(part)}", inner)
