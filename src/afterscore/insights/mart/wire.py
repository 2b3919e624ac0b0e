"""PostgreSQL's rows as Arrow columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from django.db import connection
from psycopg.conninfo import make_conninfo

_NOT_LIBPQ = {"cursor_factory", "context", "prepare_threshold", "client_encoding"}


class Wire:
    """Asks one PostgreSQL connection; all answers come from one snapshot, or from the open
    transaction of whoever calls: he has to see what he has written himself."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def table(self, sql: str, schema: pa.Schema) -> pa.Table:
        self._cursor.execute(sql)
        if hasattr(self._cursor, "fetch_arrow_table"):
            return self._cursor.fetch_arrow_table().cast(schema)
        columns = list(zip(*self._cursor.fetchall(), strict=True)) or [()] * len(schema)
        arrays = [
            pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)
        ]
        return pa.table(arrays, schema=schema)


@contextmanager
def connect() -> Iterator[Wire]:
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield Wire(cursor)
        return
    import adbc_driver_postgresql.dbapi as adbc

    given = connection.get_connection_params()
    target = make_conninfo("", **{k: v for k, v in given.items() if k not in _NOT_LIBPQ and v})
    with adbc.connect(target) as link, link.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Wire(cursor)
