"""What a rule looks at, as a value and as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from afterscore.domain import segments
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group

KEYS = frozenset({"groups", "comment", "themes", "languages", "departments", "customers"})
MOST_CHOICES = 100

Choice = TypeVar("Choice", bound=StrEnum)


class CriteriaError(ValueError):
    """A rule that cannot be read; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of an answer when its case is given away.

    `themes` are the ids of what its comment speaks of, `departments` those that act on them;
    `facts` are the customer's, by the fields of the audience filter.
    """

    group: Group
    has_comment: bool
    language: str
    themes: frozenset[str] = frozenset()
    departments: frozenset[Department] = frozenset()
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Criteria:
    """All of these hold; an empty set and None ask for nothing."""

    groups: frozenset[Group] = frozenset()
    comment: bool | None = None
    themes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    departments: frozenset[Department] = frozenset()
    customers: segments.Condition = segments.EVERYONE

    def fits(self, answer: Answer, today: date) -> bool:
        """`today` is where a customer's dates are counted from."""
        return (
            (not self.groups or answer.group in self.groups)
            and self.comment in {None, answer.has_comment}
            and (not self.themes or bool(self.themes & answer.themes))
            and (not self.departments or bool(self.departments & answer.departments))
            and _speaks(answer.language, self.languages)
            and segments.matches(self.customers, answer.facts, today)
        )


EVERYBODY = Criteria()


def _speaks(language: str, wanted: frozenset[str]) -> bool:
    """A rule for German takes the German of Austria, too; one for that takes no other."""
    code = _code(language)
    return not wanted or any(
        code == _code(each) or code.startswith(f"{_code(each)}-") for each in wanted
    )


def _code(language: str) -> str:
    return language.strip().casefold().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Rule:
    """Cases that fit go to a member, else to the department; `is_urgent` makes them more urgent.

    A rule without either decides urgency alone.
    """

    id: str
    name: str
    criteria: Criteria
    member: str = ""  # an id of the team
    department: Department | None = None
    before_owner: bool = False
    is_urgent: bool = False

    @property
    def gives_away(self) -> bool:
        return bool(self.member or self.department)


def to_data(criteria: Criteria) -> dict[str, Any]:
    """What `parse` reads; what asks for nothing is left out."""
    data: dict[str, Any] = {
        "groups": sorted(criteria.groups),
        "themes": sorted(criteria.themes),
        "languages": sorted(criteria.languages),
        "departments": sorted(criteria.departments),
    }
    data = {name: [str(each) for each in values] for name, values in data.items() if values}
    if criteria.comment is not None:
        data["comment"] = criteria.comment
    if criteria.customers != segments.EVERYONE:
        data["customers"] = segments.to_data(criteria.customers)
    return data


def parse(data: object) -> Criteria:
    """Raises CriteriaError for whatever is not in the grammar."""
    if not isinstance(data, Mapping):
        raise CriteriaError("A rule's conditions are a list of names and values.")
    if unknown := set(data) - KEYS:
        raise CriteriaError(f"There is no condition '{min(map(str, unknown))}'.")
    comment = data.get("comment")
    if comment is not None and not isinstance(comment, bool):
        raise CriteriaError("Whether there is a comment is true, false, or left out.")
    return Criteria(
        groups=frozenset(_each(data, "groups", _one_of(Group))),
        comment=comment,
        themes=frozenset(_each(data, "themes", _text)),
        languages=frozenset(_each(data, "languages", _text)),
        departments=frozenset(_each(data, "departments", _one_of(Department))),
        customers=_customers(data.get("customers")),
    )


def _each(data: Mapping[str, Any], name: str, read: Callable[[object], Any]) -> list[Any]:
    values = data.get(name) or []
    if not isinstance(values, list) or len(values) > MOST_CHOICES:
        raise CriteriaError(f"'{name}' is a list of at most {MOST_CHOICES}.")
    return [read(value) for value in values]


def _one_of(kind: type[Choice]) -> Callable[[object], Choice]:
    def read(value: object) -> Choice:
        try:
            return kind(str(value))
        except ValueError as error:
            raise CriteriaError(f"There is no {kind.__name__.lower()} '{value}'.") from error

    return read


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 40:
        raise CriteriaError(f"'{value}' is not the name of a theme or a language.")
    return value.strip()


def _customers(data: object) -> segments.Condition:
    if data is None:
        return segments.EVERYONE
    try:
        return segments.parse(data)
    except segments.FilterError as error:
        raise CriteriaError(f"Which customers: {error}") from error
