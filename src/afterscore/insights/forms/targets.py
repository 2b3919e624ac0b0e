from __future__ import annotations

from typing import Any

from django import forms

from afterscore.domain.departments import Department
from afterscore.improvements import queries as improvements
from afterscore.insights.models import Target
from afterscore.insights.operations.aiming import LONGEST_REASON, LONGEST_WHY, Aim
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

DEPARTMENTS = [("", "Everybody"), *((each.value, each.label) for each in Department)]


class AimForm(forms.Form):
    """What may be changed while a target runs."""

    goal = forms.FloatField(
        label="Goal", min_value=-100, max_value=100, widget=forms.NumberInput(attrs={"step": "1"})
    )
    due_on = forms.DateField(label="By", widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(
        required=False,
        max_length=LONGEST_WHY,
        label="How it is to come about",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What will be done for it. A number alone changes nothing.",
    )
    department = forms.ChoiceField(required=False, choices=DEPARTMENTS, label="Department")
    owner = forms.ChoiceField(required=False, label="Who looks after it")
    objective = forms.ChoiceField(
        required=False,
        label="Objective it serves",
        help_text="Of those under Improvements that are still open.",
    )

    def __init__(self, *arguments: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.found: dict[str, dict[str, Any]] = {}
        self._offer("owner", list(workspaces.list_members(workspace=workspace)))
        objectives = improvements.list_objectives(workspace=workspace, open_only=True)
        self._offer("objective", list(objectives))

    def _offer(self, name: str, rows: list[Any]) -> None:
        kept = self.initial.get(name)
        if kept is not None and kept not in rows:
            rows = [*rows, kept]
        self.found[name] = {row.public_id: row for row in rows}
        field = self.fields[name]
        nobody = "Nobody yet" if name == "owner" else "None"
        field.choices = [("", nobody), *((row.public_id, str(row)) for row in rows)]  # type: ignore[attr-defined]
        self.initial[name] = kept.public_id if kept is not None else ""

    @staticmethod
    def values_of(target: Target) -> dict[str, Any]:
        names = ("goal", "due_on", "why", "department", "owner", "objective")
        values = {name: getattr(target, name) for name in names}
        return values | {"goal": f"{target.goal:g}"}

    def aim(self) -> Aim:
        data = self.cleaned_data
        return Aim(
            goal=data["goal"],
            due_on=data["due_on"],
            why=data["why"],
            department=Department(data["department"]) if data["department"] else None,
            owner=self.found["owner"].get(data["owner"]),
            objective=self.found["objective"].get(data["objective"]),
        )


class GiveUpForm(forms.Form):
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label="Why",
        help_text="Whoever reads it later will ask.",
    )
