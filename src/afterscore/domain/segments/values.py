"""The values a test compares with: read strictly, written back without loss."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from afterscore.domain.segments.grammar import (
    MAX_DAYS,
    MAX_LIST_LENGTH,
    MAX_TEXT_LENGTH,
    FilterError,
    Kind,
    Operator,
    Scalar,
    Value,
)

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LARGEST_NUMBER = Decimal(10) ** 15


def read(  # noqa: PLR0911 - one answer per shape of value
    data: object, kind: Kind, operator: Operator, path: str
) -> Value:
    """The value of a test; raises FilterError at `path`, saying what was expected."""
    match operator:
        case Operator.KNOWN:
            return _truth(data, path)
        case Operator.WITHIN_DAYS:
            return _days(data, path)
        case Operator.IN | Operator.NOT_IN:
            return _choices(data, kind, path)
        case Operator.BETWEEN:
            return _range(data, kind, path)
        case Operator.CONTAINS | Operator.STARTS_WITH:
            return _text(data, path)
        case Operator.IS | Operator.IS_NOT:
            return _scalar(data, kind, path)
        case _:
            return _limit(data, kind, path)


def _truth(data: object, path: str) -> bool:
    if not isinstance(data, bool):
        raise FilterError(path, "Expected true or false.")
    return data


def _days(data: object, path: str) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or abs(data) > MAX_DAYS:
        raise FilterError(
            path, "Expected a whole number of days: above 0 looks ahead, below 0 looks back."
        )
    return data


def _choices(data: object, kind: Kind, path: str) -> tuple[Scalar, ...]:
    items = _list(data, path)
    if not 1 <= len(items) <= MAX_LIST_LENGTH:
        raise FilterError(path, f"Expected 1 to {MAX_LIST_LENGTH} values, found {len(items)}.")
    return tuple(_scalar(item, kind, f"{path}[{index}]") for index, item in enumerate(items))


def _range(data: object, kind: Kind, path: str) -> tuple[Scalar, ...]:
    items = _list(data, path)
    if len(items) != 2:
        raise FilterError(path, f"Expected two values, from and to; found {len(items)}.")
    low, high = (_limit(item, kind, f"{path}[{index}]") for index, item in enumerate(items))
    if isinstance(low, date) != isinstance(high, date):
        raise FilterError(path, "Both values must be numbers, or both dates.")
    if rank(low) > rank(high):
        raise FilterError(path, "The first value must not be above the second.")
    return (low, high)


def _list(data: object, path: str) -> Sequence[object]:
    if not isinstance(data, list | tuple):
        raise FilterError(path, "Expected a list of values.")
    return data


def _scalar(data: object, kind: Kind, path: str) -> Scalar:
    match kind:
        case Kind.TEXT:
            return _text(data, path)
        case Kind.NUMBER:
            return _number(data, path)
        case Kind.DATE:
            return _date(data, path)
        case Kind.ATTRIBUTE:
            return _anything(data, path)


def _limit(data: object, kind: Kind, path: str) -> Decimal | date:
    if kind is Kind.DATE or (kind is Kind.ATTRIBUTE and as_date(data) is not None):
        return _date(data, path)
    return _number(data, path)


def rank(limit: Decimal | date) -> Decimal:
    """A number that orders dates as dates and numbers as numbers."""
    return Decimal(limit.toordinal()) if isinstance(limit, date) else limit


def _text(data: object, path: str) -> str:
    if isinstance(data, int) and not isinstance(data, bool):
        data = str(data)
    if not isinstance(data, str) or not data.strip():
        raise FilterError(path, "Expected a text. Put quotes around words such as no and yes.")
    if len(data) > MAX_TEXT_LENGTH:
        raise FilterError(path, f"A text has at most {MAX_TEXT_LENGTH} characters.")
    if not data.isprintable():
        raise FilterError(path, "A text is one line without invisible characters.")
    return data.strip()


def _number(data: object, path: str) -> Decimal:
    number = as_number(data)
    if number is None:
        raise FilterError(path, "Expected a number.")
    if abs(number) > _LARGEST_NUMBER or Decimal(repr(float(number))) != number:
        raise FilterError(path, "Expected a number of at most 15 digits.")
    return number


def _date(data: object, path: str) -> date:
    day = as_date(data)
    if day is None or isinstance(data, datetime):
        raise FilterError(path, "Expected a date, such as 2026-04-01.")
    return day


def _anything(data: object, path: str) -> Scalar:
    if isinstance(data, bool):
        return data
    if as_date(data) is not None:
        return _date(data, path)
    return _text(data, path) if isinstance(data, str) else _number(data, path)


def as_number(data: object) -> Decimal | None:
    """A finite number, or a text that is one; None for everything else."""
    if isinstance(data, bool) or not isinstance(data, int | float | Decimal | str):
        return None
    try:
        number = Decimal(repr(data) if isinstance(data, float) else data)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def as_date(data: object) -> date | None:
    """A date, the date of an instant as it is written, or an ISO text of either; else None."""
    if isinstance(data, datetime):
        return data.date()
    if isinstance(data, date):
        return data
    if not isinstance(data, str) or not _ISO_DAY.match(data):
        return None
    try:
        return datetime.fromisoformat(data).date()
    except ValueError:
        return None


def plain(value: Scalar | int) -> object:
    """What JSON and YAML can carry."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
