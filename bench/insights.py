"""Questions to many answers: the product's analyses beside bare DuckDB and PostgreSQL.

    python bench/insights.py [ROWS ...]      10,000 to 10,000,000 by default

Answers are drawn (12 attributes of accounts, 36 months), written into months as the product lays
them out, and asked by the product's own expressions. PostgreSQL holds the same columns in a plain
table with an index by day. Each figure is the best of three in the same run.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests import database  # noqa: F401 (a private PostgreSQL)

MONTHS = 36
FIRST = date(2023, 1, 1)
CHOICES = (2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40)
ATTRIBUTES = tuple(f"account.attribute.a{number}" for number in range(len(CHOICES)))


def draw(folder: Path, rows: int) -> list[Any]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from afterscore.domain import periods
    from afterscore.insights.mart import columns
    from afterscore.insights.mart.contents import File
    from afterscore.insights.mart.files import ROWS_IN_A_GROUP

    lots, made, month = np.random.default_rng(1), [], FIRST
    for number in range(MONTHS):
        first, last = rows * number // MONTHS, rows * (number + 1) // MONTHS
        size, days = last - first, (periods.month_after(month) - month).days
        keys = np.arange(first, last)
        spoken = (lots.random(size) < 0.65) * lots.integers(1, 400, size)
        begin = (month - date(1970, 1, 1)).days
        day = np.sort(lots.integers(0, days, size)) + begin
        account = lots.integers(0, max(10, rows // 50), size)
        known: dict[str, Any] = {
            "id": pa.array(keys),
            "received": pa.array(day * 86_400_000_000),
            "day": pa.array(day.astype("int32")).cast(pa.date32()),
            "score": pa.array(lots.choice(11, size, p=_scores()).astype("int16")),
            "comment_length": pa.array(spoken.astype("int32")),
            "validity": _choice(pa, np.zeros(size, "int32"), ["counted"]),
            "account": pa.array(account),
            "voice": pa.array(account),
            "revenue": pa.array(lots.integers(0, 200_000, size) * 100),
            "wave": _choice(
                pa, np.full(size, number, "int32"), [f"wav_{n}" for n in range(MONTHS)]
            ),
            "program": _choice(pa, lots.integers(0, 3, size), [f"prg_{n}" for n in range(3)]),
        }
        for name, many in zip(ATTRIBUTES, CHOICES, strict=True):
            values = [f"{name[-3:]} value {n}" for n in range(many)]
            known[name] = _choice(pa, lots.integers(0, many, size), values)
        place = folder / f"{month:%Y-%m}.parquet"
        table = pa.table(known)
        table = table.cast(columns.schema(known))
        pq.write_table(table, place, compression="zstd", row_group_size=ROWS_IN_A_GROUP)
        made.append(File(str(place), frozenset(known)))
        month = periods.month_after(month)
    return made


def _scores() -> list[float]:
    return [0.03, 0.01, 0.02, 0.02, 0.03, 0.06, 0.07, 0.14, 0.2, 0.18, 0.24]


def _choice(pa: Any, codes: Any, values: list[str]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype("int32")), pa.array(values))


def best(run: Callable[[], object]) -> float:
    found = []
    for _ in range(3):
        begin = time.perf_counter()
        run()
        found.append(time.perf_counter() - begin)
    return min(found)


def questions() -> dict[str, list[Any]]:
    from afterscore.insights.analyses import Question

    last = FIRST + timedelta(days=MONTHS * 30)
    return {
        "pulse": [
            Question(),
            Question(since=last - timedelta(days=90), until=last),
            Question(by=("month",)),
            Question(by=("program",)),
        ],
        "two attributes": [Question(by=(ATTRIBUTES[5], ATTRIBUTES[9]))],
        "two, widest": [Question(by=(ATTRIBUTES[10], ATTRIBUTES[11]))],
    }


def bare_sql(question: Any, table: str) -> str:
    """As somebody would write it by hand."""
    keys = [f"date_trunc('{k}', day)" if k == "month" else f'"{k}"' for k in question.by]
    where = ["validity = 'counted'"]
    if question.since:
        where += [f"day >= '{question.since}'", f"day < '{question.until}'"]
    chosen = ", ".join([*keys, "score"])
    places = ", ".join(str(place + 1) for place in range(len(keys) + 1))
    return (
        f"SELECT {chosen}, count(*), count(*) FILTER (WHERE comment_length > 0) FROM {table} "
        f"WHERE {' AND '.join(where)} GROUP BY {places}"
    )


def by_product(asked: list[Any], made: list[Any]) -> object:
    """What `count_many` does once the database has said that nothing changed since."""
    from afterscore.insights import mart
    from afterscore.insights.analyses import counting

    names = tuple(counting._columns(asked))  # noqa: SLF001
    contents = mart.Contents(names, mart.schema(names).empty_table(), clean=tuple(made))
    return [counting._cells(None, each, contents) for each in asked]  # type: ignore[arg-type]  # noqa: SLF001


def by_duckdb(asked: list[Any], folder: Path) -> Callable[[], object]:
    import duckdb

    link = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})
    table = f"read_parquet('{folder}/*.parquet')"
    return lambda: [link.execute(bare_sql(each, table)).fetchall() for each in asked]


def fill_postgres(cursor: Any, made: list[Any]) -> None:
    import io

    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    kept = ("day", "score", "comment_length", "validity", "program", *ATTRIBUTES)
    kinds = {"day": "date", "score": "smallint", "comment_length": "int"}
    layout = ", ".join(f'"{name}" {kinds.get(name, "text")}' for name in kept)
    cursor.execute("DROP TABLE IF EXISTS plain")
    cursor.execute(f"CREATE TEMP TABLE plain ({layout})")
    for file in made:
        text = io.BytesIO()
        table = pq.read_table(file.path, columns=list(kept)).select(list(kept))
        pc.write_csv(table, text, pc.WriteOptions(include_header=False))
        with cursor.copy("COPY plain FROM STDIN (FORMAT csv)") as copy:
            copy.write(text.getvalue())
    cursor.execute("CREATE INDEX ON plain (day)")
    cursor.execute("ANALYZE plain")


def measure(rows: int, *, with_postgres: bool) -> None:
    import django

    django.setup()
    from django.db import connection

    folder = Path(tempfile.mkdtemp(prefix="afterscore-bench-"))
    try:
        made = draw(folder, rows)
        size = sum(file.stat().st_size for file in folder.iterdir()) / 2**20
        print(f"{rows:>11,} answers, {size:,.0f} MiB of files")
        with connection.cursor() as cursor:
            if with_postgres:
                fill_postgres(cursor, made)
            for name, asked in questions().items():
                ours = best(lambda asked=asked: by_product(asked, made))
                bare = best(by_duckdb(asked, folder))
                line = f"  {name:<16} {ours * 1000:7.0f} ms   {ours / bare:4.2f} x bare DuckDB"
                if with_postgres:
                    slow = best(
                        lambda asked=asked: [
                            cursor.execute(bare_sql(each, "plain")) for each in asked
                        ]
                    )
                    line += f"   PostgreSQL {slow / ours:5.1f} x as long"
                print(line, flush=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"  memory of this process at its peak (drawing included): {peak:.2f} GiB")
    finally:
        shutil.rmtree(folder)


def main() -> None:
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "afterscore.config.settings"
    load = os.getloadavg()[0]
    print(f"Load before the start: {load:.1f} on {os.cpu_count()} cores")
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000, 10_000_000]
    for rows in sizes:
        measure(rows, with_postgres=rows <= 10_000_000)


if __name__ == "__main__":
    main()
