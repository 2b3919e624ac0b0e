"""DuckDB in this process: a database in memory that holds nothing and reads files and tail."""

from __future__ import annotations

from functools import cache
from typing import Any

from afterscore.insights.mart.contents import Contents


class DuckDB:
    dialect = "duckdb"

    def __init__(self) -> None:
        import duckdb

        self._database = duckdb.connect(
            ":memory:",
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False},
        )

    def rows(self, *, contents: Contents, sql: str) -> list[tuple[Any, ...]]:
        with self._database.cursor() as cursor:
            cursor.register("tail", contents.tail)
            cursor.execute(f"CREATE TEMP VIEW answers AS {_union(contents)}")
            return cursor.execute(sql).fetchall()


@cache
def engine() -> DuckDB:
    return DuckDB()


def _union(contents: Contents) -> str:
    names = ", ".join(quoted(name) for name in contents.columns)
    return f"SELECT {names} FROM tail"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
