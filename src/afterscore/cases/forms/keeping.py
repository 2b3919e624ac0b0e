"""Promises and gifts: forms that belong to parts of a case's page, and to the catalogue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from afterscore.cases import queries
from afterscore.cases.forms import base
from afterscore.cases.models import Gift
from afterscore.domain import gestures
from afterscore.domain.money import format_price
from afterscore.workspaces.models import Workspace


class PromiseForm(base.CaseForm):
    name = "promise"
    text = forms.CharField(
        label="What you promised",
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "A fix of the import"}),
    )
    due_on = forms.DateField(label="By", widget=forms.DateInput(attrs={"type": "date"}))

    def prepare(self) -> None:
        self.keep_typing("text", "due_on")


class GestureForm(base.CaseForm):
    name = "gift"
    gift = forms.ChoiceField(label="Gift")
    why = forms.CharField(
        label="What you thank them for",
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "Took an hour to show us the problem"}),
    )

    def prepare(self) -> None:
        workspace = self.case.workspace
        self.gifts = {
            gift.public_id: gift
            for gift in queries.list_gifts(workspace=workspace, active_only=True)
        }
        choices = [(key, _label(gift, workspace)) for key, gift in self.gifts.items()]
        self.fields["gift"].choices = choices  # type: ignore[attr-defined]
        self.keep_typing("why")

    def given(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"gift": self.gifts[values["gift"]], "why": values["why"]}


def _label(gift: Gift, workspace: Workspace) -> str:
    cost = format_price(gift.cost, workspace.currency) if gift.cost else "free"
    return f"{gift.name}, {cost}{'' if gift.needs_approval else ', without approval'}"


class GiftForm(forms.Form):
    name = forms.CharField(max_length=80, widget=forms.TextInput(attrs={"placeholder": "Book"}))
    kind = forms.ChoiceField(choices=Gift.Kind.choices, initial=Gift.Kind.GOODS)
    cost = forms.DecimalField(
        min_value=Decimal(0), max_value=gestures.LARGEST, decimal_places=2, max_digits=10
    )
    needs_approval = forms.BooleanField(
        required=False, initial=True, label="A manager approves each one"
    )
    is_active = forms.BooleanField(required=False, initial=True, label="Can be chosen")

    def __init__(self, data: Any = None, *, workspace: Workspace, gift: Gift | None = None) -> None:
        initial = None
        if gift is not None:
            initial = {name: getattr(gift, name) for name in self.base_fields}
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.fields["cost"].help_text = f"In {workspace.currency}, 0 for a note by hand."


class BudgetForm(forms.Form):
    amount = forms.DecimalField(min_value=Decimal(0), decimal_places=2, max_digits=12)

    def __init__(
        self, data: Any = None, *, workspace: Workspace, quarter: str, amount: Decimal | None = None
    ) -> None:
        super().__init__(data, initial={"amount": amount}, use_required_attribute=False)
        self.fields["amount"].label = f"Budget of {quarter}, in {workspace.currency}"
