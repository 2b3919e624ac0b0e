"""The audience as rows of field, test and value, and back.

A filter that is nested deeper than rows can show is edited as it is written in the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import yaml
from django import forms

from afterscore.domain import segments
from afterscore.domain.segments import Condition, Kind, Operator
from afterscore.programs.forms import rows
from afterscore.programs.forms.rows import Row

PREFIX = "audience"
NAMES = ("field", "operator", "value")
ALL, ANY, WRITTEN = "all", "any", "written"
MATCHES = (
    (ALL, "all of these hold"),
    (ANY, "at least one of these holds"),
    (WRITTEN, "what is written below holds"),
)

OPERATORS = (
    (
        "Anything",
        (
            (Operator.IS, "is"),
            (Operator.IS_NOT, "is not"),
            (Operator.IN, "is one of"),
            (Operator.NOT_IN, "is none of"),
            (Operator.KNOWN, "is known"),
        ),
    ),
    ("Texts", ((Operator.CONTAINS, "contains"), (Operator.STARTS_WITH, "starts with"))),
    (
        "Numbers and dates",
        (
            (Operator.AT_LEAST, "is at least, from"),
            (Operator.AT_MOST, "is at most, until"),
            (Operator.ABOVE, "is above, after"),
            (Operator.BELOW, "is below, before"),
            (Operator.BETWEEN, "is between"),
            (Operator.WITHIN_DAYS, "is within days"),
        ),
    ),
)

PLACEHOLDERS: Mapping[str, str] = {
    Operator.IN: "one, two, three",
    Operator.NOT_IN: "one, two, three",
    Operator.BETWEEN: "from, to",
    Operator.KNOWN: "yes or no",
    Operator.WITHIN_DAYS: "30 ahead, -30 back",
}
_MANY = (Operator.IN, Operator.NOT_IN, Operator.BETWEEN)
_YES = {"yes": True, "true": True, "no": False, "false": False}


class TestRow(Row):
    field = forms.ChoiceField(required=False, label="Field")
    operator = forms.ChoiceField(required=False, label="Test", choices=OPERATORS)
    value = forms.CharField(required=False, label="Value")

    def __init__(self, *arguments: Any, attributes: Sequence[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["field"].choices = field_choices(  # type: ignore[attr-defined]
            attributes, self["field"].value() or ""
        )
        self.fields["value"].widget.attrs["placeholder"] = PLACEHOLDERS.get(
            self["operator"].value() or "", "value"
        )

    @property
    def is_empty(self) -> bool:
        return not self.texts["field"] and not self.texts["value"]


def field_choices(attributes: Sequence[str], current: str) -> list[Any]:
    """Every field by what it belongs to; one that is unknown here is kept, to be mended."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in (*segments.FIELDS, *attributes):
        owner, _, rest = name.partition(".")
        label = rest.removeprefix("attribute.").replace("_", " ")
        groups.setdefault(owner.capitalize(), []).append((name, label))
    known = {name for entries in groups.values() for name, _ in entries}
    extra = [(current, current)] if current and current not in known else []
    return [("", "Choose a field"), *extra, *((owner, groups[owner]) for owner in groups)]


def data_of(match: str, filled: Iterable[TestRow], written: str) -> object:
    """The filter as the file would say it. Raises ValueError where `written` is not YAML."""
    if match == WRITTEN:
        try:
            return yaml.safe_load(written)
        except yaml.YAMLError as error:
            raise ValueError(f"This is not YAML: {error}") from error
    tests = [_test(row.texts) for row in filled if not row.is_empty]
    return {match: tests} if tests else None


def _test(texts: Mapping[str, str]) -> dict[str, object]:
    operator = texts["operator"] or Operator.IS.value
    kind = segments.kind_of(texts["field"])
    return {"field": texts["field"], operator: _value(texts["value"], operator, kind)}


def _value(text: str, operator: str, kind: Kind | None) -> object:
    """What the text means to this test; left as it is where it means nothing, to be refused."""
    if operator in _MANY:
        return _values(text, kind)
    if operator == Operator.KNOWN:
        return _YES.get(text.casefold() or "yes", text)
    if operator == Operator.WITHIN_DAYS:
        digits = text.replace("\N{MINUS SIGN}", "-")
        return int(digits) if digits.removeprefix("-").isdecimal() else text
    return _scalar(text, kind)


def _values(text: str, kind: Kind | None) -> list[object]:
    if kind is Kind.ATTRIBUTE:
        try:
            values = yaml.safe_load(f"[{text}]")
        except yaml.YAMLError:
            return [text]
        return list(values)
    return list(rows.split_list(text))


def _scalar(text: str, kind: Kind | None) -> object:
    """An attribute may hold anything: 5 is a number, "5" in quotes is a text."""
    if kind is not Kind.ATTRIBUTE:
        return text
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    return text if isinstance(value, dict | list) or value is None else value


def rows_of(condition: Condition) -> tuple[str, list[dict[str, str]]] | None:
    """How to match and the rows; None for a filter that rows cannot show."""
    data = segments.to_data(condition)
    if "field" in data:
        data = {ALL: [data]}
    ((match, tests),) = data.items()
    if match not in (ALL, ANY) or not isinstance(tests, list):
        return None
    if any("field" not in test for test in tests):
        return None
    return match, [_row(test) for test in tests]


def _row(test: Mapping[str, object]) -> dict[str, str]:
    field = str(test["field"])
    operator = next(key for key in test if key != "field")
    kind = segments.kind_of(field)
    return {"field": field, "operator": operator, "value": _said(test[operator], kind)}


def _said(value: object, kind: Kind | None) -> str:
    if isinstance(value, list):
        texts = [_said(item, kind) for item in value]
        return ", ".join(texts) if kind is Kind.ATTRIBUTE else rows.join_list(texts)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind is Kind.ATTRIBUTE and isinstance(value, str) and _needs_quotes(value):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _needs_quotes(text: str) -> bool:
    """Whether the bare text would be read as something else: a number, a truth, two values."""
    try:
        values = yaml.safe_load(f"[{text}]")
    except yaml.YAMLError:
        return True
    return values != [text] and not isinstance(values[0], date)


def written(condition: Condition) -> str:
    """The filter as the file would say it; empty for everyone."""
    if condition == segments.EVERYONE:
        return ""
    return str(yaml.safe_dump(segments.to_data(condition), sort_keys=False, allow_unicode=True))
