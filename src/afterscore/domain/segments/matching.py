"""Whether a person matches a condition.

A missing value (absent, None, empty, or no single value) fails every test except `is_not`,
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
    Test,
    Value,
)
from afterscore.domain.segments.values import as_date, as_number, rank

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
    match test.operator:
        case Operator.KNOWN:
            return (_folded(fact) is not None) == test.value
        case Operator.IS_NOT:
            return not _equal(fact, test.value)
        case Operator.NOT_IN:
            return not _holds(Operator.IN, test.value, fact, today)
        case _:
            return _holds(test.operator, test.value, fact, today)


def _holds(operator: Operator, value: Value, fact: object, today: date) -> bool:
    match operator, value:
        case Operator.IS, _:
            return _equal(fact, value)
        case Operator.IN, tuple(choices):
            return any(_equal(fact, choice) for choice in choices)
        case ((Operator.CONTAINS | Operator.STARTS_WITH), str(part)):
            return _has_part(operator, _folded(fact), fold(part))
        case Operator.WITHIN_DAYS, int(days):
            return _within(as_date(fact), days, today)
        case Operator.BETWEEN, (low, high):
            return _ordered(Operator.AT_LEAST, fact, low) and _ordered(Operator.AT_MOST, fact, high)
        case _:
            return _ordered(operator, fact, value)


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


def _equal(fact: object, value: Value) -> bool:
    match value:
        case bool():
            return _folded(fact) in (_TRUE if value else _FALSE)
        case str():
            return _folded(fact) == fold(value)
        case Decimal():
            return as_number(fact) == value
        case date():
            return as_date(fact) == value
        case _:
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


def _ordered(operator: Operator, fact: object, limit: Value) -> bool:
    known: Decimal | date | None
    match limit:
        case Decimal():
            known = as_number(fact)
        case date():
            known = as_date(fact)
        case _:
            raise ValueError(f"{operator} cannot compare with {limit!r}")
    return known is not None and _ORDERS[operator](rank(known), rank(limit))
