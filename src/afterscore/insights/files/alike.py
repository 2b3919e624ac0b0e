"""How far people of one company think alike, in a file that says who is of which."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from afterscore.domain import nps
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Group
from afterscore.domain.windows import Window
from afterscore.insights.files.guessing import Columns

if TYPE_CHECKING:
    import duckdb

    from afterscore.insights.files.counting import Counts


def count_alike(
    connection: duckdb.DuckDBPyConnection, columns: Columns, counts: Counts, *, has_days: bool
) -> None:
    """Nothing where the file names no companies."""
    if not columns.account:
        return
    counts.alike = _sums(connection, "0").get(0)
    counts.alike_segments = [
        _sums(connection, f"s{place}") for place in range(len(columns.segments))
    ]
    if has_days:
        counts.alike_periods = {window: _by_window(connection, window) for window in Window}


def _by_window(connection: duckdb.DuckDBPyConnection, window: Window) -> dict[date, Sums]:
    found = _sums(connection, f"date_trunc('{window.value}', day)::date")
    return {start: sums for start, sums in found.items() if start is not None}


def _sums(connection: duckdb.DuckDBPyConnection, key: str) -> dict[Any, Sums]:
    """Rows without a company are of one each."""
    up, down = (_scores(group) for group in (Group.PROMOTER, Group.DETRACTOR))
    rows = connection.execute(
        f"""
        SELECT key, sum(n), sum(up - down), sum(up + down),
            sum(CASE WHEN account IS NULL THEN n ELSE n * n END),
            sum(CASE WHEN account IS NULL THEN up + down ELSE (up - down) * (up - down) END),
            sum(CASE WHEN account IS NULL THEN up - down ELSE n * (up - down) END),
            sum(CASE WHEN account IS NULL THEN n ELSE 1 END),
            max(CASE WHEN account IS NULL THEN 1 ELSE n END)
        FROM (
            SELECT {key} AS key, account, count(*) AS n,
                count(*) FILTER (score IN ({up})) AS up, count(*) FILTER (score IN ({down})) AS down
            FROM answers GROUP BY 1, 2
        ) GROUP BY 1
        """
    ).fetchall()
    return {key: Sums(*map(int, numbers)) for key, *numbers in rows}


def _scores(group: Group) -> str:
    return ", ".join(map(str, nps.scores_of(group)))
