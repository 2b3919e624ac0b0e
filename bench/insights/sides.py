"""The same questions, asked in four ways; each gives what it found in one common form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial, reduce
from itertools import count
from operator import and_
from typing import TYPE_CHECKING, Any, Literal

from bench.insights import product

if TYPE_CHECKING:
    from afterscore.domain.alike import Sums
    from afterscore.domain.nps import Tally
    from afterscore.insights.analyses import Question

Rows = list[tuple[Any, ...]]
_changes = count(1)
SumsOver = Literal["as the product", "each account", "none"]
Answer = list[tuple[Any, Any]]
"""For each question what its histograms come from, and what its sums over accounts; None where
nobody asked for them."""


@dataclass(frozen=True, slots=True)
class Found:
    """By keys, in one common form: histograms, in which one score stands for all of its group where
    nobody asked for scores; sums over accounts."""

    counts: list[tuple[Any, ...]]
    sums: dict[tuple[str, ...], Sums]


def by_product(
    calls: product.Calls, job: dict[str, Any], *, after_a_change: bool = False
) -> Callable[[], Any]:
    """What pages call: catalogue, changes and tail of PostgreSQL, files, cells. What was counted
    before is forgotten; or another change of an answer is noted each time, and the product knows by
    itself what still holds. The engine is seen to be asked."""
    from afterscore.insights import analyses, engines
    from afterscore.insights.analyses.remembering import memory
    from afterscore.insights.models import ChangedAnswer
    from afterscore.workspaces import queries as workspaces

    workspace = workspaces.get_workspace(slug=job["slug"])
    asked = _counted(type(engines.choose()))

    def ask() -> Any:
        if after_a_change:
            ChangedAnswer.objects.create(workspace=workspace, response_key=-next(_changes))
        else:
            memory.forget()
        before = len(asked)
        found = [
            cells
            for call in calls
            for cells in analyses.count_many(workspace=workspace, questions=call, now=product.NOW)
        ]
        if len(asked) == before:
            raise AssertionError("The engine was not asked.")
        return found

    if after_a_change:
        ask()  # what it is about was asked a moment ago
    return ask


@cache
def _counted(engine: Any) -> list[None]:
    """Grows by one whenever the engine is asked."""
    asked: list[None] = []
    rows = engine.rows

    def counted(self: Any, **question: Any) -> Any:
        asked.append(None)
        return rows(self, **question)

    engine.rows = counted
    return asked


def of_product(found: Any) -> list[Found]:
    return [
        Found(
            sorted((tuple(map(_text, c.keys)), c.scores or _standing(c.groups)) for c in cells),
            {tuple(map(_text, c.keys)): c.voices for c in cells if c.voices},
        )
        for cells in found
    ]


def by_duckdb(
    calls: product.Calls, job: dict[str, Any], *, sums: SumsOver = "as the product"
) -> Any:
    """With everything that makes DuckDB fast for the product, too."""
    import duckdb

    link = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})
    link.execute("SET parquet_metadata_cache = true")
    table = f"read_parquet({job['paths']})"
    asked = _by_hand(calls, table, in_lots=job["in_lots"] and sums == "as the product")
    if sums == "none":
        asked = [(counts_sql(each, table), None) for call in calls for each in call]
    return lambda: [[each and link.execute(each).fetchall() for each in both] for both in asked]


def by_postgres(calls: product.Calls, job: dict[str, Any]) -> Callable[[], Any]:
    from django.db import connection

    cursor = connection.cursor()

    def ask(sql: str) -> Any:
        cursor.execute(sql)
        return cursor.fetchall()

    asked = _by_hand(calls, job["table"])
    return lambda: [[each and ask(each) for each in both] for both in asked]


def _by_hand(
    calls: product.Calls, table: str, *, in_lots: bool = False
) -> list[tuple[str | None, str | None]]:
    """As somebody would write it: one query for histograms, where they are asked for, and one for
    sums over accounts, or over lots of them."""
    return [
        (
            counts_sql(question, table) if question.tells_scores else None,
            sums_sql(question, table, in_lots=in_lots) if question.tells_voices else None,
        )
        for call in calls
        for question in call
    ]


DETRACTOR, PASSIVE, PROMOTER = 0, 7, 9
GROUP = (
    f"CASE WHEN score >= {PROMOTER} THEN {PROMOTER} "
    f"WHEN score >= {PASSIVE} THEN {PASSIVE} ELSE {DETRACTOR} END"
)


def counts_sql(question: Question, table: str) -> str:
    keys, where = _keys(question), _where(question)
    score = "score" if question.tells_scores else GROUP
    return (
        f"SELECT {', '.join([*keys, score])}, count(*) FROM {table} "
        f"WHERE {where} GROUP BY {_places(len(keys) + 1)}"
    )


def sums_sql(question: Question, table: str, *, in_lots: bool) -> str:
    keys, where = _keys(question), _where(question)
    named = [f"{key} AS key_{place}" for place, key in enumerate(keys)]
    names = [f"key_{place}" for place in range(len(keys))]
    each = (
        f"SELECT {', '.join([*named, 'lot' if in_lots else 'voice'])}, count(*) AS n, "
        "count(*) FILTER (WHERE score >= 9) AS up, count(*) FILTER (WHERE score <= 6) AS down "
        f"FROM {table} WHERE {where} GROUP BY {_places(len(keys) + 1)}"
    )
    sums = (
        "sum(n), sum(up - down), sum(up + down), sum(n * n), sum((up - down) * (up - down)), "
        "sum(n * (up - down)), count(*), max(n)"
    )
    by = f" GROUP BY {', '.join(names)}" if names else ""
    return f"SELECT {', '.join([*names, sums])} FROM ({each}) AS each_account{by}"


def _keys(question: Question) -> list[str]:
    return [f"date_trunc('{key}', day)" if _is_unit(key) else f'"{key}"' for key in question.by]


def _where(question: Question) -> str:
    where = ["validity = 'counted'"]
    if question.since:
        where.append(f"day >= '{question.since}'")
    if question.until:
        where.append(f"day < '{question.until}'")
    for condition in question.conditions:
        if condition.operator != "is":
            raise NotImplementedError(condition.operator)
        values = ", ".join(f"'{value}'" for value in condition.values)
        where.append(f'"{condition.dimension}" IN ({values})')
    return " AND ".join(where)


def _places(many: int) -> str:
    return ", ".join(str(place + 1) for place in range(many))


def of_rows(found: Any) -> list[Found]:
    told = []
    for counts, rows in found:
        sums = _summed(rows or ())
        told.append(Found(_folded(counts) if counts else _standing_for(sums), sums))
    return told


def _standing_for(sums: dict[tuple[str, ...], Sums]) -> list[Any]:
    return sorted((keys, _standing(each.groups)) for keys, each in sums.items())


def _standing(groups: Tally) -> tuple[int, ...]:
    """A histogram in which the lowest score of a group stands for all of it."""
    counts = [0] * 11
    counts[DETRACTOR], counts[PASSIVE] = groups.detractors, groups.passives
    counts[PROMOTER] = groups.promoters
    return tuple(counts)


def by_pandas(calls: product.Calls, job: dict[str, Any]) -> Callable[[], Any]:
    """Reads the columns, texts as categories, and groups: as a notebook would."""
    questions = [question for call in calls for question in call]

    def ask() -> Any:
        frame = _frame(questions, job["paths"])
        return [_grouped(frame, question) for question in questions]

    return ask


def _frame(questions: Iterable[Question], paths: list[str]) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    questions = list(questions)
    names = {"day", "score", "validity", "voice"}
    for question in questions:
        names |= {key for key in question.by if not _is_unit(key)}
        names |= {condition.dimension for condition in question.conditions}
    schema = pq.read_schema(paths[0])
    texts = [name for name in names if schema.field(name).type == pa.string()]
    first = [question.since for question in questions if question.since]
    within = [("day", ">=", min(first))] if len(first) == len(questions) else None
    table = pq.read_table(paths, columns=sorted(names), filters=within, read_dictionary=texts)
    return table.unify_dictionaries().to_pandas(date_as_object=False)


def _grouped(frame: Any, question: Question) -> tuple[Rows | None, Rows | None]:
    kept = [frame["validity"] == "counted"]
    if question.since:
        kept.append(frame["day"] >= question.since.isoformat())
    if question.until:
        kept.append(frame["day"] < question.until.isoformat())
    kept += [frame[each.dimension].isin(each.values) for each in question.conditions]
    rows = frame[reduce(and_, kept)]
    keys = [
        rows["day"].dt.to_period(_PERIODS[key]).dt.start_time if _is_unit(key) else rows[key]
        for key in question.by
    ]
    sums = _sums_of(rows, keys) if question.tells_voices else None
    if not question.tells_scores:
        return None, sums
    counted = rows.groupby([*keys, rows["score"]], observed=True, dropna=False).size()
    counts = [
        (*(key if isinstance(key, tuple) else (key,)), int(answers))
        for key, answers in zip(counted.index, counted, strict=True)
    ]
    return counts, sums


def _sums_of(rows: Any, keys: list[Any]) -> Rows:
    up, down = rows["score"] >= 9, rows["score"] <= 6
    numbers = {"n": 1, "b": up.astype("int64") - down, "e": (up | down).astype("int64")}
    asked = rows[["voice"]].assign(**numbers)
    whose = [key.rename(f"key_{place}") for place, key in enumerate(keys)]
    each = asked.groupby([*whose, rows["voice"]], observed=True, dropna=False)[[*numbers]].sum()
    each = each.assign(nn=each.n**2, bb=each.b**2, nb=each.n * each.b, one=1, largest=each.n)
    how = dict.fromkeys(("n", "b", "e", "nn", "bb", "nb", "one"), "sum") | {"largest": "max"}
    if not keys:
        return [tuple(int(value) for value in each.agg(how))]
    names = [key.name for key in whose]
    together = each.groupby(level=names, observed=True, dropna=False).agg(how)
    return [
        (*(key if isinstance(key, tuple) else (key,)), *map(int, values))
        for key, values in zip(together.index, together.to_numpy(), strict=True)
    ]


_PERIODS = {"day": "D", "week": "W", "month": "M", "quarter": "Q"}


def _is_unit(key: str) -> bool:
    return key in _PERIODS


def _folded(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    cells: dict[tuple[Any, ...], list[int]] = {}
    for *keys, score, answers in rows:
        cells.setdefault(tuple(map(_text, keys)), [0] * 11)[score] += answers
    return sorted((keys, tuple(histogram)) for keys, histogram in cells.items())


def _summed(rows: Iterable[tuple[Any, ...]]) -> dict[tuple[str, ...], Sums]:
    from afterscore.domain.alike import Sums

    return {tuple(map(_text, row[:-8])): Sums(*map(int, row[-8:])) for row in rows if row[-8]}


def _text(key: Any) -> str:
    return str(key)[:10] if hasattr(key, "year") else str(key)


SIDES: dict[str, tuple[Callable[[product.Calls, dict[str, Any]], Callable[[], Any]], Any]] = {
    "product": (by_product, of_product),
    "after a change": (partial(by_product, after_a_change=True), of_product),
    "DuckDB": (by_duckdb, of_rows),
    "DuckDB, each account": (partial(by_duckdb, sums="each account"), of_rows),
    "DuckDB, histograms alone": (partial(by_duckdb, sums="none"), of_rows),
    "PostgreSQL": (by_postgres, of_rows),
    "pandas": (by_pandas, of_rows),
}


def fill_postgres(table: str, paths: list[str]) -> None:
    """The same columns in a plain table, with an index by day and one by wave."""
    import adbc_driver_postgresql.dbapi as adbc
    import pyarrow as pa
    import pyarrow.parquet as pq
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    given = connection.get_connection_params()
    target = make_conninfo("", **{k: given[k] for k in ("host", "user", "dbname") if k in given})
    names = pq.read_schema(paths[0]).names
    names = [name for name in names if name not in {"themes", "received", "owner"}]
    with connection.cursor() as cursor:
        kinds = {pa.string(): "text", pa.int64(): "bigint", pa.int32(): "int"}
        kinds |= {pa.int16(): "smallint", pa.date32(): "date"}
        schema = pq.read_schema(paths[0])
        layout = ", ".join(f'"{name}" {kinds[schema.field(name).type]}' for name in names)
        cursor.execute(f"CREATE UNLOGGED TABLE {table} ({layout})")
    with adbc.connect(target) as link, link.cursor() as copier:
        for path in paths:
            copier.adbc_ingest(table, pq.read_table(path, columns=names), mode="append")
        link.commit()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX ON {table} (day)")
        cursor.execute(f"CREATE INDEX ON {table} (wave)")
        cursor.execute(f"VACUUM ANALYZE {table}")


def drop_postgres(table: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {table}")
