"""The usual things one does with a case."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from afterscore.cases import composition, queries
from afterscore.cases.forms import base
from afterscore.cases.models import Entry
from afterscore.cases.queries import Colleague
from afterscore.domain import nps, reminders
from afterscore.domain.casework import NotClosedReason, Outcome
from afterscore.domain.causes import RootCause

USUAL_OUTCOME = {
    nps.Group.PROMOTER: Outcome.THANKED,
    nps.Group.PASSIVE: Outcome.UNDERSTOOD,
    nps.Group.DETRACTOR: Outcome.SOLVED,
}


class ReplyForm(base.CaseForm):
    name = "reply"
    subject = forms.CharField(max_length=300)
    body = base.text("Reply", rows=10)
    follows_up = forms.BooleanField(
        required=False, label="Without an answer, follow up once after 5 business days"
    )

    def prepare(self) -> None:
        draft = composition.next_reply(
            self.case, sender_name=str(self.member), setting=self.setting
        )
        self.fields["subject"].initial = draft.subject
        self.fields["body"].initial = draft.body
        self.keep_typing("subject", "body")
        sent = self.follow_ups
        if sent is None:
            sent = queries.count_follow_ups(case=self.case)
        allowed = reminders.may_follow_up(sent)
        if isinstance(allowed, reminders.Stop):
            self.fields["follows_up"].disabled = True
            self.fields["follows_up"].help_text = allowed.why


class CallForm(base.CaseForm):
    name = "call"
    outcome = forms.ChoiceField(
        label="How it went",
        choices=Entry.Call.choices,
        initial=Entry.Call.REACHED,
        widget=forms.RadioSelect,
    )
    text = base.text("What was said", rows=4, required=False)
    minutes = base.minutes()

    def prepare(self) -> None:
        self.keep_typing("text")

    def given(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "outcome": Entry.Call(values["outcome"]),
            "text": values["text"],
            "minutes": values["minutes"] or 0,
        }


class NoteForm(base.CaseForm):
    name = "note"
    text = base.text(
        "Note",
        rows=4,
        help_text="For colleagues; @ and a name tells them. The customer never sees it.",
    )

    def prepare(self) -> None:
        self.keep_typing("text")
        people = [str(one.member) for one in self.offered.crew if one.member != self.member]
        self.fields["text"].widget.attrs["data-people"] = json.dumps(people)


class HeardForm(base.CaseForm):
    name = "heard"
    text = base.text(
        "What the customer wrote or said",
        rows=4,
        help_text="What reached you elsewhere. Put it here, so that the case knows.",
    )

    def prepare(self) -> None:
        self.keep_typing("text")


class AssignForm(base.CaseForm):
    name = "assign"
    owner = forms.ChoiceField(label="Owner")

    def prepare(self) -> None:
        self.members = {one.member.public_id: one.member for one in self.offered.owners}
        choices = [(one.member.public_id, self._describe(one)) for one in self.offered.owners]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]
        self.fields["owner"].initial = self.case.owner.public_id if self.case.owner else None

    def _describe(self, one: Colleague) -> str:
        you = " (you)" if one.member == self.member else ""
        return f"{one.member}{you}: {one.load}"

    def given(self) -> dict[str, Any]:
        return {"owner": self.members[self.cleaned_data["owner"]]}


class CloseForm(base.CaseForm):
    name = "close"
    outcome = forms.ChoiceField(
        label="How it ended",
        choices=[(outcome, outcome.label) for outcome in Outcome],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label="Why the loop stays open",
        choices=[(reason, reason.label) for reason in NotClosedReason],
        required=False,
        widget=forms.RadioSelect,
    )
    root_cause = forms.ChoiceField(
        label="What was behind the score",
        choices=[("", "Choose, if you know"), *((cause, cause.label) for cause in RootCause)],
        required=False,
    )
    insight = base.text("What we learned", rows=3, required=False)
    minutes = base.minutes()

    def prepare(self) -> None:
        self.fields["outcome"].initial = USUAL_OUTCOME[nps.group_of(self.case.score)]
        self.fields["root_cause"].initial = self.case.root_cause or None
        self.fields["insight"].initial = self.case.insight or None
        self.keep_typing(*self.fields)

    def given(self) -> dict[str, Any]:
        values = self.cleaned_data
        outcome = Outcome(values["outcome"])
        # The reasons are hidden while another ending is chosen: then none is meant.
        gives_up = outcome is Outcome.NOT_CLOSED and values["reason"]
        return {
            "outcome": outcome,
            "reason": NotClosedReason(values["reason"]) if gives_up else None,
            "root_cause": RootCause(values["root_cause"]) if values["root_cause"] else None,
            "insight": values["insight"],
            "minutes": values["minutes"] or 0,
        }


class ReopenForm(base.CaseForm):
    name = "reopen"
    why = forms.CharField(label="Why", max_length=300, required=False)
