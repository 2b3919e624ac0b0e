"""What a filter may say: fields, operators and the shape of a condition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

MAX_DEPTH = 5
MAX_TESTS = 50
MAX_TEXT_LENGTH = 200
MAX_LIST_LENGTH = 200
MAX_DAYS = 36_500


class Kind(StrEnum):
    """What a field holds; an attribute may hold any of the others."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    ATTRIBUTE = "attribute"


class Operator(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    BETWEEN = "between"
    KNOWN = "known"
    WITHIN_DAYS = "within_days"


FIELDS: Mapping[str, Kind] = {
    "contact.email": Kind.TEXT,
    "contact.name": Kind.TEXT,
    "contact.persona": Kind.TEXT,
    "contact.language": Kind.TEXT,
    "contact.time_zone": Kind.TEXT,
    "contact.external_id": Kind.TEXT,
    "contact.consent_basis": Kind.TEXT,
    "contact.created_at": Kind.DATE,
    "account.name": Kind.TEXT,
    "account.external_id": Kind.TEXT,
    "account.plan": Kind.TEXT,
    "account.industry": Kind.TEXT,
    "account.recurring_revenue": Kind.NUMBER,
    "account.currency": Kind.TEXT,
    "account.renewal_on": Kind.DATE,
    "account.lifecycle_stage": Kind.TEXT,
    "account.country": Kind.TEXT,
}
"""Every fixed field; `contact.attribute.<key>` and `account.attribute.<key>` come on top."""

ATTRIBUTE_PREFIXES = ("contact.attribute.", "account.attribute.")
# No double underscore: a query builder could take what follows for an operator of its own.
_ATTRIBUTE_KEY = re.compile(r"[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")
MAX_KEY_LENGTH = 64

_EQUALITY = {Operator.IS, Operator.IS_NOT, Operator.IN, Operator.NOT_IN, Operator.KNOWN}
_ORDER = {
    Operator.AT_LEAST,
    Operator.AT_MOST,
    Operator.ABOVE,
    Operator.BELOW,
    Operator.BETWEEN,
}

OPERATORS: Mapping[Kind, frozenset[Operator]] = {
    Kind.TEXT: frozenset(_EQUALITY | {Operator.CONTAINS, Operator.STARTS_WITH}),
    Kind.NUMBER: frozenset(_EQUALITY | _ORDER),
    Kind.DATE: frozenset(_EQUALITY | _ORDER | {Operator.WITHIN_DAYS}),
    Kind.ATTRIBUTE: frozenset(Operator),
}

Scalar = str | bool | Decimal | date
Value = Scalar | int | tuple[Scalar, ...]
"""`in` and `not_in` hold a tuple, `between` a pair, `within_days` an int, `known` a bool."""


def kind_of(field: str) -> Kind | None:
    """What a field holds; None if there is no such field."""
    if field in FIELDS:
        return FIELDS[field]
    key = attribute_key(field)
    if key is None or len(key) > MAX_KEY_LENGTH or not _ATTRIBUTE_KEY.fullmatch(key):
        return None
    return Kind.ATTRIBUTE


def attribute_key(field: str) -> str | None:
    """ "seats" of "contact.attribute.seats"; None for a fixed field. The key is not checked."""
    for prefix in ATTRIBUTE_PREFIXES:
        if field.startswith(prefix):
            return field.removeprefix(prefix)
    return None


@dataclass(frozen=True, slots=True)
class Test:
    field: str
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class All:
    """Every condition holds; with none, everyone matches."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one condition holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    condition: Condition


Condition = All | Any | Not | Test

EVERYONE = All(())


class FilterError(ValueError):
    """What is wrong with a filter, and where: `path` is "" for the whole, or like "all[1].is"."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message
