"""Runs the queue's statements, each in a transaction of its own unless one is open.

They are prepared once for each connection: planning them anew for each letter would take the
database longer than carrying them out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

ONLY_WHERE_ASKED = sys.maxsize
DEADLOCKS = 3  # in a row, until it is no coincidence


def returned(statement: str, values: Mapping[str, Any]) -> frozenset[int]:
    """The ids that the statement returns."""
    with _executed(statement, values) as cursor:
        return frozenset(row[0] for row in cursor.fetchall())


def changed(statement: str, values: Mapping[str, Any]) -> int:
    """How many rows the statement changed."""
    with _executed(statement, values) as cursor:
        return cursor.rowcount


@contextmanager
def _executed(statement: str, values: Mapping[str, Any]) -> Iterator[psycopg.Cursor[Any]]:
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    driver = connection.connection
    if driver.prepare_threshold is None:  # Django's way of saying never, even where it is asked for
        driver.prepare_threshold = ONLY_WHERE_ASKED
    with connection.wrap_database_errors, psycopg.Cursor(driver) as cursor:
        _execute(cursor, statement.encode(), _written(values))
        yield cursor


def _execute(cursor: psycopg.Cursor[Any], statement: bytes, values: Mapping[str, Any]) -> None:
    """Once more where PostgreSQL gave the statement up so that another could go on: it has done
    nothing then, unless it was part of something larger, which is lost as a whole."""
    for _time in range(DEADLOCKS):
        try:
            cursor.execute(statement, values, prepare=True)
        except psycopg.errors.DeadlockDetected:
            if connection.in_atomic_block:
                raise
        else:
            return
    cursor.execute(statement, values, prepare=True)


def _written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Lists as PostgreSQL writes them: the driver looks at each element anew, which takes longer
    than all the rest of a letter's hand-over."""
    return {
        name: array(value) if isinstance(value, list) else value for name, value in values.items()
    }


def array(elements: Iterable[int | str | datetime | None]) -> str:
    """The text form of an array; the statement says of what, as in `%(names)s::text[]`."""
    return "{" + ",".join(map(_element, elements)) + "}"


def _element(value: int | str | datetime | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
