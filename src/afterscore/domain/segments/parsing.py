"""From data to a condition and back."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from afterscore.domain.segments import values
from afterscore.domain.segments.grammar import (
    EVERYONE,
    FIELDS,
    MAX_DEPTH,
    MAX_TESTS,
    OPERATORS,
    All,
    Any,
    Condition,
    FilterError,
    Kind,
    Not,
    Operator,
    Test,
    Value,
    attribute_key,
    kind_of,
)

_GROUPS = ("all", "any", "not")
# What people write who know other query languages.
_OTHER_NAMES = {
    "=": Operator.IS,
    "==": Operator.IS,
    "eq": Operator.IS,
    "equals": Operator.IS,
    "!=": Operator.IS_NOT,
    "ne": Operator.IS_NOT,
    ">": Operator.ABOVE,
    "gt": Operator.ABOVE,
    "after": Operator.ABOVE,
    ">=": Operator.AT_LEAST,
    "gte": Operator.AT_LEAST,
    "<": Operator.BELOW,
    "lt": Operator.BELOW,
    "before": Operator.BELOW,
    "<=": Operator.AT_MOST,
    "lte": Operator.AT_MOST,
    "exists": Operator.KNOWN,
    "one_of": Operator.IN,
    "startswith": Operator.STARTS_WITH,
}


def parse(data: object) -> Condition:
    """Read a filter; None and empty mean everyone, a bare list means that all must hold.

    Raises FilterError with the path to the first thing that is not in the grammar.
    """
    if data is None or data in ({}, []):
        return EVERYONE
    condition = _condition(data, "", 1)
    tests = _count_tests(condition)
    if tests > MAX_TESTS:
        raise FilterError("", f"A filter has at most {MAX_TESTS} tests; this one has {tests}.")
    return condition


def _condition(data: object, path: str, depth: int) -> Condition:
    if isinstance(data, list | tuple):
        return All(_conditions(data, path, depth))
    if not isinstance(data, Mapping):
        raise FilterError(path, "Expected a test, such as {field: account.plan, is: enterprise}.")
    if "field" in data:
        return _test(data, path)
    return _group(data, path, depth)


def _group(data: Mapping[object, object], path: str, depth: int) -> Condition:
    if len(data) != 1:
        raise FilterError(path, "Expected exactly one of all, any and not, or a test with a field.")
    ((key, content),) = data.items()
    if key not in _GROUPS:
        raise FilterError(path, f"{_quoted(key)} is unknown here. {_hint(key, _GROUPS)}")
    inside = _join(path, str(key))
    if key == "not":
        _refuse_depth(inside, depth)
        return Not(_condition(content, inside, depth + 1))
    if not isinstance(content, list | tuple):
        raise FilterError(inside, "Expected a list of conditions.")
    conditions = _conditions(content, inside, depth)
    if key == "all":
        return All(conditions)
    if not conditions:
        raise FilterError(inside, "List at least one condition; none of nothing ever holds.")
    return Any(conditions)


def _conditions(content: Sequence[object], path: str, depth: int) -> tuple[Condition, ...]:
    _refuse_depth(path, depth)
    return tuple(
        _condition(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(content)
    )


def _refuse_depth(path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise FilterError(path, f"Groups may be nested {MAX_DEPTH} deep.")


def _test(data: Mapping[object, object], path: str) -> Test:
    field, kind = _field(data["field"], _join(path, "field"))
    others = [key for key in data if key != "field"]
    if len(others) != 1:
        raise FilterError(
            path, f"A test has a field and exactly one operator; found {len(others)}."
        )
    name = others[0]
    operator = _operator(name, kind, path)
    return Test(field, operator, values.read(data[name], kind, operator, _join(path, str(name))))


def _field(name: object, path: str) -> tuple[str, Kind]:
    kind = kind_of(name) if isinstance(name, str) else None
    if not isinstance(name, str) or kind is None:
        raise FilterError(path, f"{_quoted(name)} is not a field. {_field_hint(name)}")
    return name, kind


def _field_hint(name: object) -> str:
    text = str(name).strip().lower()
    if attribute_key(text) is not None:
        return "An attribute's key has letters, digits, single _ or -, at most 64 characters."
    ending = [field for field in FIELDS if field.endswith(f".{text.rpartition('.')[2]}")]
    if ending:
        return f"Did you mean {_listed(ending)}?"
    return _hint(text, (*FIELDS, "contact.attribute.<key>", "account.attribute.<key>"))


def _operator(name: object, kind: Kind, path: str) -> Operator:
    allowed = [operator for operator in Operator if operator in OPERATORS[kind]]
    if isinstance(name, str) and name in allowed:
        return Operator(name)
    other = _OTHER_NAMES.get(str(name).lower())
    hint = f"Did you mean {other}?" if other in allowed else _hint(name, allowed)
    raise FilterError(
        _join(path, str(name)), f"{_quoted(name)} is not an operator of a {kind} field. {hint}"
    )


def _hint(name: object, allowed: Iterable[str]) -> str:
    names = [str(choice) for choice in allowed]
    close = difflib.get_close_matches(str(name)[:100], names, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else f"Choose {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _quoted(name: object) -> str:
    return f"“{str(name)[:60]}”"


def _join(path: str, key: str) -> str:
    key = key[:60]
    return f"{path}.{key}" if path else key


def _count_tests(condition: Condition) -> int:
    match condition:
        case Test():
            return 1
        case Not():
            return _count_tests(condition.condition)
        case All() | Any():
            return sum(map(_count_tests, condition.conditions))
        case _:
            assert_never(condition)


def to_data(condition: Condition) -> dict[str, object]:
    """Plain data for JSON or YAML, which `parse` reads back as the same condition."""
    match condition:
        case Test():
            return {
                "field": condition.field,
                condition.operator.value: _plain(condition.value),
            }
        case Not():
            return {"not": to_data(condition.condition)}
        case All():
            return {"all": [to_data(inner) for inner in condition.conditions]}
        case Any():
            return {"any": [to_data(inner) for inner in condition.conditions]}
        case _:
            assert_never(condition)


def _plain(value: Value) -> object:
    if isinstance(value, tuple):
        return [values.plain(item) for item in value]
    return values.plain(value)
