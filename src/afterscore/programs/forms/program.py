"""All fields of a program; what they say becomes the same definition as a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import slugify

from afterscore.domain import policies
from afterscore.domain.nps import Group
from afterscore.domain.questionnaire import DEFAULT_PROMPTS
from afterscore.domain.reminders import Positioning
from afterscore.programs import definitions, queries
from afterscore.programs.definitions import (
    CADENCES,
    HEADS_UPS,
    LIMITS,
    SEND_WINDOWS,
    Definition,
)
from afterscore.programs.forms import audience, drivers, paces, people, rows, triggers
from afterscore.workspaces.models import Workspace

WORKSPACE = definitions.WORKSPACE
OTHER = "other"
PLACEHOLDER = "x"
"""Stands for a missing name or slug while everything else is checked or counted."""

_CADENCE_CHOICES = [
    ("quarterly", f"every quarter ({CADENCES['quarterly']} days)"),
    ("half-yearly", f"every half-year ({CADENCES['half-yearly']} days)"),
    ("yearly", f"every year ({CADENCES['yearly']} days)"),
    (OTHER, "every so many days"),
]
_TOUCHES = (
    "reminders", "reminder_after_days", "reminder_hold_out", "quotes_peers", "heads_up",
    "heads_up_days", "heads_up_hold_out",
)  # fmt: skip
_FIELDS_OF = {
    "cadence": "cadence_days",
    "sender.name": "sender_name",
    "sender.email": "sender_email",
    "survey.company": "company",
    "mail.subject": "subject",
    "mail.body": "body",
    **{f"touches.{name}": name for name in _TOUCHES},
    **triggers.FIELDS_OF,
    **people.FIELDS_OF,
    **paces.FIELDS_OF,
    **{f"survey.comment_prompts.{group}": f"prompt_{group}" for group in Group},
}


def _whole(path: str, label: str, **options: Any) -> forms.IntegerField:
    limit = LIMITS[path]
    wrong = f"Give a whole number from {limit.low} to {limit.high}."
    return forms.IntegerField(
        label=label,
        min_value=limit.low,
        max_value=limit.high,
        initial=limit.default,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        **options,
    )


def _prompt(group: Group) -> forms.CharField:
    widget = forms.TextInput(attrs={"placeholder": DEFAULT_PROMPTS[group]})
    return forms.CharField(label=f"To {group.value}s", required=False, widget=widget)


class ProgramForm(forms.Form):
    """Checked by `definitions.parse`, like a file, so that both refuse the same things."""

    name = forms.CharField(
        max_length=120, label="Name", error_messages={"required": "A program needs a name."}
    )
    slug = forms.CharField(
        max_length=60, required=False, label="Name in addresses",
        help_text="Made from the name when left empty. It stays as it is afterwards.",
    )  # fmt: skip
    objective = forms.CharField(
        required=False, label="What the answers are for",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What will be decided with them, and what good comes of it for customers.",
    )  # fmt: skip
    sponsor = forms.CharField(
        max_length=120, required=False, label="Sponsor",
        help_text="Who wants to know, and stands up for acting on it.",
    )  # fmt: skip
    positioning = forms.ChoiceField(
        label="What this program is to the customer",
        choices=[(kind.value, kind.label) for kind in Positioning],
        initial=Positioning.BETWEEN.value,
        widget=forms.RadioSelect,
    )
    company = forms.CharField(max_length=120, required=False, label="Whom one would recommend")
    prompt_promoter = _prompt(Group.PROMOTER)
    prompt_passive = _prompt(Group.PASSIVE)
    prompt_detractor = _prompt(Group.DETRACTOR)
    sender = forms.ChoiceField(label="Who asks", initial=WORKSPACE, widget=forms.RadioSelect)
    sender_name = forms.CharField(max_length=120, required=False, label="Their name")
    sender_email = forms.CharField(max_length=254, required=False, label="Their e-mail")
    account_limit = people.limit_field()
    account_spread_days = people.spread_field()
    trigger = triggers.choice_field()
    trigger_after = triggers.name_field()
    trigger_days = triggers.days_field()
    trigger_before = triggers.before_field()
    pace = paces.choice_field()
    pace_per_day = paces.per_day_field()
    pace_people = paces.people_field()
    pace_follow_ups = paces.follow_ups_field()
    cadence = forms.ChoiceField(
        label="Ask the same person", choices=_CADENCE_CHOICES, initial="quarterly"
    )
    cadence_days = _whole("cadence", "Days between two waves", required=False)
    reminders = _whole("touches.reminders", "Reminders")
    reminder_after_days = _whole("touches.reminder_after_days", "Days between messages")
    reminder_hold_out = _whole(
        "touches.reminder_hold_out", "Not reminded, by lot", required=False,
        help_text="Percent. Without people who are not reminded nobody can say what reminding "
        "brings; 0 saves the lot and the knowledge.",
    )  # fmt: skip
    quotes_peers = forms.BooleanField(
        required=False, label="Say in the reminder how many companies like theirs have answered",
        help_text="Counted when the reminder goes out, and left out unless it is most of at least "
        "ten companies.",
    )  # fmt: skip
    heads_up = forms.ChoiceField(
        required=False, label="A word ahead", choices=list(HEADS_UPS.items()), initial="none",
        widget=forms.RadioSelect,
        help_text="A mail counts as one of the three messages; a call does not.",
    )  # fmt: skip
    heads_up_days = _whole("touches.heads_up_days", "Days before the invitation", required=False)
    heads_up_hold_out = _whole(
        "touches.heads_up_hold_out", "Not told ahead, by lot", required=False,
        help_text="Percent. It shows what the word ahead is worth.",
    )  # fmt: skip
    send_window = forms.ChoiceField(
        label="Send", choices=list(SEND_WINDOWS.items()), help_text="By the reader's own clock."
    )
    open_days = _whole("open_days", "Days open for answers")
    answer_within_days = _whole(
        "answer_within_days", "Answer everybody within",
        help_text="Working days. The invitation promises it, and the inbox keeps count.",
    )  # fmt: skip
    subject = forms.CharField(max_length=300, required=False, label="Subject")
    body = forms.CharField(
        required=False, label="Text above the question", widget=forms.Textarea(attrs={"rows": 7})
    )
    commitment = people.commitment_field()
    why = people.why_field()
    match = forms.ChoiceField(required=False, choices=audience.MATCHES, label="Ask those for whom")
    written = forms.CharField(
        required=False, label="The filter as in the file", widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        workspace: Workspace,
        definition: Definition | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(definition) if definition else None)
        self.workspace = workspace
        self.definition = definition
        self.audience_problems: list[str] = []
        self.driver_problems: list[str] = []
        if definition is not None:
            del self.fields["slug"]
        self.fields["company"].widget.attrs["placeholder"] = workspace.name
        self.fields["sender"].choices = _senders(workspace)  # type: ignore[attr-defined]
        self._read_rows(data, queries.list_attribute_fields(workspace=workspace))

    def _read_rows(self, data: QueryDict | None, attributes: list[str]) -> None:
        tests, questions = _rows_of(self.definition)
        if data is not None:
            tests = rows.read(data, audience.PREFIX, audience.NAMES)
            questions = rows.read(data, drivers.PREFIX, drivers.NAMES)
            action = {key: data.get(key, "") for key in ("add", "remove")}
            rows.change(tests, action, audience.PREFIX)
            rows.change(questions, action, drivers.PREFIX)
        self.tests = rows.bind(audience.TestRow, audience.PREFIX, tests, attributes=attributes)
        self.questions = rows.bind(drivers.DriverRow, drivers.PREFIX, questions)

    @property
    def is_filter_written(self) -> bool:
        return bool(self["match"].value() == audience.WRITTEN)

    def clean(self) -> dict[str, Any]:
        """Everything that is wrong is said at once, each beside its field."""
        data = self.cleaned_data
        if self.definition is None:
            self._choose_slug(data)
        for problem in queries.list_problems(self.definition_data()):
            self._show(problem.field or "", problem.message)
        marked = len(self.errors) + len(self.audience_problems) + len(self.driver_problems)
        marked += sum(bool(row.errors) for row in (*self.tests, *self.questions))
        if marked:
            things = "One thing needs" if marked == 1 else f"{marked} things need"
            self.add_error(None, f"Not saved yet. {things} mending; each is marked below.")
        return data

    def _choose_slug(self, data: dict[str, Any]) -> None:
        """A form without a name complains about the name alone."""
        data["slug"] = data.get("slug") or slugify(data.get("name", PLACEHOLDER))[:60].strip("-")
        taken = queries.find_program(workspace=self.workspace, slug=data["slug"])
        if taken is not None:
            self.add_error("slug", f"“{taken.name}” has this name in addresses. Choose another.")

    def _show(self, path: str, message: str) -> None:
        field = _FIELDS_OF.get(path, path)
        if path.startswith("audience"):
            self._show_in_rows(self.tests, self.audience_problems, path, message)
        elif path.startswith("survey.drivers"):
            self._show_in_rows(self.questions, self.driver_problems, path, message)
        elif field in self.fields:
            if field not in self.errors:
                self.add_error(field, message)
        else:
            self.add_error(None, f"{path}: {message}")

    def _show_in_rows(
        self, bound: list[rows.Row], elsewhere: list[str], path: str, message: str
    ) -> None:
        filled = [row for row in bound if not row.is_empty]
        number = re.search(r"\[(\d+)\]", path)
        if number and not self.is_filter_written and int(number[1]) < len(filled):
            filled[int(number[1])].error(message)
        else:
            elsewhere.append(message)

    def definition_data(self) -> dict[str, object]:
        """What a file would say. Fields that are wrong in themselves are left out."""
        data = self.cleaned_data
        slug = self.definition.slug if self.definition else data.get("slug")
        return {
            "name": data.get("name"),
            "slug": slug,
            "objective": data.get("objective"),
            "sponsor": data.get("sponsor"),
            "survey": {
                "company": data.get("company"),
                "comment_prompts": _filled({g.value: data.get(f"prompt_{g}") for g in Group}),
                "drivers": drivers.data_of(self.questions),
            },
            "sender": _sender(data),
            "accounts": people.data_of(data),
            "mail": {key: data.get(key) for key in ("subject", "body", "commitment")},
            "touches": _filled({key: data.get(key) for key in _TOUCHES}),
            **_filled(
                {
                    "positioning": data.get("positioning"),
                    "audience": self._audience(),
                    "trigger": triggers.data_of(data),
                    "pace": paces.data_of(data),
                    "cadence": _cadence(data),
                    "send_window": data.get("send_window"),
                    "open_days": data.get("open_days"),
                    "answer_within_days": data.get("answer_within_days"),
                }
            ),
        }

    def proposals(self, positioning: Positioning) -> dict[str, str | int]:
        """What the positioning proposes, by the name of the field."""
        return {
            _FIELDS_OF.get(each.setting, each.setting): each.value
            for each in policies.proposals(positioning)
        }

    def audience_data(self) -> dict[str, object]:
        """Enough of the form to count whom it would ask; the rest may still be empty or wrong.

        Raises ValueError where the written filter is not YAML.
        """
        self.full_clean()
        data = self.cleaned_data
        slug = self.definition.slug if self.definition else PLACEHOLDER
        by_owner = data.get("sender") == definitions.ACCOUNT_OWNER
        given = {
            "audience": self._read_audience(),
            "trigger": triggers.data_of(data),
            "pace": paces.data_of(data),
            "cadence": _cadence(data),
            "accounts": people.data_of(data),
            "touches": _filled({key: data.get(key) for key in ("reminders", "heads_up")}),
            "sender": definitions.ACCOUNT_OWNER if by_owner else None,
        }
        return {"name": PLACEHOLDER, "slug": slug, **_filled(given)}

    def _read_audience(self) -> object:
        data = self.cleaned_data
        return audience.data_of(
            data.get("match") or audience.ALL, self.tests, data.get("written", "")
        )

    def _audience(self) -> object:
        try:
            return self._read_audience()
        except ValueError as error:
            self.audience_problems.append(str(error))
            return None


def _filled(data: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in data.items() if value not in (None, "")}


def _sender(data: Mapping[str, Any]) -> object:
    if data.get("sender") == definitions.ACCOUNT_OWNER:
        return definitions.ACCOUNT_OWNER
    if data.get("sender") == definitions.NAMED:
        return {"name": data.get("sender_name"), "email": data.get("sender_email")}
    return definitions.WORKSPACE


def _cadence(data: Mapping[str, Any]) -> object:
    return data.get("cadence_days") if data.get("cadence") == OTHER else data.get("cadence")


def _senders(workspace: Workspace) -> list[tuple[str, str]]:
    own = workspace.sender_name or workspace.sender_email or "nobody yet: see the settings"
    return [
        (WORKSPACE, f"The workspace's sender ({own})"),
        (definitions.ACCOUNT_OWNER, "The owner of the customer's account, in person"),
        (definitions.NAMED, "Somebody else"),
    ]


def _rows_of(
    definition: Definition | None,
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    if definition is None:
        return [], []
    shown = audience.rows_of(definition.audience)
    tests = shown[1] if shown else []
    return tests, drivers.rows_of(definition.questionnaire.drivers)


def _initial(definition: Definition) -> dict[str, Any]:
    words = {days: word for word, days in CADENCES.items()}
    named = definitions.NAMED if definition.sender_email else WORKSPACE
    shown = audience.rows_of(definition.audience)
    prompts = definitions.own_prompts(definition.questionnaire)
    return {
        "name": definition.name,
        "objective": definition.objective,
        "sponsor": definition.sponsor,
        "positioning": definition.positioning.value,
        "company": definition.company,
        **{f"prompt_{group}": prompts.get(group, "") for group in Group},
        **triggers.initial_of(definition.trigger),
        **paces.initial_of(definition.pace),
        "sender": named if definition.sender == definitions.NAMED else definition.sender,
        "sender_name": definition.sender_name,
        "sender_email": definition.sender_email,
        "cadence": words.get(definition.cadence_days, OTHER),
        "cadence_days": definition.cadence_days,
        "reminders": definition.reminders,
        "reminder_after_days": definition.reminder_after_days,
        "reminder_hold_out": definition.reminder_hold_out,
        "quotes_peers": definition.quotes_peers,
        "heads_up": definition.heads_up or "none",
        "heads_up_days": definition.heads_up_days,
        "heads_up_hold_out": definition.heads_up_hold_out,
        "send_window": definition.send_window,
        "open_days": definition.open_days,
        "answer_within_days": definition.answer_within_days,
        **people.initial_of(definition),
        "subject": definition.subject,
        "body": definition.body,
        "match": shown[0] if shown else audience.WRITTEN,
        "written": audience.written(definition.audience),
    }
