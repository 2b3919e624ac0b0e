"""A condition as a phrase: "plan is enterprise and language is one of fr, de"."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import assert_never

from afterscore.domain.segments.grammar import (
    All,
    Any,
    Condition,
    Not,
    Operator,
    Test,
    Value,
    attribute_key,
)

_LABELS = {
    "contact.email": "e-mail address",
    "contact.external_id": "contact id",
    "contact.consent_basis": "basis of consent",
    "contact.created_at": "customer record",
    "account.name": "account name",
    "account.external_id": "account id",
    "account.renewal_on": "renewal",
}

_NUMBER_PHRASES = {
    Operator.AT_LEAST: "is at least",
    Operator.AT_MOST: "is at most",
    Operator.ABOVE: "is above",
    Operator.BELOW: "is below",
}
_DATE_PHRASES = {
    Operator.AT_LEAST: "is on or after",
    Operator.AT_MOST: "is on or before",
    Operator.ABOVE: "is after",
    Operator.BELOW: "is before",
}
_PHRASES = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.IN: "is one of",
    Operator.NOT_IN: "is none of",
    Operator.CONTAINS: "contains",
    Operator.STARTS_WITH: "starts with",
}


def describe(condition: Condition) -> str:
    """The condition in words; "everyone" if it leaves nobody out."""
    match condition:
        case All(conditions=()):
            return "everyone"
        case All():
            return " and ".join(map(_bracketed, condition.conditions))
        case Any():
            return " or ".join(map(_bracketed, condition.conditions))
        case Not():
            return f"not ({describe(condition.condition)})"
        case Test():
            return f"{_label(condition.field)} {_rest(condition)}"
        case _:
            assert_never(condition)


def _bracketed(condition: Condition) -> str:
    words = describe(condition)
    nested = isinstance(condition, All | Any) and len(condition.conditions) > 1
    return f"({words})" if nested else words


def _label(field: str) -> str:
    key = attribute_key(field) or field.rpartition(".")[2]
    return _LABELS.get(field) or key.replace("_", " ")


def _rest(test: Test) -> str:
    match test.operator, test.value:
        case Operator.KNOWN, known:
            return "is known" if known else "is not known"
        case Operator.WITHIN_DAYS, int(days):
            return _span(days)
        case Operator.BETWEEN, (low, high):
            return f"is between {_said(low)} and {_said(high)}"
        case operator, tuple(choices):
            return f"{_PHRASES[operator]} {', '.join(map(_said, choices))}"
        case operator, (Decimal() | date()) as limit:
            orders = _DATE_PHRASES if isinstance(limit, date) else _NUMBER_PHRASES
            return f"{orders.get(operator) or _PHRASES[operator]} {_said(limit)}"
        case operator, value:
            return f"{_PHRASES[operator]} {_said(value)}"


def _span(days: int) -> str:
    if days == 0:
        return "is today"
    count = f"{abs(days)} days" if abs(days) > 1 else "day"
    return f"is within the {'next' if days > 0 else 'last'} {count}"


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return str(value)
