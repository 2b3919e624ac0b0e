"""The loop ledger: what became of every answer, by group and by whether they said something."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from afterscore.cases import queries as cases
from afterscore.cases.queries import Counted, Period
from afterscore.domain import loops, parity, survival
from afterscore.domain.departments import Department
from afterscore.domain.loops import Count, Line, Wait
from afterscore.domain.nps import Group
from afterscore.domain.parity import Care
from afterscore.domain.survival import Curve
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

EVERY, SPEAKING, SILENT = "every", "speaking", "silent"
LABELS = {
    EVERY: "Everybody",
    Group.DETRACTOR.value: "Detractors",
    Group.PASSIVE.value: "Passives",
    Group.PROMOTER.value: "Promoters",
    SPEAKING: "With a comment",
    SILENT: "Without a comment",
}
KEYS = {
    cases.OWNER: "Owner",
    cases.DEPARTMENT: "Department",
    "account.plan": "Plan",
    "account.industry": "Industry",
    "account.country": "Country",
    "contact.persona": "Persona",
    "contact.language": "Language",
}
"""What the table is split by."""

GROUPS = (Group.DETRACTOR.value, Group.PASSIVE.value, Group.PROMOTER.value)
VOICES = (SPEAKING, SILENT)
LOOKS = len(GROUPS) + len(VOICES)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the respondents, and how long they waited for a first reply."""

    key: str
    label: str
    line: Line
    replies: Curve


@dataclass(frozen=True, slots=True)
class Ledger:
    """`care` of each group and of the silent and the speaking ones, beside the rest."""

    every: Part
    parts: tuple[Part, ...]
    care: dict[str, parity.Part]

    @property
    def neglected(self) -> list[Part]:
        return [each for each in self.parts if self.care[each.key].care is Care.NEGLECTED]

    def part(self, key: str) -> Part:
        return next(each for each in (self.every, *self.parts) if each.key == key)


@dataclass(frozen=True, slots=True)
class Row:
    """One owner, department or segment."""

    key: str
    label: str
    line: Line
    replies: Curve


def get_ledger(*, workspace: Workspace, period: Period, now: datetime) -> Ledger:
    """One query, whatever the number of cases."""
    counted = cases.count_loops(workspace=workspace, period=period, now=now)
    ripe = {
        key: loops.ripe(each for each in counted.counts if belongs(each))
        for key, belongs in _BELONGS.items()
    }
    return Ledger(
        every=_part(EVERY, counted),
        parts=tuple(_part(key, counted) for key in (*GROUPS, *VOICES)),
        care=parity.compare({key: ripe[key] for key in GROUPS}, looks=LOOKS)
        | parity.compare({key: ripe[key] for key in VOICES}, looks=LOOKS),
    )


def _has_group(group: Group) -> Callable[[Count | Wait], bool]:
    return lambda each: each.group is group


_BELONGS: dict[str, Callable[[Count | Wait], bool]] = {
    EVERY: lambda _each: True,
    Group.DETRACTOR.value: _has_group(Group.DETRACTOR),
    Group.PASSIVE.value: _has_group(Group.PASSIVE),
    Group.PROMOTER.value: _has_group(Group.PROMOTER),
    SPEAKING: lambda each: each.has_comment,
    SILENT: lambda each: not each.has_comment,
}


def _part(key: str, counted: Counted) -> Part:
    belongs = _BELONGS[key]
    return Part(
        key=key,
        label=LABELS[key],
        line=loops.line(each for each in counted.counts if belongs(each)),
        replies=_curve(counted.replies, belongs),
    )


def _curve(waits: Iterable[Wait], belongs: Callable[[Wait], bool]) -> Curve:
    return survival.curve(each.span for each in waits if belongs(each))


def closure_curves(*, workspace: Workspace, period: Period, now: datetime) -> dict[str, Curve]:
    """How long it took until loops were closed: of everybody and of each group."""
    waits = cases.closure_waits(workspace=workspace, period=period, now=now)
    return {key: _curve(waits, _BELONGS[key]) for key in (EVERY, *GROUPS)}


def list_rows(*, workspace: Workspace, period: Period, key: str, now: datetime) -> list[Row]:
    """By owner, department or an attribute; the most answers first."""
    found = cases.count_loops_by(workspace=workspace, period=period, key=key, now=now)
    names = _names(workspace, key)
    rows = [
        Row(
            name,
            names.get(name, name) or "Not known",
            loops.line(counted.counts),
            _curve(counted.replies, lambda _each: True),
        )
        for name, counted in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.line.answers, row.label))


def name_of(*, workspace: Workspace, key: str, value: str) -> str:
    """How a row of the table is called; "" where nobody, or nothing, is known."""
    return _names(workspace, key).get(value, value) if value else ""


def _names(workspace: Workspace, key: str) -> dict[str, str]:
    if key == cases.OWNER:
        members = workspaces.list_members(workspace=workspace)
        return {cases.NOBODY: "Nobody"} | {member.public_id: str(member) for member in members}
    if key == cases.DEPARTMENT:
        return {department.value: department.label for department in Department}
    return {}


def describe_ledger(ledger: Ledger) -> dict[str, object]:
    """As plain data, for the API and the command line."""
    return {
        "every": _plain_line(ledger.every),
        "parts": {part.key: _plain_line(part) for part in ledger.parts},
        "care": {key: _plain_care(care) for key, care in ledger.care.items()},
    }


def _plain_line(part: Part) -> dict[str, object]:
    line, share = part.line, part.line.share
    return {
        "answers": line.answers,
        "closed": line.closed,
        "in_time": line.in_time,
        "late": line.late,
        "not_closed": line.given_up,
        "no_case": line.no_case,
        "closed_ratio": share.ratio,
        "closed_interval": [share.low, share.high] if share.n else None,
        "heard_in_time": line.kept,
        "heard_late": line.broken,
        "minutes": line.minutes,
        "first_reply_median_hours": part.replies.while_watched(loops.FEWEST_WATCHED).middle.time,
    }


def _plain_care(care: parity.Part) -> dict[str, object]:
    known = care.difference
    return {
        "verdict": care.care.value,
        "closed": care.own.events,
        "answers": care.own.people,
        "others_closed": care.rest.events,
        "others_answers": care.rest.people,
        "difference": known.difference if known else None,
        "interval": [known.low, known.high] if known else None,
    }
