"""Words and signs for what a case's page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from afterscore.cases import forms
from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import priorities
from afterscore.cases.schemas import Selection
from afterscore.cases.views import mails
from afterscore.domain.casework import State
from afterscore.kit.templatetags.display import Appearance
from afterscore.workspaces.models import Workspace

STATES = {
    State.NEW: Appearance("new", "busy", ""),
    State.IN_PROGRESS: Appearance("in progress", "busy", "play"),
    State.WAITING: Appearance("waiting for the customer", "quiet", "clock"),
    State.RESOLVED: Appearance("resolved", "good", "check"),
    State.CLOSED: Appearance("closed", "good", "loop"),
    State.REOPENED: Appearance("open again", "warn", "refresh"),
}
ICONS = {
    Entry.Kind.NOTE: "note",
    Entry.Kind.CALL: "phone",
    Entry.Kind.REPLY: "reply",
    Entry.Kind.CUSTOMER: "message",
    Entry.Kind.AUTOMATIC: "mail",
    Entry.Kind.CHANGE: "dot",
}


FIRST_ACTS = 5
"""So many stand in a row; further ones behind "More"."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do with a case: its button, its key, its form and where the form goes."""

    form: forms.CaseForm
    key: str
    label: str
    icon: str
    send: str
    url: str
    is_further: bool = False

    @property
    def template(self) -> str:
        return f"cases/act_{self.form.name}.html"


BUTTONS = {
    forms.ReplyForm: ("r", "Reply", "reply", "Send"),
    forms.CallForm: ("c", "Log a call", "phone", "Log the call"),
    forms.NoteForm: ("n", "Note", "note", "Save the note"),
    forms.HeardForm: ("w", "They wrote", "message", "Save"),
    forms.AssignForm: ("a", "Assign", "assign", "Assign"),
    forms.CloseForm: ("e", "Close", "loop", "Close the case"),
    forms.ThemesForm: ("l", "Themes", "themes", "Save the themes"),
    forms.ReopenForm: ("o", "Reopen", "refresh", "Reopen"),
}


def acts(
    offered: Sequence[forms.CaseForm], workspace: Workspace, selection: Selection
) -> list[Act]:
    return [
        _act(form, workspace, selection, is_further=place >= FIRST_ACTS)
        for place, form in enumerate(offered)
    ]


def _act(
    form: forms.CaseForm, workspace: Workspace, selection: Selection, *, is_further: bool
) -> Act:
    key, label, icon, send = BUTTONS[type(form)]
    address = reverse(f"cases:{form.name}", args=[workspace.slug, form.case.public_id])
    return Act(form, key, label, icon, send, address + selection.query, is_further)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the history as it is told: a title, and a text where there is one."""

    entry: Entry
    icon: str
    title: str
    text: str
    mail: mails.Mail | None = None


def line(entry: Entry, mail: mails.Mail | None = None) -> Line:
    kind = Entry.Kind(entry.kind)
    if kind is Entry.Kind.CHANGE:
        title, _, text = entry.text.partition("\n")
        return Line(entry, ICONS[kind], title, text)
    title = Entry.Call(entry.call).label if entry.call else kind.label
    if entry.minutes:
        title += f", {entry.minutes} minute{'' if entry.minutes == 1 else 's'}"
    return Line(entry, ICONS[kind], title, entry.text, mail)


def latest_word(case: Case, lines: Sequence[Line]) -> Line | None:
    """What the customer said last, as long as it waits for our answer."""
    if case.customer_wrote_at is None or case.first_reply_at is None:
        return None
    said = (each for each in lines if each.entry.kind == Entry.Kind.CUSTOMER and each.text)
    return next(said, None)


def reasons(case: Case, *, now: datetime) -> tuple[str, ...]:
    """Why the case is urgent, as of today. The group, said first, stands in the chip already."""
    return priorities.reasons_of(case, now=now)[1:]


def renewal(case: Case, *, now: datetime) -> str:
    """When the account renews, as a distance in days; "" where nobody knows."""
    if case.account is None or case.account.renewal_on is None:
        return ""
    days = (case.account.renewal_on - timezone.localdate(now)).days
    if days == 0:
        return "today"
    amount = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"in {amount}" if days > 0 else f"{amount} ago"
