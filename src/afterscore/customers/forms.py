from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from afterscore.customers.importers import cells
from afterscore.customers.models import Account, Contact
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

MAX_UPLOAD_BYTES = 200 * 1024 * 1024


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text="CSV with column names in its first row; commas, semicolons, tabs or pipes.",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,text/csv", "class": "form-control"}
        ),
        error_messages={"required": "Choose a file first.", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                "The file is larger than 200 MB. Cut it into parts, or import it on the server "
                "with: afterscore contacts import FILE"
            )
        return file


class AttributesField(forms.CharField):
    """One attribute a line, "seats: 12"; cleaned to texts by key."""

    widget = forms.Textarea(attrs={"rows": 5, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return "\n".join(f"{key}: {_said(item)}" for key, item in sorted(value.items()))

    def clean(self, value: Any) -> Any:
        lines: str = super().clean(value)
        return dict(map(_read_line, filter(str.strip, lines.splitlines())))


def _read_line(line: str) -> tuple[str, str]:
    key, colon, text = line.partition(":")
    if not colon:
        raise forms.ValidationError(f"“{cells.excerpt(line)}” has no colon, as in “seats: 12”.")
    return key.strip(), text.strip()


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).split())


class AttributedForm(forms.Form):
    def clean_attributes(self) -> dict[str, Any]:
        """A line left as it was keeps its value to the letter; a new plain number is a number."""
        before: Mapping[str, Any] = self.initial.get("attributes") or {}
        return {
            key: before[key]
            if key in before and _said(before[key]) == text
            else cells.read_number(text)
            for key, text in self.cleaned_data["attributes"].items()
        }


class ContactForm(AttributedForm):
    name = forms.CharField(max_length=120, required=False)
    email = forms.CharField(label="E-mail address", max_length=254)
    account_name = forms.CharField(
        label="Account",
        required=False,
        max_length=200,
        help_text="The name of an account; a new name makes a new account.",
    )
    persona = forms.CharField(label="Role", max_length=80, required=False)
    language = forms.CharField(
        max_length=40, required=False, help_text="A code such as en or pt-BR, or its name."
    )
    time_zone = forms.CharField(
        max_length=64, required=False, help_text="Such as Europe/Berlin. Mails keep to it."
    )
    consent_basis = forms.ChoiceField(label="Basis of consent", required=False)
    consent_source = forms.CharField(
        label="Source of consent", max_length=120, required=False, help_text="Where it was given."
    )
    consent_on = forms.DateField(
        label="Date of consent", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    external_id = forms.CharField(
        label="Your own id", max_length=120, required=False, help_text="Imports go by it first."
    )
    attributes = AttributesField(required=False, help_text="One a line, such as “seats: 12”.")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = self.fields["consent_basis"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                ("", "not known"),
                *((base, base.replace("_", " ").capitalize()) for base in cells.BASES),
            ]

    @staticmethod
    def initial_of(contact: Contact) -> dict[str, Any]:
        names = (
            "name", "email", "persona", "language", "time_zone", "consent_basis",
            "consent_source", "consent_on", "external_id", "attributes",
        )  # fmt: skip
        account = contact.account.name if contact.account else ""
        return {name: getattr(contact, name) for name in names} | {"account_name": account}


class QuarantineForm(forms.Form):
    """Whoever is left alone already may be asked at once when the day is emptied."""

    until = forms.DateField(
        label="May be asked again from",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Choose the day from which they may be asked again."},
    )
    why = forms.CharField(
        label="Why",
        max_length=200,
        required=False,
        help_text="Shown wherever somebody asks why this customer was not asked.",
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any],
        is_left_alone: bool,
    ) -> None:
        super().__init__(data, initial=initial)
        if is_left_alone:
            self.fields["until"].required = False
            self.fields["until"].help_text = "Left empty, they may be asked at once."


class AccountForm(AttributedForm):
    name = forms.CharField(max_length=200)
    owner = forms.ChoiceField(required=False, help_text="Whoever looks after them.")
    plan = forms.CharField(max_length=80, required=False)
    industry = forms.CharField(max_length=80, required=False)
    lifecycle_stage = forms.CharField(
        max_length=40, required=False, help_text="Such as onboarding, customer, renewing."
    )
    country = forms.CharField(
        max_length=60, required=False, help_text="Two letters such as DE, or its name."
    )
    recurring_revenue = forms.DecimalField(
        label="Recurring revenue a year",
        required=False,
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=2,
    )
    currency = forms.CharField(max_length=3, required=False, help_text="Such as EUR.")
    renewal_on = forms.DateField(
        label="Renewal date", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    churned_on = forms.DateField(
        label="Left us on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    external_id = forms.CharField(
        label="Your own id", max_length=120, required=False, help_text="Imports go by it first."
    )
    attributes = AttributesField(required=False, help_text="One a line, such as “seats: 12”.")

    def __init__(self, *arguments: Any, workspace: Workspace, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.members = {
            member.public_id: member
            for member in workspaces.list_members(workspace=workspace).filter(is_active=True)
        }
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            people = [(key, str(member)) for key, member in self.members.items()]
            field.choices = [("", "nobody"), *people]

    def values(self) -> dict[str, Any]:
        """What was typed, with the owner as a member."""
        owner = self.members.get(self.cleaned_data["owner"])
        return {**self.cleaned_data, "owner": owner}

    @staticmethod
    def initial_of(account: Account) -> dict[str, Any]:
        names = (
            "name", "plan", "industry", "lifecycle_stage", "country", "recurring_revenue",
            "currency", "renewal_on", "churned_on", "external_id", "attributes",
        )  # fmt: skip
        owner = account.owner.public_id if account.owner else ""
        return {name: getattr(account, name) for name in names} | {"owner": owner}


class EraseForm(forms.Form):
    """Typed by hand, so that nobody is erased by a slip."""

    typed = forms.CharField(max_length=254, required=False, strip=True)

    def __init__(self, *arguments: Any, contact: Contact, **options: Any) -> None:
        options.setdefault("use_required_attribute", False)
        super().__init__(*arguments, **options)
        self.expected = contact.email or contact.name
        self.fields["typed"].label = f"Type {self.expected} to confirm"
        self.fields["typed"].widget.attrs["autocomplete"] = "off"

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.casefold() != self.expected.casefold():
            raise forms.ValidationError(f"That is not {self.expected}. Nothing was erased.")
        return typed
