from __future__ import annotations

from typing import Any

from django import forms

from afterscore.cases import queries
from afterscore.workspaces.models import Absence, Member, Workspace


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and who stands in.

    `member` is whose days these are where nobody else may be chosen.
    """

    member = forms.ChoiceField(label="Who")
    starts_on = _day("First day")
    ends_on = _day("Last day", "That day included.")
    stand_in = forms.ChoiceField(
        required=False,
        label="Who stands in",
        help_text="Gets the new cases, and those that come due meanwhile.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        workspace: Workspace,
        member: Member | None = None,
        absence: Absence | None = None,
    ) -> None:
        super().__init__(
            data, initial=_initial(absence) if absence else None, use_required_attribute=False
        )
        self.members: dict[str, Member] = {
            one.public_id: one for one in queries.list_assignable(workspace=workspace)
        }
        whose = absence.member if absence else member
        everybody = [(key, str(one)) for key, one in self.members.items()]
        if whose is not None:
            del self.fields["member"]
        else:
            self._choices("member", everybody)
        self.whose = whose
        self._choices(
            "stand_in",
            [("", "Nobody"), *((key, name) for key, name in everybody if not _is(whose, key))],
        )

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def given(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {
            "starts_on": values["starts_on"],
            "ends_on": values["ends_on"],
            "stand_in": self.members.get(values["stand_in"]),
        }

    def chosen(self) -> Member:
        return self.whose or self.members[self.cleaned_data["member"]]


def _is(member: Member | None, public_id: str) -> bool:
    return member is not None and member.public_id == public_id


def _initial(absence: Absence) -> dict[str, Any]:
    return {
        "starts_on": absence.starts_on,
        "ends_on": absence.ends_on,
        "stand_in": absence.stand_in.public_id if absence.stand_in else "",
    }
