"""What every form about a case has in common."""

from __future__ import annotations

from typing import Any

from django import forms

from afterscore.cases.composition import Setting
from afterscore.cases.models import Case
from afterscore.cases.queries import Offered
from afterscore.workspaces.models import Member

LONGEST_TEXT = 10_000


class CaseForm(forms.Form):
    """A form about one case, for one member. Its fields' ids are its own on the page; `offered` is
    what it shares with the other forms there; `setting` and `follow_ups` (automated mails so far)
    are read where the page has not done so."""

    name = ""

    def __init__(
        self,
        data: Any = None,
        *,
        case: Case,
        member: Member,
        offered: Offered | None = None,
        setting: Setting | None = None,
        follow_ups: int | None = None,
        **options: Any,
    ) -> None:
        options.setdefault("auto_id", f"{self.name}-%s")
        options.setdefault("use_required_attribute", False)
        super().__init__(data, **options)
        self.case = case
        self.member = member
        self.setting, self.follow_ups = setting, follow_ups
        self.offered = offered or Offered(workspace=case.workspace)
        self.prepare()

    def prepare(self) -> None:
        """Fills in what depends on the case."""

    def keep_typing(self, *fields: str) -> None:
        """What is typed into these fields outlives a reload of the page."""
        for field in fields:
            self.fields[field].widget.attrs["data-draft"] = (
                f"{self.member.public_id}-{self.case.public_id}-{self.name}-{field}"
            )

    def given(self) -> dict[str, Any]:
        """Arguments for the operation."""
        return dict(self.cleaned_data)


def text(label: str, *, rows: int, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def minutes() -> forms.IntegerField:
    return forms.IntegerField(
        label="Minutes spent",
        min_value=0,
        max_value=24 * 60,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
