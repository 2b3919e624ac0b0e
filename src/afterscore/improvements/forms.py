from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from afterscore.domain.departments import Department
from afterscore.improvements import queries
from afterscore.improvements.models import Improvement, Objective, Theme
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

DEPARTMENTS = [(each.value, each.label) for each in Department]
TABS = {
    "departments:list": "Departments",
    "improvements:list": "Improvements",
    "improvements:objectives": "Objectives",
    "improvements:themes": "Themes",
}


def tabs_for(workspace: Workspace, active: str) -> list[dict[str, Any]]:
    """The pages beside each other below "Departments"; `active` is the name of an address."""
    return [
        {"label": label, "url": reverse(name, args=[workspace.slug]), "active": name == active}
        for name, label in TABS.items()
    ]


class ThemeForm(forms.Form):
    name = forms.CharField(max_length=80)
    words = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text="One a line or between commas, in any language. Case, accents and a plural -s do "
        "not matter. deliver* stands for any ending; -back support says where a word means "
        "something else.",
    )
    department = forms.ChoiceField(
        choices=[("", "Nobody in particular"), *DEPARTMENTS],
        required=False,
        label="Who acts on it",
        help_text="The theme leads this department's page.",
    )
    is_active = forms.BooleanField(required=False, initial=True, label="In use")

    @staticmethod
    def values_of(theme: Theme) -> dict[str, Any]:
        return {
            "name": theme.name,
            "words": "\n".join(theme.words),
            "department": theme.department,
            "is_active": theme.is_active,
        }

    def values(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return data | {"department": _department(data["department"])}


def _department(value: str) -> Department | None:
    return Department(value) if value else None


class _AboutWorkspace(forms.Form):
    """With choices that only the workspace knows, by their public ids."""

    def __init__(self, *arguments: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.found: dict[str, dict[str, Any]] = {}
        self._offer("theme", queries.list_themes(workspace=workspace, active_only=True))
        self._offer("owner", list(workspaces.list_members(workspace=workspace)))
        if "objective" in self.fields:
            objectives = queries.list_objectives(workspace=workspace, open_only=True)
            self._offer("objective", list(objectives))

    def _offer(self, name: str, rows: list[Any]) -> None:
        kept = self.initial.get(name)
        if kept is not None and kept not in rows:
            rows = [*rows, kept]
        self.found[name] = {row.public_id: row for row in rows}
        field = self.fields[name]
        field.choices = [("", "None"), *((row.public_id, str(row)) for row in rows)]  # type: ignore[attr-defined]
        self.initial[name] = kept.public_id if kept is not None else ""

    def _chosen(self, name: str) -> Any:
        return self.found[name].get(self.cleaned_data.get(name, ""))


class ImprovementForm(_AboutWorkspace):
    title = forms.CharField(
        max_length=200,
        label="What will be better",
        help_text="In words a customer would understand: “Reports of two sites in one table”.",
    )
    description = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        label="What is done",
        help_text="For your own people.",
    )
    theme = forms.ChoiceField(
        required=False, help_text="Answers that speak of it are proposed as voices."
    )
    objective = forms.ChoiceField(required=False)
    department = forms.ChoiceField(
        choices=[("", "The theme's"), *DEPARTMENTS], required=False, label="Department"
    )
    owner = forms.ChoiceField(required=False)
    due_on = forms.DateField(
        required=False, label="Due", widget=forms.DateInput(attrs={"type": "date"})
    )

    @staticmethod
    def values_of(improvement: Improvement) -> dict[str, Any]:
        names = ("title", "description", "theme", "objective", "department", "owner", "due_on")
        return {name: getattr(improvement, name) for name in names}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "title": data["title"],
            "description": data["description"],
            "theme": self._chosen("theme"),
            "objective": self._chosen("objective"),
            "department": _department(data["department"]),
            "owner": self._chosen("owner"),
            "due_on": data["due_on"],
        }


class ObjectiveForm(_AboutWorkspace):
    department = forms.ChoiceField(choices=DEPARTMENTS)
    title = forms.CharField(
        max_length=200,
        label="What it wants to reach",
        help_text="So that one can see whether it is reached: “Half as many people speak of "
        "outages by December”.",
    )
    theme = forms.ChoiceField(
        required=False, label="Seen by the theme", help_text="Its rate shows how far it is."
    )
    owner = forms.ChoiceField(required=False)
    due_on = forms.DateField(
        required=False, label="Due", widget=forms.DateInput(attrs={"type": "date"})
    )

    @staticmethod
    def values_of(objective: Objective) -> dict[str, Any]:
        names = ("department", "title", "theme", "owner", "due_on")
        return {name: getattr(objective, name) for name in names}

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "department": Department(data["department"]),
            "title": data["title"],
            "theme": self._chosen("theme"),
            "owner": self._chosen("owner"),
            "due_on": data["due_on"],
        }
