"""What to do about an answer of one kind: a list of steps, and which of them a case gets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.domain.steps import Moment, StepKind

MOST_STEPS = 12
MOST_DAYS = 90
LONGEST_TITLE = 120
LONGEST_TEXT = 4_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,19}")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a playbook is chosen by."""

    group: Group
    has_comment: bool
    is_key_account: bool = False
    has_left: bool = False


SITUATIONS = tuple(
    Situation(group, has_comment, is_key_account, has_left)
    for group in Group
    for has_comment in (True, False)
    for is_key_account in (False, True)
    for has_left in (False, True)
)

KEY_SHARE = 0.1
KEY_LEAST_ACCOUNTS = 10


def is_key_account(*, accounts: int, larger: int) -> bool:
    """Whether an account is among the tenth with the highest revenue, where there are enough of
    them to speak of a tenth. `larger` of the `accounts` bring more."""
    return accounts >= KEY_LEAST_ACCOUNTS and larger < accounts * KEY_SHARE


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail as a workspace wrote it itself."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do. `days` are business days after the moment it `starts` from.

    `if_silent`: no longer needed once we are in conversation with the customer. With `groups` or
    `comment` ("with", "without") only some cases get it. Without a `department` a department's
    step goes where the theme belongs. `drafts` are own mails by language.
    """

    key: str
    kind: StepKind
    title: str
    text: str = ""
    starts: Moment = Moment.OPENING
    days: int = 0
    department: Department | None = None
    if_silent: bool = False
    groups: tuple[Group, ...] = ()
    comment: str = ""
    drafts: Mapping[str, Draft] = field(default_factory=dict)

    def fits(self, situation: Situation) -> bool:
        if self.groups and situation.group not in self.groups:
            return False
        return not self.comment or (self.comment == "with") is situation.has_comment


@dataclass(frozen=True, slots=True)
class Playbook:
    """`fits` says for which answers; of several that fit, the first in the registry holds."""

    key: str
    name: str
    when: str  # for which answers, in words
    aim: str
    fits: Callable[[Situation], bool]
    steps: tuple[Step, ...]

    def steps_for(self, situation: Situation) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.fits(situation))

    def situations(self, step: Step) -> tuple[Situation, ...]:
        """Those in which a case of this playbook gets the step; all of the playbook's where there
        are none."""
        ours = tuple(each for each in SITUATIONS if self.fits(each))
        return tuple(each for each in ours if step.fits(each)) or ours

    def with_steps(self, steps: Sequence[Step]) -> Playbook:
        return replace(self, steps=tuple(steps))


class Unusable(ValueError):
    """Steps that cannot be worked with; the text says what to mend, `place` at which step."""

    def __init__(self, place: int, field: str, message: str) -> None:
        super().__init__(message)
        self.place, self.field, self.message = place, field, message


def as_data(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {
            "key": step.key,
            "kind": step.kind.value,
            "title": step.title,
            "text": step.text,
            "starts": step.starts.value,
            "days": step.days,
            "department": step.department.value if step.department else "",
            "if_silent": step.if_silent,
            "groups": [group.value for group in step.groups],
            "comment": step.comment,
            "drafts": {
                language: {"subject": draft.subject, "body": draft.body}
                for language, draft in step.drafts.items()
            },
        }
        for step in steps
    ]


def from_data(rows: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Steps as they were stored or typed; raises Unusable for the first that makes no sense."""
    if not rows:
        raise Unusable(0, "", "A playbook needs at least one step.")
    if len(rows) > MOST_STEPS:
        raise Unusable(MOST_STEPS, "", f"A playbook has at most {MOST_STEPS} steps.")
    steps = tuple(_step(place, row) for place, row in enumerate(rows))
    keys = [step.key for step in steps]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise Unusable(place, "key", f"Two steps have the name “{key}”.")
    return steps


def _step(place: int, row: Mapping[str, Any]) -> Step:
    title = " ".join(str(row.get("title", "")).split())
    text = str(row.get("text", "")).replace("\r\n", "\n").strip()
    if not title:
        raise Unusable(place, "title", "Say in a few words what is to be done.")
    if len(title) > LONGEST_TITLE:
        raise Unusable(place, "title", f"A title has at most {LONGEST_TITLE} characters.")
    if len(text) > LONGEST_TEXT:
        raise Unusable(place, "text", f"A text has at most {LONGEST_TEXT:,} characters.")
    key = str(row.get("key", ""))
    if not _KEY.fullmatch(key):
        raise Unusable(place, "key", f"“{key}” is no name for a step.")
    kind = _one_of(StepKind, row.get("kind"), place, "kind")
    department = row.get("department") or None
    return Step(
        key=key,
        kind=kind,
        title=title,
        text=text,
        starts=_one_of(Moment, row.get("starts", Moment.OPENING), place, "starts"),
        days=_days(place, row.get("days", 0)),
        department=_one_of(Department, department, place, "department") if department else None,
        if_silent=bool(row.get("if_silent")),
        groups=_groups(place, row.get("groups", ())),
        comment=_comment(place, row.get("comment", "")),
        drafts=_drafts(row.get("drafts") or {}),
    )


def _one_of(kind: Any, value: Any, place: int, name: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        raise Unusable(place, name, f"“{value}” is not among the choices.") from None


def _groups(place: int, given: Sequence[Any]) -> tuple[Group, ...]:
    """In one order, whatever order they were ticked in."""
    found = {_one_of(Group, group, place, "groups") for group in given}
    return tuple(group for group in Group if group in found)


def _days(place: int, value: Any) -> int:
    try:
        days = int(value)
    except (TypeError, ValueError):
        raise Unusable(place, "days", "Days are a whole number.") from None
    if not 0 <= days <= MOST_DAYS:
        raise Unusable(place, "days", f"Days are a number from 0 to {MOST_DAYS}.")
    return days


def _comment(place: int, value: Any) -> str:
    if value not in ("", "with", "without"):
        raise Unusable(place, "comment", "A step is for answers with a comment, without, or both.")
    return str(value)


def _drafts(given: Mapping[str, Mapping[str, str]]) -> dict[str, Draft]:
    return {
        language: Draft(
            " ".join(texts["subject"].split()), texts["body"].replace("\r\n", "\n").strip()
        )
        for language, texts in given.items()
        if texts.get("body", "").strip()
    }
