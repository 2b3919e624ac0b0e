"""What DuckDB finds arrives, however much it is."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from afterscore.insights.engines.duckdb import DuckDB
from afterscore.insights.mart.contents import Contents, File
from afterscore.insights.mart.files import ROWS_IN_A_GROUP

PATIENCE = 30
"""Seconds; it takes a fraction of one."""
MANY = 200_000


def test_a_union_of_many_values_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    rows = pa.table(
        {
            "amount": [str(number) for number in range(MANY)],
            "plan": [str(number % 4) for number in range(MANY)],
            "kind": [str(number % 12) for number in range(MANY)],
        }
    )
    names = tuple(rows.column_names)
    files = [File(str(tmp_path / f"{place}.parquet"), frozenset(names), MANY) for place in range(4)]
    for file in files:
        pq.write_table(rows, file.path, row_group_size=ROWS_IN_A_GROUP)
    contents = Contents(names, rows.slice(0, 0), clean=tuple(files))
    sql = " UNION ALL ".join(f"SELECT {name}, count(*) FROM answers GROUP BY 1" for name in names)
    found: list[Any] = []
    asking = Thread(
        target=lambda: found.extend(DuckDB().rows(contents=contents, sql=sql)), daemon=True
    )
    asking.start()
    asking.join(PATIENCE)
    assert len(found) == MANY + 4 + 12
