"""Which dimensions a workspace has, and with which values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from afterscore.improvements.models import Theme
from afterscore.insights import engines, mart
from afterscore.insights.analyses import expressions, steady
from afterscore.insights.analyses.counting import text_of
from afterscore.insights.analyses.dimensions import (
    FIXED_LABELS,
    KINDS,
    LABELS,
    Dimension,
    Kind,
    Value,
    column_of,
)
from afterscore.insights.analyses.remembering import memory
from afterscore.insights.mart import Contents
from afterscore.outreach.models import Kind as MessageKind
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.surveys import languages
from afterscore.workspaces.models import Member, Workspace

MOST_VALUES = 200
MOST_KNOWN = 2 * MOST_VALUES
"""Of each dimension; a workspace can have as many accounts as it likes."""
FEW = 50_000
"""Answers up to which it takes longer to ask for each dimension than to read it."""


@dataclass(frozen=True, slots=True)
class Values:
    """How many answers have each value, of a dimension's most frequent ones; without a value, at
    None. `many` values there are, `numbers` and `dates` among them."""

    answers: Mapping[str | None, int]
    many: int = 0
    numbers: int = 0
    dates: int = 0

    def knows(self, value: str | None) -> bool:
        """What is not among all values has no answers; among the most frequent, who knows."""
        is_all = self.many <= MOST_KNOWN
        return is_all or value is None or value in self.answers

    def __add__(self, other: Values) -> Values:
        values = [v for v in {**self.answers, **other.answers} if self.knows(v) and other.knows(v)]
        return Values(
            {value: self.answers.get(value, 0) + other.answers.get(value, 0) for value in values},
            self.many + other.many,
            self.numbers + other.numbers,
            self.dates + other.dates,
        )

    @property
    def kind(self) -> Kind:
        """By all values: what holds for each of them."""
        if not self.many:
            return Kind.CHOICE
        if self.numbers == self.many:
            return Kind.NUMBER
        return Kind.DATE if self.dates == self.many else Kind.CHOICE


Counts = dict[str, Values]


def list_dimensions(*, workspace: Workspace) -> list[Dimension]:
    """Those by which the workspace's answers differ or could: everything fixed, then attributes
    that an answer has, by name."""
    with mart.look():
        state = mart.state(workspace=workspace)
        if state is None:
            counts = _count(workspace)
        else:
            counts = memory.recall(
                ("values", engines.choose(), state),
                lambda: _count(workspace),
                parts=_number_of_values,
            )
    names = _names(workspace)
    return [_dimension(key, found, names.get(key, {})) for key, found in counts.items()]


def _count(workspace: Workspace) -> Counts:
    keys = (*LABELS, *mart.attributes(workspace=workspace))
    return steady.ask(
        workspace,
        _everything(keys),
        since=None,
        until=None,
        of=lambda contents: _counts(keys, contents),
    )


def _everything(keys: Iterable[str]) -> list[str]:
    """All columns: what the page asks next has been read then."""
    return sorted({*mart.EVERY, *(column_of(key) for key in keys)})


def _counts(keys: tuple[str, ...], contents: Contents) -> Counts:
    """Of each dimension, how many answers have each of its values. What a file holds, as long as
    nothing in it changed, is counted once."""
    if not contents.clean:
        return _asked(keys, contents)
    nobody = contents.tail.slice(0, 0)
    sealed = memory.recall(
        ("sealed", engines.choose(), keys, frozenset(file.path for file in contents.clean)),
        lambda: _asked(keys, replace(contents, tail=nobody, mixed=())),
        parts=_number_of_values,
    )
    beside = _asked(keys, replace(contents, clean=()))
    return {key: sealed[key] + beside[key] for key in keys}


def _number_of_values(counts: Counts) -> int:
    return sum(len(values.answers) for values in counts.values())


def _asked(keys: tuple[str, ...], contents: Contents) -> Counts:
    engine = engines.choose()
    answers: dict[str, dict[str | None, int]] = {key: {} for key in keys}
    found: Counts = {key: Values(answers[key]) for key in keys}
    at_once = contents.rows <= FEW
    sql = expressions.values_sql(keys, MOST_KNOWN, engine.dialect, at_once=at_once)
    for place, value, number, *of_all in engine.rows(contents=contents, sql=sql):
        key = keys[place]
        answers[key][text_of(key, value)] = number
        found[key] = Values(answers[key], *of_all)
    return found


def _dimension(key: str, found: Values, names: Mapping[str, str]) -> Dimension:
    values = {value: number for value, number in found.answers.items() if value is not None}
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return Dimension(
        key=key,
        label=LABELS.get(key) or _attribute_label(key),
        kind=KINDS.get(key) or (found.kind if key not in LABELS else Kind.CHOICE),
        values=tuple(Value(v, names.get(v, v), n) for v, n in ordered[:MOST_VALUES]),
        empty=found.answers.get(None, 0),
        is_many=key == "theme",
    )


def _attribute_label(key: str) -> str:
    side, _attribute, name = key.split(".", 2)
    words = name.replace("_", " ").replace("-", " ").strip()
    return f"{words[:1].upper()}{words[1:]} ({side})"


def _names(workspace: Workspace) -> dict[str, Mapping[str, str]]:
    """By dimension: how its values are called today."""
    mine = {"workspace": workspace}
    waves = Wave.objects.filter(**mine).select_related("program")
    members = Member.objects.filter(**mine).select_related("user")
    spoken = {code: languages.get(code).english_name for code in languages.available()}
    return {
        "program": dict(Program.objects.filter(**mine).values_list("public_id", "name")),
        "wave": {wave.public_id: str(wave) for wave in waves},
        "owner": {member.public_id: str(member) for member in members},
        "theme": dict(Theme.objects.filter(**mine).values_list("public_id", "name")),
        "channel": dict(Enrolment.Channel.choices),
        "touch": dict(MessageKind.choices),
        "language": spoken,
        "contact.language": spoken,
        **{key: labels() for key, labels in FIXED_LABELS.items()},
    }
