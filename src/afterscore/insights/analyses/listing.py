"""Which dimensions a workspace has, and with which values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

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
Values = dict[str | None, int]
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
    return {key: _added(sealed[key], beside[key]) for key in keys}


def _added(one: Mapping[str | None, int], other: Mapping[str | None, int]) -> Values:
    return {**one, **{value: one.get(value, 0) + answers for value, answers in other.items()}}


def _number_of_values(counts: Counts) -> int:
    return sum(len(values) for values in counts.values())


def _asked(keys: tuple[str, ...], contents: Contents) -> Counts:
    engine = engines.choose()
    found: Counts = {key: {} for key in keys}
    sql = expressions.values_sql(keys, engine.dialect)
    for place, value, answers in engine.rows(contents=contents, sql=sql):
        key = keys[place]
        found[key][text_of(key, value)] = answers
    return found


def _dimension(key: str, counts: Mapping[str | None, int], names: Mapping[str, str]) -> Dimension:
    values = {value: number for value, number in counts.items() if value is not None}
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return Dimension(
        key=key,
        label=LABELS.get(key) or _attribute_label(key),
        kind=KINDS.get(key) or (_kind(values) if key not in LABELS else Kind.CHOICE),
        values=tuple(Value(v, names.get(v, v), n) for v, n in ordered[:MOST_VALUES]),
        empty=counts.get(None, 0),
        is_many=key == "theme",
    )


def _attribute_label(key: str) -> str:
    side, _attribute, name = key.split(".", 2)
    words = name.replace("_", " ").replace("-", " ").strip()
    return f"{words[:1].upper()}{words[1:]} ({side})"


def _kind(values: Iterable[str]) -> Kind:
    """By all values: what holds for each of them."""
    values = list(values)
    if values and all(re.fullmatch(expressions.NUMBER, value) for value in values):
        return Kind.NUMBER
    if values and all(re.fullmatch(expressions.ISO_DAY, value) for value in values):
        return Kind.DATE
    return Kind.CHOICE


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
