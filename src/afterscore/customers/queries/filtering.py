"""The audience filter as SQL: the same judgement as `domain.segments.matches`, by the database.

A test becomes an expression that is true or false, never NULL, so that `not` means not. Fields
come from the domain's fixed list; keys and values travel as parameters.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Any, assert_never

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Range,
)
from django.db.models.sql.compiler import SQLCompiler

from afterscore.customers.models import Contact
from afterscore.domain import segments
from afterscore.domain.segments import Condition, Kind, Operator, Test, matching
from afterscore.workspaces.models import Workspace

Expression = Any
"""Django's expressions have no common type that its stubs accept everywhere."""

_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_NUMBER = r"^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?$"
_HOUR = "([01][0-9]|2[0-3])"
_SIXTY = "[0-5][0-9]"
_DAY = (
    "^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    rf"([T ]{_HOUR}(:{_SIXTY}(:{_SIXTY}([.][0-9]{{1,6}})?)?)?(Z|[+-]{_HOUR}(:{_SIXTY})?)?)?$"
)
_COMPARISONS: dict[Operator, type[Any]] = {
    Operator.AT_LEAST: GreaterThanOrEqual,
    Operator.AT_MOST: LessThanOrEqual,
    Operator.ABOVE: GreaterThan,
    Operator.BELOW: LessThan,
    Operator.BETWEEN: Range,
}


def filter_contacts(
    *, workspace: Workspace, condition: Condition, today: date
) -> QuerySet[Contact]:
    """The contacts for whom the condition holds, with their accounts; erased ones are left out."""
    return Contact.objects.select_related("account").filter(
        to_query(condition, today), workspace=workspace, erased_at=None
    )


def to_query(condition: Condition, today: date) -> Q:
    """A condition as a Q over contacts; `today` is where `within_days` counts from."""
    match condition:
        case Test():
            return _test(condition, today)
        case segments.Not():
            return ~to_query(condition.condition, today)
        case segments.All():
            return reduce(and_, _each(condition.conditions, today), _literal(truth=True))
        case segments.Any():
            return reduce(or_, _each(condition.conditions, today), _literal(truth=False))
        case _:
            assert_never(condition)


def _each(conditions: Iterable[Condition], today: date) -> Iterable[Q]:
    return (to_query(condition, today) for condition in conditions)


def _literal(*, truth: bool) -> Q:
    return Q(Value(truth, output_field=BooleanField()))


def _test(test: Test, today: date) -> Q:
    kind = segments.kind_of(test.field)
    if kind is None:
        raise ValueError(f"{test.field!r} is not a field of the filter")
    subject = _Subject(test.field, kind)
    match test.operator:
        case Operator.IS_NOT:
            return ~_surely(subject.equals_one_of((test.value,)))
        case Operator.NOT_IN:
            return ~_surely(subject.equals_one_of(_many(test.value)))
        case _:
            return _surely(subject.passes(test.operator, test.value, today))


def _surely(condition: Expression) -> Q:
    """What is unknown is false."""
    return Q(Coalesce(ExpressionWrapper(Q(condition), BooleanField()), Value(False)))  # noqa: FBT003


def _many(value: segments.Value) -> tuple[segments.Value, ...]:
    return value if isinstance(value, tuple) else (value,)


class _Subject:
    """A field as folded text, as a number and as a day; each is NULL where it is none."""

    def __init__(self, field: str, kind: Kind) -> None:
        column = _column(field)
        is_text = kind in (Kind.TEXT, Kind.ATTRIBUTE)
        self.known: Expression = _folded(column) if is_text else column
        self.text: Expression = self.known
        self.number: Expression = _number(column) if is_text else column
        self.day: Expression = _day(column) if is_text else column

    def passes(self, operator: Operator, value: segments.Value, today: date) -> Expression:
        match operator, value:
            case Operator.KNOWN, known:
                return IsNull(self.known, not known)
            case ((Operator.IS | Operator.IN), _):
                return self.equals_one_of(_many(value))
            case Operator.CONTAINS, str(part):
                return _truth("strpos(%(expressions)s) > 0", self.text, matching.fold(part))
            case Operator.STARTS_WITH, str(part):
                return _truth("starts_with(%(expressions)s)", self.text, matching.fold(part))
            case Operator.WITHIN_DAYS, int(days):
                edges = sorted((today, today + timedelta(days=days)))
                return Range(self.day, tuple(edges))
            case _:
                return self._compares(operator, value)

    def _compares(self, operator: Operator, value: segments.Value) -> Expression:
        first = _many(value)[0]
        column = self.day if isinstance(first, date) else self.number
        return _COMPARISONS[operator](column, value)

    def equals_one_of(self, choices: Iterable[segments.Value]) -> Expression:
        texts: set[str] = set()
        numbers: set[Decimal] = set()
        days: set[date] = set()
        for choice in choices:
            match choice:
                case bool():
                    texts |= {"true", "yes"} if choice else {"false", "no"}
                case str():
                    texts.add(matching.fold(choice))
                case Decimal():
                    numbers.add(choice)
                case date():
                    days.add(choice)
                case _:
                    raise ValueError(f"{choice!r} is not a value of the filter")
        groups = ((self.text, texts), (self.number, numbers), (self.day, days))
        return reduce(or_, (Q(In(column, sorted(group))) for column, group in groups if group))


def _column(field: str) -> Expression:
    """A fixed field's column, or an attribute as text."""
    owner, _, name = field.partition(".")
    table = "" if owner == "contact" else "account__"
    key = segments.attribute_key(field)
    if key is not None:
        return _attribute(F(f"{table}attributes"), key)
    if field == "contact.created_at":
        return Func(
            F(name), template="(%(expressions)s AT TIME ZONE 'UTC')::date", output_field=DateField()
        )
    return F(f"{table}{name}")


def _attribute(attributes: F, key: str) -> Expression:
    """The text of a plain value; NULL for what is absent, a list or an object."""
    kind = Func(
        Func(attributes, Value(key), function="jsonb_extract_path"),
        function="jsonb_typeof",
        output_field=TextField(),
    )
    text = Func(
        attributes, Value(key), function="jsonb_extract_path_text", output_field=TextField()
    )
    return Case(When(In(kind, ("string", "number", "boolean")), then=text))


class Folded(Func):
    """The SQL of the domain's `fold`: trimmed, case folded, composed.

    Before PostgreSQL 18 there is no full case folding; `lower` differs for a few letters (ß, ς).
    """

    template = (
        'normalize(casefold(btrim(%(expressions)s) COLLATE "pg_catalog"."pg_unicode_fast"), NFC)'
    )
    older = "normalize(lower(btrim(%(expressions)s)), NFC)"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        version: int = connection.pg_version  # type: ignore[attr-defined]
        chosen = self.template if version >= 180_000 else self.older
        return self.as_sql(compiler, connection, template=chosen)


def _folded(column: Expression) -> Expression:
    return NullIf(Folded(column, Value(_SPACES)), Value(""), output_field=TextField())


def _number(column: Expression) -> Expression:
    trimmed = Func(column, Value(_SPACES), function="btrim", output_field=TextField())
    digits = Func(trimmed, Value("_"), Value(""), function="replace", output_field=TextField())
    number = Func(digits, template="(%(expressions)s)::numeric", output_field=DecimalField())
    return Case(When(_truth("%(expressions)s", digits, _NUMBER, joiner=" ~ "), then=number))


def _day(column: Expression) -> Expression:
    """Counted on from the first of its month, so that 30 February is no day and no error."""
    first = _sql("(%(expressions)s || '-01')::date", _sql("left(%(expressions)s, 7)", column))
    later = _sql("(substr(%(expressions)s, 9, 2)::int - 1)", column)
    day = Func(
        first, later, template="(%(expressions)s)", arg_joiner=" + ", output_field=DateField()
    )
    written = _sql("to_char(%(expressions)s, 'YYYY-MM-DD')", day)
    real = Case(When(Exact(written, _sql("left(%(expressions)s, 10)", column)), then=day))
    return Case(When(_truth("%(expressions)s", column, _DAY, joiner=" ~ "), then=real))


def _sql(template: str, column: Expression) -> Func:
    return Func(column, template=template, output_field=TextField())


def _truth(template: str, *expressions: Any, joiner: str = ", ") -> Func:
    first, *rest = expressions
    return Func(
        first,
        *map(Value, rest),
        template=f"({template})",
        arg_joiner=joiner,
        output_field=BooleanField(),
    )
