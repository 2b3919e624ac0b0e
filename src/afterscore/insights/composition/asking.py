"""Which answers a page is about, as they stand in the query of its address.

    ?period=quarter&is.account.plan=enterprise&is.account.plan=growth&not.program=check-in
    ?since=2026-04-01&to=2026-06-30&min.account.recurring_revenue=10000&none.contact.persona=1

Nobody loses what they had typed: what makes no sense is told in `troubles`, and stays out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict

from afterscore.domain import spans
from afterscore.domain.spans import Preset, Span
from afterscore.insights.analyses import Condition, Operator, Question

PREFIXES: Mapping[str, Operator] = {
    "is": "is",
    "not": "is_not",
    "min": "at_least",
    "max": "at_most",
    "none": "is_empty",
}
_PREFIX_OF = {operator: prefix for prefix, operator in PREFIXES.items()}
CUSTOM = "custom"
MOST_CONDITIONS = 12
MOST_VALUES = 60
LONGEST_VALUE = 200
LONGEST_QUERY = 2_000
FURTHER = (
    "by", "across", "step", "sort", "against", "from", "until", "one", "other", "wave", "figure",
    "after",
)  # fmt: skip
"""What the pages ask besides; kept when the filter changes, and the other way round."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What makes no sense, and what was done about it."""

    wrong: str
    done: str

    def __str__(self) -> str:
        return f"{self.wrong}; {self.done}."


@dataclass(frozen=True, slots=True)
class Asked:
    """`span` is what `period` means today."""

    period: str
    span: Span
    conditions: tuple[Condition, ...] = ()
    further: tuple[tuple[str, str], ...] = ()
    usual: Preset = Preset.YEAR
    troubles: tuple[Trouble, ...] = ()

    @classmethod
    def nothing(cls) -> Asked:
        """What a page shows by itself; of use for its address only."""
        return cls(Preset.YEAR.value, spans.EVER)

    def get(self, name: str) -> str:
        """One of `FURTHER`; "" where it was not asked."""
        return dict(self.further).get(name, "")

    def question(self, *by: str) -> Question:
        return Question(
            since=self.span.since, until=self.span.until, conditions=self.conditions, by=by
        )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What stands in the query of the address; nothing for what is usual."""
        return [*self._period_pairs(), *_condition_pairs(self.conditions), *self.further]

    def _period_pairs(self) -> Iterator[tuple[str, str]]:
        if self.period == CUSTOM:
            if self.span.since:
                yield ("since", self.span.since.isoformat())
            if self.span.last:
                yield ("to", self.span.last.isoformat())
        elif self.period != self.usual:
            yield ("period", self.period)

    @property
    def query(self) -> str:
        return urlencode(self.pairs)

    @property
    def address(self) -> str:
        """With its question mark; "" for what the page shows by itself."""
        return f"?{self.query}" if self.pairs else ""

    def plus(self, *conditions: Condition) -> Asked:
        """With these in place of what was said of the same dimension in the same way."""
        replaced = {(each.dimension, each.operator) for each in conditions}
        kept = [each for each in self.conditions if (each.dimension, each.operator) not in replaced]
        return replace(self, conditions=(*kept, *conditions))

    def minus(self, condition: Condition) -> Asked:
        kept = tuple(each for each in self.conditions if each != condition)
        return replace(self, conditions=kept)

    def within(self, span: Span) -> Asked:
        return replace(self, period=CUSTOM, span=span)

    def asking(self, **further: str) -> Asked:
        """With these beside the filter; "" takes one away."""
        held = {**dict(self.further), **further}
        return replace(self, further=tuple((name, text) for name, text in held.items() if text))

    def everything(self) -> Asked:
        """Of all time and everybody."""
        return replace(self, period=Preset.ALL.value, span=spans.EVER, conditions=())

    def bare(self) -> Asked:
        """The filter alone."""
        return replace(self, further=())


def _condition_pairs(conditions: Iterable[Condition]) -> Iterator[tuple[str, str]]:
    for each in conditions:
        name = f"{_PREFIX_OF[each.operator]}.{each.dimension}"
        for value in each.values or ("1",):
            yield (name, value)


def read_asked(query: QueryDict, *, today: date, usual: Preset = Preset.YEAR) -> Asked:
    troubles: list[Trouble] = []
    period, span = _read_period(query, today, usual, troubles)
    further = tuple(
        (name, _word(query.get(name, ""))) for name in FURTHER if _word(query.get(name, ""))
    )
    conditions = tuple(_read_conditions(query))
    if len(conditions) > MOST_CONDITIONS:
        troubles.append(
            Trouble(f"A filter has at most {MOST_CONDITIONS} parts", "the rest was left out")
        )
    return Asked(
        period, span, conditions[:MOST_CONDITIONS], further, usual=usual, troubles=tuple(troubles)
    )


def read_text(text: str, *, today: date, usual: Preset = Preset.YEAR) -> Asked:
    """Of a query that was kept as a text."""
    return read_asked(QueryDict(text.removeprefix("?")), today=today, usual=usual)


def _read_period(
    query: QueryDict, today: date, usual: Preset, troubles: list[Trouble]
) -> tuple[str, Span]:
    since = _day(query.get("since", ""), troubles)
    last = _day(query.get("to", ""), troubles)
    if since and last and since > last:
        first, end = (spans.say(day, today, always=True) for day in (since, last))
        wrong = f"The period begins on {first}, after its last day, {end}"
        troubles.append(Trouble(wrong, "the two were exchanged"))
        since, last = last, since
    if since or last:
        return CUSTOM, Span(since, last + timedelta(days=1) if last else None)
    named = query.get("period", "")
    if named and named not in set(Preset):
        troubles.append(_nothing_such_as("period", "90 or quarter", named))
    preset = Preset(named) if named in set(Preset) else usual
    return preset.value, spans.span_of(preset, today=today)


def _nothing_such_as(what: str, model: str, text: str) -> Trouble:
    return Trouble(f"“{_word(text)[:40]}” is not a {what} such as {model}", "it was left out")


def _day(text: str, troubles: list[Trouble]) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year <= 2200:
        troubles.append(_nothing_such_as("day", "2026-04-01", text))
        return None
    return day


def _read_conditions(query: QueryDict) -> Iterator[Condition]:
    """`mode.account.plan=not` turns "is" into "is not": a form has one name for its boxes."""
    for name in query:
        prefix, _, dimension = name.partition(".")
        operator = PREFIXES.get(prefix)
        given = dict.fromkeys(_word(text) for text in query.getlist(name))
        values = tuple(value for value in given if value)[:MOST_VALUES]
        if operator is None or not dimension or not values:
            continue
        if operator == "is" and query.get(f"mode.{dimension}") == "not":
            operator = "is_not"
        kept = values if operator in {"is", "is_not"} else values[:1]
        yield Condition(_word(dimension), operator, () if operator == "is_empty" else kept)


def unknown_names(query: QueryDict) -> list[str]:
    """Those that look like a part of a filter and are none, such as "account.plan"."""
    known = {*PREFIXES, "mode"}
    return [name for name in query if "." in name and name.partition(".")[0] not in known]


def _word(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:LONGEST_VALUE]
