"""A filter as one says it: "Answers of enterprise customers in EMEA since 1 April"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from afterscore.domain import spans
from afterscore.domain.spans import Preset
from afterscore.insights.analyses import Condition, Dimension
from afterscore.insights.composition.asking import CUSTOM, Asked
from afterscore.kit.templatetags import display

_SAID: Mapping[str, tuple[str, str]] = {
    "account.plan": ("of {} customers", "of customers on another plan than {}"),
    "account.industry": ("in the industry {}", "in another industry than {}"),
    "account.country": ("in {}", "outside {}"),
    "account.lifecycle_stage": ("at the stage {}", "at another stage than {}"),
    "account.name": ("of {}", "of others than {}"),
    "account": ("of {}", "of others than {}"),
    "contact.persona": ("of people with the role {}", "of people with another role than {}"),
    "contact.language": ("in {}", "in another language than {}"),
    "program": ("to {}", "to other programs than {}"),
    "wave": ("in {}", "in other waves than {}"),
    "channel": ("by {}", "by other ways than {}"),
    "touch": ("after the {}", "not after the {}"),
    "theme": ("about {}", "not about {}"),
    "owner": ("looked after by {}", "looked after by others than {}"),
}
"""For what has no better words: "with the region EMEA"."""


_NAMES: Mapping[str, Callable[[str], str]] = {
    "contact.language": display.language_name,
    "account.country": display.country_name,
}
_WITH_ARTICLE = frozenset({"AE", "BS", "CF", "CG", "DO", "GB", "GM", "MV", "NL", "PH", "US"})
"""Codes of countries that a sentence says with "the"."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of the sentence; `values` are what stands out in it; the filter without it."""

    condition: Condition
    before: str
    values: str
    after: str
    without: Asked

    @property
    def text(self) -> str:
        return f"{self.before}{self.values}{self.after}"


def sentence(asked: Asked, dimensions: Sequence[Dimension], *, today: date) -> str:
    """The whole, for people who cannot click: in mails, files and on shared pages."""
    told = " ".join(each.text for each in phrases(asked, dimensions))
    return " ".join(part for part in ("Answers", told, period_words(asked, today=today)) if part)


def period_words(asked: Asked, *, today: date) -> str:
    if asked.period != CUSTOM:
        return Preset(asked.period).words
    return spans.words_of(asked.span, today=today)


def phrases(asked: Asked, dimensions: Sequence[Dimension]) -> list[Phrase]:
    known = {dimension.key: dimension for dimension in dimensions}
    pairs = zip((None, *asked.conditions), asked.conditions, strict=False)
    return [
        phrase(condition, known.get(condition.dimension), asked.minus(condition), before)
        for before, condition in pairs
    ]


def phrase(
    condition: Condition,
    dimension: Dimension | None,
    without: Asked,
    last: Condition | None = None,
) -> Phrase:
    """An upper limit whose `last` part was the lower one of the same does not name it again."""
    template, values = _template(condition, dimension), _values(condition, dimension)
    if last is not None and _are_limits(last, condition):
        is_day = dimension is not None and dimension.kind == "date"
        template = "and until {}" if is_day else "and {} or less"
    before, _, after = template.partition("{}")
    return Phrase(condition, before, values, after, without)


def _are_limits(first: Condition, second: Condition) -> bool:
    return first.dimension == second.dimension and (first.operator, second.operator) == (
        "at_least",
        "at_most",
    )


def _template(condition: Condition, dimension: Dimension | None) -> str:
    label = (dimension.label if dimension else condition.dimension.rpartition(".")[2]).lower()
    match condition.operator:
        case "is":
            return _SAID.get(condition.dimension, (f"with the {label} {{}}", ""))[0]
        case "is_not":
            return _SAID.get(condition.dimension, ("", f"with another {label} than {{}}"))[1]
        case "is_empty":
            return f"without a known {label}{{}}"
        case "at_least":
            since = dimension is not None and dimension.kind == "date"
            return f"with the {label} since {{}}" if since else f"with a {label} of {{}} or more"
        case "at_most":
            until = dimension is not None and dimension.kind == "date"
            return f"with the {label} until {{}}" if until else f"with a {label} of {{}} or less"


def _values(condition: Condition, dimension: Dimension | None) -> str:
    words = [value_words(condition.dimension, value, dimension) for value in condition.values]
    if condition.dimension == "account.country":
        pairs = zip(condition.values, words, strict=True)
        words = [f"the {each}" if code in _WITH_ARTICLE else each for code, each in pairs]
    if len(words) > 4:
        words = [*words[:3], f"{len(words) - 3} more"]
    return " or ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def value_words(key: str, value: str, dimension: Dimension | None) -> str:
    """A value as one says it: "German" and not "de", "10,000" and not "10000"."""
    if dimension is not None:
        label = next((each.label for each in dimension.values if each.value == value), value)
        if label != value:
            return label
        if dimension.kind == "number":
            return _number(value)
        if dimension.kind == "date":
            return display.day(_day(value)) if _day(value) else value
    name_of = _NAMES.get(key)
    return name_of(value) if name_of else value


def _number(value: str) -> str:
    try:
        return f"{Decimal(value):,f}"
    except (InvalidOperation, ValueError):
        return value


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
