"""What one says about a step, and a task of one's own."""

from __future__ import annotations

from typing import Any

from django import forms

from afterscore.cases import queries
from afterscore.cases.forms import base
from afterscore.cases.models import Case
from afterscore.domain.departments import Department
from afterscore.workspaces.models import Member

OWNER = ""
DEPARTMENTS = [(one.value, one.label) for one in Department]


class FinishForm(forms.Form):
    """`result` is the button that was pressed."""

    result = forms.CharField(max_length=24, required=False)
    text = forms.CharField(max_length=base.LONGEST_TEXT, required=False)
    minutes = base.minutes()

    def given(self) -> dict[str, Any]:
        return self.cleaned_data | {"minutes": self.cleaned_data["minutes"] or 0}


class SkipForm(forms.Form):
    text = forms.CharField(max_length=base.LONGEST_TEXT, required=False)

    def given(self) -> dict[str, Any]:
        return {"why": self.cleaned_data["text"]}


class WriteForm(forms.Form):
    subject = forms.CharField(max_length=300)
    body = forms.CharField(max_length=base.LONGEST_TEXT)

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ResumeForm(forms.Form):
    def given(self) -> dict[str, Any]:
        return {}


class HandOverForm(forms.Form):
    """`whom` is a department's name, a member's public id, or "" for the owner of the case."""

    whom = forms.CharField(max_length=60, required=False)

    def __init__(self, data: Any = None, *, case: Case, **options: Any) -> None:
        super().__init__(data, **options)
        self.case = case

    def given(self) -> dict[str, Any]:
        return whom_of(self.case, self.cleaned_data["whom"])


class AddTaskForm(forms.Form):
    title = forms.CharField(max_length=200, label="What is to be done")
    whom = forms.CharField(max_length=60, required=False)
    due_on = forms.DateField(required=False, label="By")
    text = forms.CharField(max_length=base.LONGEST_TEXT, required=False)

    def __init__(self, data: Any = None, *, case: Case, **options: Any) -> None:
        super().__init__(data, **options)
        self.case = case

    def given(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return values | whom_of(self.case, values.pop("whom"))


def whom_of(case: Case, whom: str) -> dict[str, Any]:
    """A department or a member, as the operations take them; neither is the case's owner."""
    if whom in set(Department):
        return {"department": Department(whom)}
    members = queries.list_active(workspace=case.workspace)
    member: Member | None = members.filter(public_id=whom).first() if whom else None
    return {"owner": member} if member else {}
