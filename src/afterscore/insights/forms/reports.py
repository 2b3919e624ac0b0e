from __future__ import annotations

from typing import Any

from django import forms

from afterscore.domain.departments import Department
from afterscore.insights import languages
from afterscore.insights.models import Report
from afterscore.surveys import languages as known
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ReportForm(forms.Form):
    """What a department reads, when, and who gets it."""

    name = forms.CharField(max_length=120, label="Name", help_text="As its readers know it.")
    department = forms.ChoiceField(
        choices=[(one.value, one.label) for one in Department],
        label="For",
        help_text="Its themes, tasks and improvements lead; leadership sees those of all.",
    )
    every = forms.ChoiceField(
        choices=Report.Every.choices, widget=forms.RadioSelect, label="When", initial="week"
    )
    weekday = forms.TypedChoiceField(
        choices=list(enumerate(DAYS)),
        coerce=int,
        empty_value="0",
        required=False,
        label="On",
        help_text="In the morning of that day, or of the next one on which you work.",
    )
    readers = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="Who gets it",
        error_messages={"required": "Choose who gets it."},
    )
    has_pdf = forms.BooleanField(
        required=False,
        label="With a PDF to pass on",
        help_text="Two pages. Companies are named in it, people are not.",
    )

    def __init__(
        self, *arguments: Any, workspace: Workspace, report: Report | None = None, **options: Any
    ) -> None:
        if report is not None:
            names = ("name", "department", "every", "weekday", "has_pdf")
            options.setdefault("initial", {name: getattr(report, name) for name in names})
        super().__init__(*arguments, **options)
        active = workspaces.list_members(workspace=workspace).filter(is_active=True)
        self.members = {member.public_id: member for member in active}
        self.fields["readers"].choices = [  # type: ignore[attr-defined]
            (key, self._named(member)) for key, member in self.members.items()
        ]

    @staticmethod
    def _named(member: Member) -> str:
        department = member.get_department_display()
        return f"{member}, {department}" if department else str(member)

    def given(self) -> dict[str, Any]:
        """What operations.save_report takes."""
        given = dict(self.cleaned_data)
        given["readers"] = [self.members[key] for key in given["readers"]]
        given["department"] = Department(given["department"])
        given["every"] = Report.Every(given["every"])
        given["weekday"] = int(given["weekday"])
        return given


class LanguageForm(forms.Form):
    """In which language one reads reports oneself."""

    language = forms.ChoiceField(required=False, label="Your language")

    def __init__(self, *arguments: Any, member: Member, **options: Any) -> None:
        options.setdefault("initial", {"language": member.language})
        super().__init__(*arguments, **options)
        usual = languages.choose(member.workspace.language).code
        names = {code: known.get(code).name for code in languages.available()}
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            ("", f"As your company writes ({names[usual]})"),
            *sorted(names.items(), key=lambda item: item[1].casefold()),
        ]
