"""Questions as Ibis expressions over one table, `answers`: sealed files and tail together.

An expression is compiled once for each engine and remembered: Ibis takes 2 to 8 ms for it, the
answer itself often less.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial
from typing import Any

from afterscore.domain import nps
from afterscore.domain.scanners import Validity
from afterscore.insights.analyses.asking import Condition, Question
from afterscore.insights.analyses.dimensions import (
    CENT,
    ISO_DAY,
    KINDS,
    NUMBER,
    UNITS,
    Kind,
    bands,
    column_of,
)
from afterscore.insights.analyses.passing import Pass
from afterscore.insights.mart import columns
from afterscore.insights.mart.columns import ATTRIBUTE_PATHS
from afterscore.kit.errors import Refused

_REMEMBERED = 512
_ALWAYS = ("day", "score", "validity")
_UNITS = {"day": "D", "week": "W", "month": "M", "quarter": "Q"}


def columns_of(question: Question, *extra: str) -> tuple[str, ...]:
    """The columns of the mart that the question needs, in a steady order."""
    keys = [*question.by, *(condition.dimension for condition in question.conditions)]
    return tuple(sorted({*_ALWAYS, *extra, *(column_of(key) for key in keys)}))


@dataclass(frozen=True, slots=True)
class Grouping:
    """How the answers of a pass are put together before anything is added up: by keys and score,
    and by keys and account, or lot of accounts."""

    base: Question
    in_lots: bool

    @property
    def tables(self) -> tuple[str, ...]:
        told = {SCORES: self.base.tells_scores, ACCOUNTS: self.base.tells_voices}
        return tuple(name for name, is_told in told.items() if is_told)


SCORES, ACCOUNTS = "counted_scores", "counted_accounts"


@lru_cache(_REMEMBERED)
def grouped_sql(grouping: Grouping, table: str, dialect: str) -> str:
    """Rows of what `cells_sql` calls the table."""
    found = _scores(grouping.base) if table == SCORES else _accounts_apart(grouping)
    return _compile(found, dialect)


@lru_cache(_REMEMBERED)
def cells_sql(asked: Pass, *, in_lots: bool, beside: bool, dialect: str) -> str:
    """Rows of: the place of a question, whether these are of accounts, the keys of the base (empty,
    by which the question does not tell apart), then twelve numbers. Those of a cell are how many
    answers there are of each score, and how many with a comment. Those of its accounts, or of
    the lots of them, are those of `alike.Sums`, but for the extremes where there is a histogram to
    tell them. With `beside`, what tables of `grouped_sql` hold of other answers counts as well.
    """
    return _compile(_cells(asked, Grouping(asked.base, in_lots), beside=beside), dialect)


@lru_cache(_REMEMBERED)
def accounts_sql(question: Question, currency: str, dialect: str) -> str:
    """Rows of: the keys, how many accounts, their revenue in cents."""
    return _compile(_accounts(question, currency), dialect)


@lru_cache(_REMEMBERED)
def rows_sql(question: Question, limit: int, after: tuple[int, int] | None, dialect: str) -> str:
    """Ids, newest first, before the answer with this instant and id."""
    return _compile(_rows(question, limit, after), dialect)


@lru_cache(_REMEMBERED)
def values_sql(keys: tuple[str, ...], most: int, dialect: str, *, at_once: bool) -> str:
    """Rows of: the place of a dimension among the keys, a value of it as text, how many answers
    have it; then of all values of the dimension how many there are, how many of them are numbers
    and how many dates, of attributes. The most frequent values come, and the answers without one.

    However many dimensions, it is one question: for few answers one that turns each of them into
    a row a dimension, `at_once`; for many one that goes through a column at a time.
    """
    counted = _counted_at_once(keys) if at_once else _counted_apart(keys)
    return _compile(_values(keys, counted, most), dialect)


def _compile(expression: Any, dialect: str) -> str:
    import ibis

    return str(ibis.to_sql(expression, dialect=dialect))


COMMENT_COLUMNS = ("comment_length",)
ACCOUNT_COLUMNS = ("account", "revenue", "account.currency")
VOICE_COLUMNS = ("balance", "lot", "voice")
ROW_COLUMNS = ("id", "received")
NUMBERS = len(nps.empty_histogram()) + 1


def _cells(asked: Pass, grouping: Grouping, *, beside: bool) -> Any:
    import ibis

    base, keys = asked.base, [f"key_{place}" for place, _key in enumerate(asked.base.by)]
    scores = _scores(base) if base.tells_scores else None
    accounts = _accounts_apart(grouping) if base.tells_voices else None
    kinds = accounts if scores is None else scores
    if beside and scores is not None:
        scores = _and_counted(scores, SCORES)
    if beside and accounts is not None:
        accounts = _summed(_and_counted(accounts, ACCOUNTS), keys)
    parts = []
    for place, question in enumerate(asked.questions):
        mine = [f"key_{base.by.index(key)}" for key in question.by]
        line_up = partial(_lined_up, place=place, keys=keys, kinds=kinds)
        if scores is not None:
            parts.append(line_up(_histograms(scores, mine), are_accounts=False))
        if question.tells_voices:
            parts.append(line_up(_voices(accounts, mine), are_accounts=True))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _and_counted(found: Any, name: str) -> Any:
    import ibis

    return ibis.union(found, ibis.table(found.schema(), name=name))


def _scores(base: Question) -> Any:
    import ibis
    from ibis import _

    kept, keys = _apart(_kept(base, *(COMMENT_COLUMNS if base.with_comments else ())), base.by)
    commented = _.count(where=_.comment_length > 0)
    return kept.group_by(*keys, "score").agg(
        answers=_.count(),
        commented=commented if base.with_comments else ibis.null("int64"),
    )


def _accounts_apart(grouping: Grouping) -> Any:
    """From a table of its own: of one that is read twice DuckDB would keep all rows meanwhile."""
    from ibis import _

    base = grouping.base
    kept, keys = _apart(_kept(base, *VOICE_COLUMNS), base.by)
    named = kept.mutate(whose=kept.lot if grouping.in_lots else kept.voice)
    sums = {"n": _.count(), "b": _.balance.sum().cast("int64")}
    if not base.tells_scores:
        sums["extremes"] = _.balance.abs().sum().cast("int64")
    return named.group_by(*keys, "whose").agg(**sums)


def _lined_up(found: Any, *, place: int, keys: list[str], kinds: Any, are_accounts: bool) -> Any:
    """With all columns that any part has, in one order."""
    import ibis

    told = {"place": ibis.literal(place, "int16"), "are_accounts": ibis.literal(are_accounts)}
    for key in keys:
        told[key] = found[key] if key in found.columns else ibis.null(kinds[key].type())
    names = [name for name in found.columns if name not in keys]
    numbers = [found[name].cast("int64") for name in names]
    numbers += [ibis.null("int64")] * (NUMBERS - len(numbers))
    return found.select(**told, **{f"number_{n}": number for n, number in enumerate(numbers)})


def _histograms(scores: Any, keys: list[str]) -> Any:
    from ibis import _

    together = scores.group_by(keys) if keys else scores
    each = {
        f"score_{score}": _.answers.sum(where=_.score == score).fill_null(0)
        for score in range(len(nps.empty_histogram()))
    }
    return together.agg(**each, commented=_.commented.sum())


def _voices(accounts: Any, keys: list[str]) -> Any:
    import ibis
    from ibis import _

    is_told = len(accounts.columns) == len([*keys, "whose", *_sums(accounts)])
    each = accounts if is_told else _summed(accounts, keys)
    together = each.group_by(keys) if keys else each
    has_extremes = "extremes" in accounts.columns
    return together.agg(
        answers=_.n.sum(),
        balance=_.b.sum(),
        all_extremes=_.extremes.sum() if has_extremes else ibis.null("int64"),
        squared_answers=(_.n * _.n).sum(),
        squared_balances=(_.b * _.b).sum(),
        products=(_.n * _.b).sum(),
        accounts=_.count(),
        largest=_.n.max(),
    )


def _summed(accounts: Any, keys: list[str]) -> Any:
    sums = {name: accounts[name].sum().cast("int64") for name in _sums(accounts)}
    return accounts.group_by(*keys, "whose").agg(**sums)


def _sums(accounts: Any) -> list[str]:
    return [name for name in ("n", "b", "extremes") if name in accounts.columns]


def _accounts(question: Question, currency: str) -> Any:
    import ibis
    from ibis import _

    kept, keys = _apart(_kept(question, *ACCOUNT_COLUMNS), question.by)
    is_ours = kept["account.currency"].fill_null(currency) == currency
    paid = kept.filter(kept.account.notnull()).mutate(
        paid=ibis.ifelse(is_ours, kept.revenue, ibis.null("int64"))
    )
    each = paid.group_by(*keys, "account").agg(paid=_.paid.max())
    together = each.group_by(keys) if keys else each
    return together.agg(accounts=_.count(), revenue=_.paid.sum().cast("int64"))


def _rows(question: Question, limit: int, after: tuple[int, int] | None) -> Any:
    import ibis

    kept = _kept(question, *ROW_COLUMNS)
    if after is not None:
        received, pk = after
        is_older = (kept.received < received) | ((kept.received == received) & (kept.id < pk))
        kept = kept.filter(is_older)
    return kept.order_by(ibis.desc("received"), ibis.desc("id")).limit(limit).select("id")


def _counted_apart(keys: tuple[str, ...]) -> Any:
    import ibis

    return ibis.union(*(_counted(place, key) for place, key in enumerate(keys)))


def _counted_at_once(keys: tuple[str, ...]) -> Any:
    """Themes by themselves: an answer has several."""
    import ibis
    from ibis import _

    single = {place: key for place, key in enumerate(keys) if key != "theme"}
    kept = _kept(Question(by=tuple(single.values())))
    told = [
        ibis.struct({"place": _place(place), "value": _key(kept, key).cast("string")})
        for place, key in single.items()
    ]
    rows = kept.select(told=ibis.array(told).unnest())
    rows = rows.select(place=rows.told["place"], value=rows.told["value"])
    counted = rows.group_by("place", "value").agg(answers=_.count())
    several = [_counted(place, key) for place, key in enumerate(keys) if place not in single]
    return ibis.union(counted, *several) if several else counted


def _counted(place: int, key: str) -> Any:
    from ibis import _

    kept, names = _apart(_kept(Question(by=(key,))), (key,))
    each = kept.group_by(names).agg(answers=_.count())
    return each.select(place=_place(place), value=each.key_0.cast("string"), answers=each.answers)


def _place(place: int) -> Any:
    import ibis

    return ibis.literal(place, "int16")


def _values(keys: tuple[str, ...], counted: Any, most: int) -> Any:
    import ibis
    from ibis import _

    every = ibis.window(group_by="place")
    attributes = [place for place, key in enumerate(keys) if key.startswith(ATTRIBUTE_PATHS)]
    of_attributes = counted.place.isin(attributes) if attributes else ibis.literal(value=False)
    such = {
        name: counted.value.count(where=of_attributes & _is_such(counted.value, pattern)).over(
            every
        )
        for name, pattern in {"numbers": NUMBER, "dates": ISO_DAY}.items()
    }
    frequent = ibis.window(group_by="place", order_by=[ibis.desc("answers"), "value"])
    ranked = counted.mutate(
        rank=ibis.row_number().over(frequent), many=counted.value.count().over(every), **such
    )
    known = ranked.filter((_.rank < most) | _.value.isnull())
    return known.select("place", "value", "answers", "many", "numbers", "dates")


def _kept(question: Question, *extra: str) -> Any:
    """The counted answers for which all conditions hold."""
    import ibis

    fields = {name: columns.column(name).kind for name in columns_of(question, *extra)}
    answers = ibis.table(fields, name="answers")
    kept = [answers.validity == Validity.COUNTED.value]
    if question.since:
        kept.append(answers.day >= question.since)
    if question.until:
        kept.append(answers.day < question.until)
    kept += [_holds(answers, condition) for condition in question.conditions]
    return answers.filter(*kept)


def _apart(kept: Any, by: tuple[str, ...]) -> tuple[Any, list[str]]:
    """The answers with a column for each key: an answer stands under each of its themes."""
    names = [f"key_{place}" for place, _key in enumerate(by)]
    return kept.mutate(**{n: _key(kept, k) for n, k in zip(names, by, strict=True)}), names


def _key(answers: Any, key: str) -> Any:
    import ibis

    if key in UNITS:
        day = answers.day
        return day if key == "day" else day.truncate(_UNITS[key]).cast("date")
    if key == "theme":
        nothing = ibis.array([ibis.null("string")])
        return ibis.ifelse(answers.themes.length() == 0, nothing, answers.themes).unnest()
    made = _MADE.get(key)
    return made(answers) if made else answers[column_of(key)]


def _group(answers: Any) -> Any:
    import ibis

    whose = [(answers.score.isin(nps.scores_of(group)), group.value) for group in nps.Group]
    return ibis.cases(*whose)


def _commented(answers: Any) -> Any:
    import ibis

    return ibis.ifelse(answers.comment_length > 0, "yes", "no")


def _band(answers: Any) -> Any:
    import ibis

    begun = [(answers.revenue >= low * CENT, key) for key, low, _high in reversed(bands())]
    return ibis.cases(*begun)


_MADE: dict[str, Callable[[Any], Any]] = {
    "group": _group,
    "commented": _commented,
    "revenue_band": _band,
}


def _holds(answers: Any, condition: Condition) -> Any:
    if condition.operator in ("at_least", "at_most"):
        return _within(answers, condition)
    if condition.dimension == "theme":
        return _theme_holds(answers, condition)
    value = _key(answers, condition.dimension)
    if condition.operator == "is_empty":
        return value.isnull()
    values = _typed(condition)
    if condition.operator == "is_not":
        return value.isnull() | value.notin(values)
    return value.isin(values)


def _theme_holds(answers: Any, condition: Condition) -> Any:
    import ibis

    if condition.operator == "is_empty":
        return answers.themes.length() == 0
    spoken = ibis.or_(*(answers.themes.contains(value) for value in condition.values))
    return ~spoken if condition.operator == "is_not" else spoken


def _typed(condition: Condition) -> list[Any]:
    if not condition.values:
        raise Refused("A condition names at least one value.", field=condition.dimension)
    if condition.dimension in UNITS:
        return [_day(condition, value) for value in condition.values]
    if condition.dimension == "account.recurring_revenue":
        return [_cents(condition, value) for value in condition.values]
    return list(condition.values)


def _within(answers: Any, condition: Condition) -> Any:
    value, limit = _measured(answers, condition)
    return value >= limit if condition.operator == "at_least" else value <= limit


def _measured(answers: Any, condition: Condition) -> tuple[Any, Any]:
    """What is compared with the limit, and the limit: days, cents, ISO texts or numbers."""
    import ibis

    key, limit = condition.dimension, _limit(condition)
    if key in UNITS:
        return _key(answers, key), _day(condition, limit)
    if key == "account.recurring_revenue":
        return answers.revenue, _cents(condition, limit)
    if not key.startswith(ATTRIBUTE_PATHS) and KINDS.get(key) is not Kind.DATE:
        raise Refused("This has no order: choose values instead.", field=key)
    text = answers[column_of(key)]
    if re.fullmatch(ISO_DAY, limit):
        return _where(text, ISO_DAY), limit
    if re.fullmatch(NUMBER, limit):
        return _where(text, NUMBER).cast("float64"), ibis.literal(limit).cast("float64")
    raise Refused(f"“{limit}” is neither a number nor a date such as 2026-05-31.", field=key)


def _where(text: Any, pattern: str) -> Any:
    import ibis

    return ibis.ifelse(_is_such(text, pattern), text, ibis.null("string"))


def _is_such(text: Any, pattern: str) -> Any:
    # "$" stands for the end to DuckDB, and also for a last line break to Spark.
    return text.re_search(pattern) & ~text.contains("\n")


def _limit(condition: Condition) -> str:
    if len(condition.values) != 1:
        raise Refused("A limit is one value.", field=condition.dimension)
    return condition.values[0]


def _day(condition: Condition, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refused(f"“{value}” is not a date such as 2026-05-31.", field="day") from error


def _cents(condition: Condition, value: str) -> int:
    if not re.fullmatch(NUMBER, value):
        raise Refused(f"“{value}” is not an amount such as 1200.50.", field=condition.dimension)
    return int((Decimal(value) * CENT).to_integral_value(ROUND_HALF_UP))
