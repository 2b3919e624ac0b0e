"""DuckDB in this process: a database in memory that holds nothing and reads files and tail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from afterscore.insights.mart import columns
from afterscore.insights.mart.contents import Contents, File, FilesGone

FEW = 50_000
"""Rows that are read once and held, whatever is asked of them: more are read for each part of a
question anew, the columns and days that it needs."""


class DuckDB:
    dialect = "duckdb"

    def __init__(self) -> None:
        import duckdb

        self._failed = duckdb.IOException
        self._database = duckdb.connect(
            ":memory:",
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False},
        )
        # A file never changes, so what its foot says is read once.
        self._database.execute("LOAD parquet")
        self._database.execute("SET parquet_metadata_cache = true")

    def rows(
        self, *, contents: Contents, sql: str, beside: Mapping[str, pa.Table] | None = None
    ) -> list[tuple[Any, ...]]:
        with self._asked(contents, sql, beside) as found:
            return list(found.fetchall())

    def table(self, *, contents: Contents, sql: str) -> pa.Table:
        with self._asked(contents, sql) as found:
            return _with_whole_numbers(found.to_arrow_table())

    @contextmanager
    def _asked(
        self, contents: Contents, sql: str, beside: Mapping[str, pa.Table] | None = None
    ) -> Iterator[Any]:
        with self._database.cursor() as cursor:
            # What a union finds beyond this it waits for ever to hand out (DuckDB before 2.0).
            cursor.execute("SET streaming_buffer_size = '1TB'")
            cursor.register("tail", contents.tail)
            if contents.mixed:
                cursor.register("superseded", pa.table({"id": contents.superseded}))
            for name, table in (beside or {}).items():
                cursor.register(name, table)
            read = "MATERIALIZED" if contents.rows <= FEW else "NOT MATERIALIZED"
            asked = f"WITH answers AS {read} ({union_sql(contents)}) FROM ({sql})"
            try:
                yield cursor.execute(asked)
            except self._failed as error:
                if all(Path(path).exists() for path in contents.paths):
                    raise
                raise FilesGone from error


def _with_whole_numbers(table: pa.Table) -> pa.Table:
    """Sums of DuckDB have more digits than whole numbers of Arrow, and come as decimals."""
    fields = [
        field.with_type(pa.int64()) if pa.types.is_decimal(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


@cache
def engine() -> DuckDB:
    return DuckDB()


def union_sql(contents: Contents) -> str:
    """The files and the tail as one table."""
    return " UNION ALL ".join(_parts(contents))


def _parts(contents: Contents) -> Iterator[str]:
    names = ", ".join(quoted(name) for name in contents.columns)
    yield f"SELECT {names} FROM tail"
    for present, paths in _alike(contents.columns, contents.clean):
        yield f"SELECT {_values(contents.columns, present)} FROM read_parquet({paths})"
    for present, paths in _alike(contents.columns, contents.mixed):
        yield (
            f"SELECT {_values(contents.columns, present)} FROM read_parquet({paths}) AS file "
            "ANTI JOIN superseded ON file.id = superseded.id"
        )


def _alike(wanted: Iterable[str], files: Iterable[File]) -> Iterator[tuple[frozenset[str], str]]:
    """Files together that have the same of the wanted columns, as a list in SQL."""
    found: dict[frozenset[str], list[str]] = {}
    for file in files:
        found.setdefault(file.columns & frozenset(wanted), []).append(file.path)
    for present, paths in found.items():
        yield present, f"[{', '.join(columns.literal(path) for path in paths)}]"


def _values(wanted: Iterable[str], present: frozenset[str]) -> str:
    return ", ".join(
        quoted(name) if name in present else f"NULL::VARCHAR AS {quoted(name)}" for name in wanted
    )


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
