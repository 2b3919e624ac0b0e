"""Whether a person matches a condition.

A missing value (absent, None, empty, or not of the field's kind) fails every test except `is_not`,
`not_in` and `known: false`. So a test is true or false, never unknown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import assert_never

from afterscore.domain.segments.grammar import (
    All,
    Any,
    Condition,
    Not,
    Operator,
    Scalar,
    Test,
)
from afterscore.domain.segments.values import as_date, as_number

_ORDERS: Mapping[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.AT_LEAST: ge,
    Operator.AT_MOST: le,
    Operator.ABOVE: gt,
    Operator.BELOW: lt,
}
_TRUE = frozenset({"true", "yes"})
_FALSE = frozenset({"false", "no"})


def matches(condition: Condition, facts: Mapping[str, object], today: date) -> bool:
    """Judge facts, keyed by field name ("account.plan", "contact.attribute.seats").

    Texts are compared without regard to case and to spaces around them. `today` is where
    `within_days` counts from, both ends included.
    """
    match condition:
        case Test():
            return _passes(condition, facts.get(condition.field), today)
        case Not():
            return not matches(condition.condition, facts, today)
        case All():
            return all(matches(inner, facts, today) for inner in condition.conditions)
        case Any():
            return any(matches(inner, facts, today) for inner in condition.conditions)
        case _:
            assert_never(condition)


def _passes(test: Test, fact: object, today: date) -> bool:
    match test.operator, test.value:
        case Operator.KNOWN, wanted:
            return (_folded(fact) is not None) == wanted
        case Operator.IS, wanted:
            return _equal(fact, wanted)
        case Operator.IS_NOT, unwanted:
            return not _equal(fact, unwanted)
        case Operator.IN, tuple(choices):
            return any(_equal(fact, choice) for choice in choices)
        case Operator.NOT_IN, tuple(choices):
            return not any(_equal(fact, choice) for choice in choices)
        case ((Operator.CONTAINS | Operator.STARTS_WITH), str(part)):
            return _has_part(test.operator, _folded(fact), fold(part))
        case Operator.WITHIN_DAYS, int(days):
            return _within(as_date(fact), days, today)
        case Operator.BETWEEN, (low, high):
            return _ordered(Operator.AT_LEAST, fact, low) and _ordered(Operator.AT_MOST, fact, high)
        case operator, (Decimal() | date()) as limit:
            return _ordered(operator, fact, limit)
    raise ValueError(f"{test} was not made by parse")


def fold(text: str) -> str:
    """The form in which two texts are the same."""
    return unicodedata.normalize("NFC", text.strip().casefold())


def _folded(fact: object) -> str | None:
    """A fact as comparable text; None if it is missing."""
    if isinstance(fact, bool):
        return "true" if fact else "false"
    if isinstance(fact, str):
        return fold(fact) or None
    if isinstance(fact, float) and fact != fact:  # noqa: PLR0124 - NaN alone differs from itself
        return None
    return str(fact) if isinstance(fact, int | float | Decimal | date) else None


def _equal(fact: object, value: object) -> bool:
    match value:
        case bool():
            return _folded(fact) in (_TRUE if value else _FALSE)
        case str():
            return _folded(fact) == fold(value)
        case Decimal():
            return as_number(fact) == value
        case date():
            return as_date(fact) == value
    return False


def _has_part(operator: Operator, whole: str | None, part: str) -> bool:
    if whole is None:
        return False
    return part in whole if operator is Operator.CONTAINS else whole.startswith(part)


def _within(day: date | None, days: int, today: date) -> bool:
    if day is None:
        return False
    first, last = sorted((0, days))
    return first <= (day - today) // timedelta(days=1) <= last


def _ordered(operator: Operator, fact: object, limit: Scalar) -> bool:
    if isinstance(limit, Decimal):
        number = as_number(fact)
        return number is not None and _ORDERS[operator](number, limit)
    day = as_date(fact)
    if day is None or not isinstance(limit, date):
        return False
    # The number of a day orders as the day does.
    return _ORDERS[operator](Decimal(day.toordinal()), Decimal(limit.toordinal()))
