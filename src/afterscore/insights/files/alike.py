"""How far people of one company think alike, in a file that says who is of which."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from afterscore.domain import nps
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Group, Tally
from afterscore.domain.windows import Window
from afterscore.insights.files.guessing import Columns

if TYPE_CHECKING:
    import duckdb

    from afterscore.insights.files.counting import Counts


SPLIT = (Window.MONTH, Window.QUARTER, Window.YEAR)
"""Periods of which it is told whether others answered."""


def count_alike(
    connection: duckdb.DuckDBPyConnection,
    columns: Columns,
    counts: Counts,
    *,
    window: Window | None,
) -> None:
    """By the periods of the trend, if there is one; nothing where the file names no companies."""
    if not columns.account:
        return
    counts.alike = _by_one(connection, "0").get(0)
    counts.alike_segments = [
        _by_one(connection, f"s{place}") for place in range(len(columns.segments))
    ]
    if window is not None:
        counts.alike_periods = {window: _by_window(connection, window)}
    if window in SPLIT and columns.segments:
        counts.alike_parts = {window: _by_part(connection, window)}


def accounts(connection: duckdb.DuckDBPyConnection) -> list[Tally]:
    """One of each company."""
    rows = connection.execute(
        f"""SELECT {_in(Group.DETRACTOR)}, {_in(Group.PASSIVE)}, {_in(Group.PROMOTER)}
            FROM answers WHERE account IS NOT NULL GROUP BY account"""
    ).fetchall()
    return [Tally(*row) for row in rows]


def _by_window(connection: duckdb.DuckDBPyConnection, window: Window) -> dict[date, Sums]:
    found = _by_one(connection, _start(window))
    return {start: sums for start, sums in found.items() if start is not None}


def _by_part(
    connection: duckdb.DuckDBPyConnection, window: Window
) -> dict[tuple[date, str | None], Sums]:
    """By the first column of segments."""
    found = _sums(connection, _start(window), "s0")
    return {(start, value): sums for (start, value), sums in found.items() if start is not None}


def _start(window: Window) -> str:
    return f"date_trunc('{window.value}', day)::date"


def _by_one(connection: duckdb.DuckDBPyConnection, key: str) -> dict[Any, Sums]:
    return {value: sums for (value,), sums in _sums(connection, key).items()}


def _sums(connection: duckdb.DuckDBPyConnection, *keys: str) -> dict[tuple[Any, ...], Sums]:
    """Rows without a company are of one each."""
    named = ", ".join(f"{key} AS k{place}" for place, key in enumerate(keys))
    names = ", ".join(f"k{place}" for place in range(len(keys)))
    rows = connection.execute(
        f"""
        SELECT {names}, sum(n), sum(up - down), sum(up + down),
            sum(CASE WHEN account IS NULL THEN n ELSE n * n END),
            sum(CASE WHEN account IS NULL THEN up + down ELSE (up - down) * (up - down) END),
            sum(CASE WHEN account IS NULL THEN up - down ELSE n * (up - down) END),
            sum(CASE WHEN account IS NULL THEN n ELSE 1 END),
            max(CASE WHEN account IS NULL THEN 1 ELSE n END)
        FROM (
            SELECT {named}, account, count(*) AS n,
                {_in(Group.PROMOTER)} AS up, {_in(Group.DETRACTOR)} AS down
            FROM answers GROUP BY {names}, account
        ) GROUP BY {names}
        """
    ).fetchall()
    return {row[: len(keys)]: Sums(*map(int, row[len(keys) :])) for row in rows}


def _in(group: Group) -> str:
    return f"count(*) FILTER (score IN ({', '.join(map(str, nps.scores_of(group)))}))"
