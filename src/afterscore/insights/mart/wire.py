"""PostgreSQL's rows as Arrow columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from django.db import connection
from psycopg.conninfo import make_conninfo

from afterscore.insights.mart import links

_NOT_LIBPQ = {"cursor_factory", "context", "prepare_threshold", "client_encoding"}
_CHUNK = 50_000


class Wire:
    """One connection to PostgreSQL, all of whose answers come from one snapshot."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def table(self, sql: str, schema: pa.Schema) -> pa.Table:
        return pa.Table.from_batches(self.batches(sql, schema), schema=schema)

    def batches(self, sql: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Some thousand rows at a time, however many there are."""
        self._cursor.execute(sql)
        for batch in self._cursor.fetch_record_batch():
            yield from (
                pa.Table.from_batches([batch])
                .rename_columns(schema.names)
                .cast(schema)
                .to_batches()
            )


class OwnTransaction(Wire):
    """The connection of whoever calls, in the midst of his transaction: he has to see what nobody
    else does yet, his own rows."""

    def batches(self, sql: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        self._cursor.execute(sql)
        while rows := self._cursor.fetchmany(_CHUNK):
            columns = zip(*rows, strict=True)
            arrays = [
                pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)
            ]
            yield pa.record_batch(arrays, schema=schema)


@contextmanager
def connect() -> Iterator[Wire]:
    """For one look: what it sees is let go at its end."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield OwnTransaction(cursor)
        return
    given = connection.get_connection_params()
    target = make_conninfo("", **{k: v for k, v in given.items() if k not in _NOT_LIBPQ and v})
    with links.snapshot(target) as link, link.cursor() as cursor:
        yield Wire(cursor)
