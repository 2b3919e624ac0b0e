"""People of one account, and the promise of an answer, as fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from afterscore.domain import policies
from afterscore.programs.definitions import LIMITS, Definition

FIELDS_OF = {
    "accounts.limit": "account_limit",
    "accounts.spread_days": "account_spread_days",
    "mail.commitment": "commitment",
}


def _whole(path: str, label: str, *, empty: str = "") -> forms.IntegerField:
    limit = LIMITS[path]
    wrong = f"Give a whole number from {limit.low} to {limit.high}."
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=limit.low,
        max_value=limit.high,
        widget=forms.NumberInput(attrs={"placeholder": empty} if empty else {}),
        help_text=policies.WHYS[path],
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )


def limit_field() -> forms.IntegerField:
    return _whole("accounts.limit", "People per account", empty="no limit")


def spread_field() -> forms.IntegerField:
    return _whole("accounts.spread_days", "Days between two of them", empty="0")


def commitment_field() -> forms.CharField:
    return forms.CharField(
        label="What you promise",
        max_length=300,
        required=False,
        help_text="One sentence below the question. Left empty, each reader is promised in their "
        "own language that somebody gets back to them within the days below.",
    )


def why_field() -> forms.CharField:
    return forms.CharField(
        label="Why this change",
        max_length=300,
        required=False,
        help_text="Kept with the program's decisions, for whoever asks later.",
    )


def data_of(data: Mapping[str, Any]) -> dict[str, object]:
    """What a file would say of accounts."""
    given = {"limit": data.get("account_limit"), "spread_days": data.get("account_spread_days")}
    return {key: value for key, value in given.items() if value is not None}


def initial_of(definition: Definition) -> dict[str, object]:
    return {
        "account_limit": definition.account_limit,
        "account_spread_days": definition.account_spread_days or None,
        "commitment": definition.commitment,
    }
