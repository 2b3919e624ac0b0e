"""A playbook as a form: its steps in their order, each with all its fields.

What was typed is kept through moving, adding and removing, and through errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from afterscore.cases import languages
from afterscore.domain import field_words
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import MOST_STEPS, Draft, Playbook, Step, as_data
from afterscore.domain.steps import WRITTEN, Moment, StepKind
from afterscore.surveys import languages as words

_NEW_TITLES = {
    StepKind.MAIL: "Write to them",
    StepKind.CALL: "Call them",
    StepKind.ASK_REASON: "Note why there was no comment",
    StepKind.EDUCATE: "Show them what they do not use yet",
    StepKind.ADVOCATE: "Ask for a referral or a testimonial",
    StepKind.GIFT: "Where it fits, say thank you with something",
    StepKind.DEPARTMENT: "Find the cause",
    StepKind.CHECK_BACK: "Ask whether it is solved",
    StepKind.TODO: "",
}


def _by_name() -> dict[str, str]:
    named = {code: words.get(code).english_name for code in languages.names()}
    return dict(sorted(named.items(), key=lambda item: item[1]))


LANGUAGES = _by_name()


@dataclass
class Row:
    """One step as it stands in the form; `errors` by the name of the field."""

    number: int
    values: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    is_last: bool = False
    opened: str = ""  # the language that was opened just now, to be put into own words

    @property
    def kind(self) -> StepKind:
        return StepKind(self.values["kind"])

    @property
    def is_mail(self) -> bool:
        return self.kind in WRITTEN

    @property
    def mails(self) -> list[dict[str, str]]:
        """In the workspace's own words, by the names of their languages."""
        drafts = self.values.get("drafts") or {}
        return [
            {"code": code, "name": name, "direction": words.get(code).direction, **drafts[code]}
            for code, name in LANGUAGES.items()
            if code in drafts
        ]

    @property
    def built_in(self) -> dict[str, str]:
        """The languages whose draft is the built-in one, by code."""
        drafts = self.values.get("drafts") or {}
        return {code: name for code, name in LANGUAGES.items() if code not in drafts}


class PlaybookForm:
    """`rows` are what the page shows; `data` is what operations.change_playbook takes."""

    def __init__(self, playbook: Playbook, data: Mapping[str, Any] | None = None) -> None:
        self.playbook = playbook
        self.problem = ""
        found = as_data(playbook.steps) if data is None else _read(data)
        self.rows = [Row(number, values) for number, values in enumerate(found)]
        self._mark_last()

    @property
    def data(self) -> list[dict[str, Any]]:
        return [{**row.values, "drafts": self._own(row)} for row in self.rows]

    def _own(self, row: Row) -> dict[str, dict[str, str]]:
        """A mail that was opened and left as it was is the built-in one still."""
        drafts = row.values.get("drafts") or {}
        if not row.is_mail:
            return {}
        return {
            code: own
            for code, own in drafts.items()
            if _plain(own["subject"], own["body"]) != _plain(*self._texts(row, code))
        }

    def _texts(self, row: Row, language: str) -> tuple[str, str]:
        draft = self._built_in(row, language)
        return draft.subject, draft.body

    @property
    def can_grow(self) -> bool:
        return len(self.rows) < MOST_STEPS

    def move(self, number: int, by: int) -> None:
        place = number + by
        if 0 <= number < len(self.rows) and 0 <= place < len(self.rows):
            self.rows.insert(place, self.rows.pop(number))
        self._renumber()

    def remove(self, number: int) -> None:
        self.rows = [row for row in self.rows if row.number != number]
        self._renumber()

    def add(self, kind: StepKind) -> None:
        values: dict[str, Any] = {
            "key": self._free_key(kind),
            "kind": kind.value,
            "title": _NEW_TITLES[kind],
            "text": "",
            "starts": Moment.CLOSING if kind is StepKind.CHECK_BACK else Moment.OPENING,
            "days": 2,
            "department": "",
            "groups": [],
            "comment": "",
        }
        self.rows.append(Row(len(self.rows), values))
        self._renumber()

    def write(self, number: str, language: str) -> None:
        """Opens a mail to be put into own words: it starts with the built-in one."""
        row = next((row for row in self.rows if str(row.number) == number and row.is_mail), None)
        if row is None or language not in row.built_in:
            return
        draft = self._built_in(row, language)
        own = {"subject": draft.subject, "body": draft.body}
        row.values["drafts"] = {**(row.values.get("drafts") or {}), language: own}
        row.opened = language

    def _built_in(self, row: Row, language: str) -> Draft:
        step = Step(
            key="new",
            kind=row.kind,
            title="",
            groups=tuple(Group(each) for each in row.values["groups"]),
            comment=row.values["comment"],
        )
        return languages.step_template(
            language, row.kind, self.playbook.situations(step), playbook=self.playbook.key
        )

    def forget(self, number: str, language: str) -> None:
        """Back to the built-in mail of this language."""
        for row in self.rows:
            if str(row.number) == number:
                drafts = row.values.get("drafts") or {}
                row.values["drafts"] = {
                    code: own for code, own in drafts.items() if code != language
                }

    def _free_key(self, kind: StepKind) -> str:
        taken = {row.values["key"] for row in self.rows}
        names = [kind.value[:16], *(f"{kind.value[:16]}_{number}" for number in range(2, 99))]
        return next(name for name in names if name not in taken)

    def _renumber(self) -> None:
        for number, row in enumerate(self.rows):
            row.number = number
        self._mark_last()

    def _mark_last(self) -> None:
        for row in self.rows:
            row.is_last = row.number == len(self.rows) - 1

    def add_error(self, name: str, message: str) -> None:
        """`name` is "<place>-<field>", as change_playbook says it."""
        message = field_words.in_words(message)
        place, _, which = name.partition("-")
        if place.isdigit() and int(place) < len(self.rows) and which:
            self.rows[int(place)].errors[which] = message
            row = self.rows[int(place)]
            self.problem = f"Step {row.number + 1}: {message}"
        else:
            self.problem = message


def own_languages(playbook: Playbook) -> list[str]:
    """The names of the languages in which one of its mails is in the workspace's own words."""
    written = {code for step in playbook.steps for code in step.drafts}
    return [name for code, name in LANGUAGES.items() if code in written]


def _read(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    count = data.get("count", "0")
    rows = min(int(count), MOST_STEPS + 1) if count.isascii() and count.isdigit() else 0
    return [_row(data, number) for number in range(rows)]


def _plain(*texts: str) -> list[list[str]]:
    """Browsers end lines in a way of their own."""
    return [text.split() for text in texts]


def _row(data: Mapping[str, Any], number: int) -> dict[str, Any]:
    def value(name: str) -> str:
        return str(data.get(f"{number}-{name}", "")).replace("\x00", "")

    listed = data.getlist(f"{number}-groups") if hasattr(data, "getlist") else []
    kind = value("kind") if value("kind") in set(StepKind) else StepKind.TODO.value
    return {
        "key": value("key"),
        "kind": kind,
        "title": value("title"),
        "text": field_words.as_template(value("text")),
        "starts": value("starts"),
        "days": value("days") or "0",
        "department": value("department"),
        "if_silent": bool(value("if_silent")),
        "groups": [group for group in listed if group in set(Group)],
        "comment": value("comment"),
        "drafts": {
            code: {
                part: field_words.as_template(value(f"{part}_{code}"))
                for part in ("subject", "body")
            }
            for code in languages.names()
            if f"{number}-body_{code}" in data
        },
    }


CHOICES = {
    "kinds": [(kind.value, kind.label) for kind in StepKind],
    "moments": [(moment.value, moment.label) for moment in Moment],
    "departments": [(one.value, one.label) for one in Department],
    "groups": [(group.value, f"{group.value.capitalize()}s") for group in Group],
    "comments": [("", "with or without a comment"), ("with", "with"), ("without", "without")],
}
