"""From a table of texts to counts: DuckDB counts, nobody judges here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import numpy as np

from afterscore.customers.importers.cells import CellError
from afterscore.domain import drivers, nps, scales
from afterscore.domain.alike import Sums
from afterscore.domain.drivers import Moments
from afterscore.domain.nps import Histogram, Tally
from afterscore.domain.scales import Missing, Scale
from afterscore.domain.windows import Window
from afterscore.insights.files import alike, amounts, days, guessing, leaving, spans
from afterscore.insights.files.guessing import SAMPLE, Columns, Sample, Unclear
from afterscore.insights.files.quoting import literal, quoted
from afterscore.insights.files.reading import TABLE, Source

PARTS = 20
LOOKED_AT = 50_000  # rows from the front, to see what a column holds
_EXAMPLES = 5
_AT_ONCE = 1_000  # rows in one statement
# Texts that people type to get past a field.
_SAYS_NOTHING = (
    "-", "--", "---", ".", "..", "...", "/", "?", "x", "n/a", "na", "none", "nothing", "no",
    "nope", "no comment", "no comments", "nil", "null", "nan", "keine", "nichts", "rien", "néant",
    "neant", "ras", "r.a.s", "r.a.s.", "aucun", "aucune", "nada", "ninguno",
)  # fmt: skip
_DAY = (
    "regexp_extract(trim({column}), "
    "'^[0-9]{{1,4}}\\s?[./-]\\s?[0-9]{{1,2}}\\s?[./-]\\s?[0-9]{{1,4}}')"
)
_NO_TIME = date(1970, 1, 2)  # computers write the beginning of their time where they know none


class Ambiguous(Exception):
    """Dates that can be read day first and month first; the message asks which."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A column of scores: numbers with how often, and cells without one by reason, with a few
    examples of each."""

    numbers: Counter[float]
    missing: Counter[Missing]
    examples: dict[Missing, list[str]]


@dataclass(slots=True)
class Counts:
    """`months` are by first day of the month, `days` first and last. `segments` are in the order of
    the columns; None stands for an empty cell. `alike_parts` are periods by the first of them."""

    histogram: Histogram
    missing: Counter[Missing]
    examples: dict[Missing, list[str]]
    spoken: Histogram | None = None
    says_nothing: int = 0  # of those who wrote something: "none", "-" and the like
    undated: int = 0
    days: tuple[date, date] | None = None
    by_day: dict[date, Histogram] = field(default_factory=dict)
    segments: list[dict[str | None, Histogram]] = field(default_factory=list)
    segment_days: list[dict[tuple[date, str | None], Histogram]] = field(default_factory=list)
    accounts: list[Tally] = field(default_factory=list)
    alike: Sums | None = None
    alike_segments: list[dict[str | None, Sums]] = field(default_factory=list)
    alike_periods: dict[Window, dict[date, Sums]] = field(default_factory=dict)
    alike_parts: dict[Window, dict[tuple[date, str | None], Sums]] = field(default_factory=dict)
    moments: list[Moments] = field(default_factory=list)
    incomplete: int = 0
    stayed: Histogram | None = None
    left: Histogram | None = None
    revenue: dict[int, tuple[int, float]] = field(default_factory=dict)
    repeated: tuple[str, int] | None = None  # a column of people, and rows of one seen before


def _own(name: str) -> str:
    """The column of the file, whatever the tables beside it call theirs."""
    return f"{TABLE}.{quoted(name)}"


def samples(source: Source) -> list[Sample]:
    """Of every column: how full it is, and different values from the front of the file."""
    known = ", ".join(
        f"count(*) FILTER (trim({quoted(name)}) <> ''), approx_count_distinct({quoted(name)})"
        for name in source.columns
    )
    figures = _row(source.connection, f"SELECT {known} FROM {TABLE}")
    source.connection.execute(f"CREATE TEMP TABLE front AS SELECT * FROM {TABLE} LIMIT {LOOKED_AT}")
    return [
        _sample(source, name, filled=figures[2 * place], different=figures[2 * place + 1])
        for place, name in enumerate(source.columns)
    ]


def _sample(source: Source, name: str, *, filled: int, different: int) -> Sample:
    column = quoted(name)
    rows = source.connection.execute(
        f"""SELECT trim({column}), count(*) FROM front WHERE trim({column}) <> ''
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {SAMPLE}"""
    ).fetchall()
    is_whole = len(rows) < SAMPLE and source.rows <= LOOKED_AT
    return Sample(name, dict(rows), filled, len(rows) if is_whole else max(different, len(rows)))


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = connection.execute(sql).fetchone()
    if row is None:
        raise LookupError(sql)
    return tuple(row)


def read_cells(source: Source, column: str) -> Cells:
    """Each different cell is read once, however often it stands there."""
    found = Cells(Counter(), Counter(), {})
    for text, times in _different(source, f"coalesce(trim({quoted(column)}), '')"):
        number = scales.number_in(text)
        if isinstance(number, Missing):
            _note(found, number, text, times)
        else:
            found.numbers[number] += times
    return found


def _note(cells: Cells, why: Missing, text: str, times: int) -> None:
    cells.missing[why] += times
    examples = cells.examples.setdefault(why, [])
    if why is not Missing.BLANK and len(examples) < _EXAMPLES:
        examples.append(text[:40])


def _different(source: Source, expression: str) -> list[tuple[str, int]]:
    return source.connection.execute(
        f"SELECT {expression}, count(*) FROM {TABLE} GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()


def date_order(sample: Sample) -> str:
    """In which order day, month and year stand; raises Ambiguous."""
    evidence = days.evidence(sample.values)
    if days.may_begin_with_the_year(sample.values):
        example = next(iter(sample.values))
        raise Ambiguous(
            f"It is open which figures of the dates in “{sample.name}” are the year, such as "
            f"{example}. Say which: --dates dmy, --dates mdy or --dates ymd."
        )
    if evidence and not evidence.order:
        raise Ambiguous(
            f"The dates in “{sample.name}” can be read in two ways, such as {evidence.example}. "
            "Say which: --dates dmy or --dates mdy."
        )
    return evidence.order or "ymd"


def count(source: Source, columns: Columns, *, scale: Scale, order: str, cells: Cells) -> Counts:
    """Everything that findings are made of; one pass over the file makes the table of answers."""
    cells = Cells(
        cells.numbers,
        Counter(cells.missing),
        {why: list(texts) for why, texts in cells.examples.items()},
    )
    connection = source.connection
    _map_scores(source, columns, scale, cells)
    has_days = _map_days(source, columns, order)
    _map_ratings(source, columns)
    _make_answers(connection, columns, mark=_decimal_mark(source, columns.revenue))
    counts = Counts(
        histogram=_histogram(connection, "SELECT score, count(*) FROM answers GROUP BY 1"),
        missing=cells.missing,
        examples=cells.examples,
    )
    _count_comments(connection, columns, counts)
    if has_days:
        _count_days(connection, counts)
    for place in range(len(columns.segments)):
        counts.segments.append(
            _histograms(connection, f"SELECT s{place}, score, count(*) FROM answers GROUP BY 1, 2")
        )
        if has_days:
            counts.segment_days.append(_by_month_and_value(connection, place))
    if columns.drivers:
        _count_drivers(source, columns, counts)
    _count_money(source, columns, counts)
    window = spans.choose(counts.by_day)[0] if counts.by_day else None
    alike.count_alike(connection, columns, counts, window=window)
    counts.repeated = _repeated(source)
    return counts


def _count_comments(
    connection: duckdb.DuckDBPyConnection, columns: Columns, counts: Counts
) -> None:
    if columns.comment:
        counts.spoken = _histogram(
            connection, "SELECT score, count(*) FROM answers WHERE spoken GROUP BY 1"
        )
        counts.says_nothing = _row(
            connection, "SELECT count(*) FILTER (says_nothing) FROM answers"
        )[0]


def _count_money(source: Source, columns: Columns, counts: Counts) -> None:
    """By account, who left, and what they pay. Raises Unclear where nothing of it can be read."""
    connection = source.connection
    if columns.account:
        counts.accounts = alike.accounts(connection)
    if columns.churn:
        counts.left, counts.stayed = (
            _histogram(
                connection, f"SELECT score, count(*) FROM answers WHERE churned = {side} GROUP BY 1"
            )
            for side in ("true", "false")
        )
        if sum(counts.histogram) and not sum(counts.left) + sum(counts.stayed):
            raise _nothing_in(source, columns.churn, "who left", "yes and no, or 1 and 0")
    if columns.revenue:
        rows = connection.execute(
            "SELECT score, count(revenue), coalesce(sum(revenue), 0) FROM answers GROUP BY 1"
        ).fetchall()
        counts.revenue = {int(score): (int(n), float(total)) for score, n, total in rows}
        if rows and not any(n for n, _ in counts.revenue.values()):
            raise _nothing_in(source, columns.revenue, "an amount", "1234.50 or € 1.234,50")


def _map_scores(source: Source, columns: Columns, scale: Scale, cells: Cells) -> None:
    """A table from each different cell to its score; whatever has none is added to the reasons."""
    mapped = []
    for text, times in _different(source, f"coalesce(trim({quoted(columns.score)}), '')"):
        number = scales.number_in(text)
        if isinstance(number, Missing):
            continue
        score = scales.score_of(number, scale)
        if isinstance(score, Missing):
            _note(cells, score, text, times)
        else:
            mapped.append((text, score))
    _table(source.connection, "score_of", "cell VARCHAR, score TINYINT", mapped)


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, layout: str, rows: Sequence[tuple[str, Any]]
) -> None:
    connection.execute(f"CREATE TABLE {name} ({layout})")
    for begin in range(0, len(rows), _AT_ONCE):
        values = ", ".join(
            f"({literal(text)}, '{meant}')" for text, meant in rows[begin : begin + _AT_ONCE]
        )
        connection.execute(f"INSERT INTO {name} VALUES {values}")


def _map_days(source: Source, columns: Columns, order: str) -> bool:
    if not columns.date:
        return False
    column = quoted(columns.date)
    figures = _DAY.format(column=column)
    mapped = []
    for text, _ in _different(source, f"coalesce(nullif({figures}, ''), trim({column}), '')"):
        try:
            day = days.read_day(text, order)
        except CellError:
            continue
        if day >= _NO_TIME:
            mapped.append((text, day))
    if not mapped:
        raise _nothing_in(source, columns.date, "a day", "2026-04-03, 3.4.2026 or April 2026")
    _table(source.connection, "day_of", "cell VARCHAR, day DATE", mapped)
    return True


def _nothing_in(source: Source, column: str, what: str, model: str) -> Unclear:
    """Of a column that holds nothing of what it was said to hold."""
    shown = _different(source, f"coalesce(trim({quoted(column)}), '')")
    cells = [f"“{text[:40]}”" for text, _ in shown if text][:_EXAMPLES]
    held = f"It holds cells such as {', '.join(cells)}." if cells else "All its cells are empty."
    return Unclear(f"No cell in “{column}” can be read as {what}, such as {model}. {held}")


def _map_ratings(source: Source, columns: Columns) -> None:
    """Of each rating, what its labels mean: "5 - very good". Bare numbers need no table."""
    for place, name in enumerate(columns.drivers):
        labels = source.connection.execute(
            f"SELECT DISTINCT trim({quoted(name)}) FROM {TABLE} "
            f"WHERE {_plain_number(quoted(name))} IS NULL AND {quoted(name)} IS NOT NULL "
            f"LIMIT {SAMPLE}"
        ).fetchall()
        read = [(text, scales.number_in(text)) for (text,) in labels]
        mapped = [each for each in read if not isinstance(each[1], Missing)]
        _table(source.connection, f"rating_{place}", "cell VARCHAR, number DOUBLE", mapped)


def _plain_number(column: str) -> str:
    return f"try_cast(replace(trim({column}), ',', '.') AS DOUBLE)"


def _decimal_mark(source: Source, column: str | None) -> str:
    """As the front of the file shows it."""
    if column is None:
        return ""
    cells = source.connection.execute(
        f"SELECT DISTINCT trim({quoted(column)}) FROM front WHERE trim({quoted(column)}) <> ''"
        f" LIMIT {SAMPLE}"
    ).fetchall()
    return amounts.decimal_mark(text for (text,) in cells)


def _make_answers(connection: duckdb.DuckDBPyConnection, columns: Columns, *, mark: str) -> None:
    """Only rows with a score; in the order of the file."""
    fields = ["score_of.score AS score"]
    joins = [f"JOIN score_of ON score_of.cell = coalesce(trim({_own(columns.score)}), '')"]
    if columns.date:
        column = _own(columns.date)
        figures = _DAY.format(column=column)
        fields.append("day_of.day AS day")
        joins.append(
            f"LEFT JOIN day_of ON day_of.cell = coalesce(nullif({figures}, ''), trim({column}), '')"
        )
    if columns.comment:
        cell = f"coalesce(trim({_own(columns.comment)}), '')"
        fields += [
            f"{cell} <> '' AS spoken",
            f"lower({cell}) IN {_SAYS_NOTHING} AS says_nothing",
        ]
    fields += [
        f"nullif(trim({_own(name)}), '') AS s{place}" for place, name in enumerate(columns.segments)
    ]
    if columns.account:
        fields.append(f"nullif(trim({_own(columns.account)}), '') AS account")
    for place, name in enumerate(columns.drivers):
        fields.append(f"coalesce({_plain_number(_own(name))}, rating_{place}.number) AS d{place}")
        joins.append(f"LEFT JOIN rating_{place} ON rating_{place}.cell = trim({_own(name)})")
    if columns.churn:
        fields.append(f"{leaving.expression(_own(columns.churn))} AS churned")
    if columns.revenue:
        cell = f"trim({_own(columns.revenue)})"
        fields.append(f"{amounts.expression(cell, mark)} AS revenue")
    connection.execute(
        f"CREATE TABLE answers AS SELECT {', '.join(fields)} FROM {TABLE} {' '.join(joins)}"
    )


def _count_days(connection: duckdb.DuckDBPyConnection, counts: Counts) -> None:
    counts.by_day = _histograms(
        connection, "SELECT day, score, count(*) FROM answers WHERE day IS NOT NULL GROUP BY 1, 2"
    )
    counts.undated = sum(counts.histogram) - sum(sum(each) for each in counts.by_day.values())
    if counts.by_day:
        counts.days = (min(counts.by_day), max(counts.by_day))


def _by_month_and_value(
    connection: duckdb.DuckDBPyConnection, place: int
) -> dict[tuple[date, str | None], Histogram]:
    rows = connection.execute(
        f"""SELECT CAST(date_trunc('month', day) AS DATE), s{place}, score, count(*) FROM answers
            WHERE day IS NOT NULL GROUP BY 1, 2, 3"""
    ).fetchall()
    return _gathered([((month, value), score, n) for month, value, score, n in rows])


def _repeated(source: Source) -> tuple[str, int] | None:
    """The first column that tells people apart, mostly, and in which some stand twice."""
    for name in [each for each in source.columns if guessing.tells_people_apart(each)]:
        cell = f"nullif(lower(trim({quoted(name)})), '')"
        filled, different = _row(
            source.connection, f"SELECT count({cell}), count(DISTINCT {cell}) FROM {TABLE}"
        )
        if filled / 2 <= different < filled:
            return name, filled - different
    return None


def _histogram(connection: duckdb.DuckDBPyConnection, sql: str) -> Histogram:
    counts = list(nps.empty_histogram())
    for score, times in connection.execute(sql).fetchall():
        counts[score] += times
    return tuple(counts)


def _histograms(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[Any, Histogram]:
    return _gathered(connection.execute(sql).fetchall())


def _gathered(rows: Sequence[tuple[Any, ...]]) -> dict[Any, Histogram]:
    found: dict[Any, list[int]] = {}
    for key, score, times in rows:
        found.setdefault(key, list(nps.empty_histogram()))[score] += times
    return {key: tuple(counts) for key, counts in found.items()}


def _count_drivers(source: Source, columns: Columns, counts: Counts) -> None:
    """Sums and products of complete answers, in parts drawn by the number of the row. Raises
    Unclear for a rating without a number."""
    connection = source.connection
    for place, name in enumerate(columns.drivers):
        if (
            sum(counts.histogram)
            and not _row(connection, f"SELECT count(d{place}) FROM answers")[0]
        ):
            raise _nothing_in(source, name, "a number", "4 or 4 - good")
    names = ["score", *(f"d{place}" for place in range(len(columns.drivers)))]
    pairs = [(a, b) for place, a in enumerate(names) for b in names[place:]]
    sums = ", ".join(
        [f"sum({name}::DOUBLE)" for name in names]
        + [f"sum({a}::DOUBLE * {b}::DOUBLE)" for a, b in pairs]
    )
    whole = " AND ".join(f"{name} IS NOT NULL" for name in names[1:])
    rows = connection.execute(
        f"""SELECT count(*), {sums} FROM answers WHERE {whole}
            GROUP BY hash(rowid) % {PARTS} ORDER BY hash(rowid) % {PARTS}"""
    ).fetchall()
    size = len(names)
    upper = np.triu_indices(size)
    for row in rows:
        products = np.zeros((size, size))
        products[upper] = row[1 + size :]
        products = products + np.triu(products, 1).T
        counts.moments.append(drivers.Moments(int(row[0]), np.array(row[1 : 1 + size]), products))
    counts.incomplete = sum(counts.histogram) - sum(each.n for each in counts.moments)
