from __future__ import annotations

from typing import Any

from django import forms

from afterscore.outreach import operations
from afterscore.outreach.channels.providers import Provider, Setting
from afterscore.outreach.models import MailRoute

KEPT = "Stored, and not shown. Leave it empty to keep it; enter a new one to replace it."


class RouteForm(forms.Form):
    """A mail route: for whom, how fast, and what its provider wants to know.

    Secrets go in and never come out: their fields are always empty.
    """

    name = forms.CharField(max_length=120, help_text="So that you recognise it.")
    addresses = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        label="For mail from",
        help_text="Addresses and domains, one a line, such as example.com. Empty: everybody who "
        "has no route of their own.",
    )
    per_minute = forms.IntegerField(
        min_value=1,
        max_value=operations.MOST_PER_MINUTE,
        required=False,
        label="Mails a minute, at most",
        help_text="Empty: no limit.",
    )
    is_active = forms.BooleanField(
        required=False,
        initial=True,
        label="Switched on",
        help_text="Switched off, its mail waits.",
    )

    def __init__(
        self,
        *arguments: Any,
        provider: Provider,
        route: MailRoute | None = None,
        stored: frozenset[str] = frozenset(),
        **options: Any,
    ) -> None:
        """`stored` names the secrets that are kept already."""
        options.setdefault("initial", _initial(provider, route))
        super().__init__(*arguments, **options)
        self.provider = provider
        last = {name: self.fields.pop(name) for name in ("per_minute", "is_active")}
        for setting in provider.settings:
            self.fields[setting.name] = _field(setting, is_stored=setting.name in stored)
        self.fields.update(last)
        if route is None:
            del self.fields["is_active"]

    def values(self) -> dict[str, Any]:
        """What the operations take."""
        values = self.cleaned_data
        return {
            "name": values["name"],
            "addresses": values["addresses"].replace(",", "\n").splitlines(),
            "entered": {each.name: values[each.name] for each in self.provider.settings},
            "per_minute": values["per_minute"],
        }


def _initial(provider: Provider, route: MailRoute | None) -> dict[str, Any]:
    if route is None:
        return {"name": provider.name}
    return {
        **route.options,
        "name": route.name,
        "addresses": "\n".join(route.senders),
        "per_minute": route.per_minute,
        "is_active": route.is_active,
    }


def _field(setting: Setting, *, is_stored: bool) -> forms.Field:
    given: dict[str, Any] = {
        "label": setting.label,
        "required": setting.is_required and not is_stored,
        "help_text": KEPT if is_stored else setting.help,
    }
    if setting.choices:
        return forms.ChoiceField(choices=setting.choices, **given)
    if setting.is_secret:
        attributes = {"autocomplete": "new-password", "spellcheck": "false"}
        if is_stored:
            attributes["placeholder"] = "••••••••"
        return forms.CharField(
            widget=forms.PasswordInput(attrs=attributes), max_length=4_000, strip=True, **given
        )
    return forms.CharField(max_length=250, **given)
