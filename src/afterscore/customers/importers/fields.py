"""What a column may hold. The names are those of the audience filter, and a few that become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afterscore.domain import segments


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    limit: int = 80


_LISTED = (
    Field("contact.email", "E-mail address", 254),
    Field("contact.name", "Name", 120),
    Field("contact.first_name", "First name", 60),
    Field("contact.last_name", "Last name", 60),
    Field("contact.external_id", "Contact id", 120),
    Field("contact.persona", "Role (persona)"),
    Field("contact.language", "Language", 16),
    Field("contact.time_zone", "Time zone", 64),
    Field("contact.consent_basis", "Basis of consent", 40),
    Field("contact.consent_source", "Source of consent", 120),
    Field("contact.consent_on", "Date of consent"),
    Field("account.name", "Account", 200),
    Field("account.external_id", "Account id", 120),
    Field("account.owner", "Account owner (a member's e-mail address)", 254),
    Field("account.plan", "Plan"),
    Field("account.industry", "Industry"),
    Field("account.country", "Country", 2),
    Field("account.lifecycle_stage", "Lifecycle stage", 40),
    Field("account.recurring_revenue", "Recurring revenue a year"),
    Field("account.monthly_revenue", "Recurring revenue a month (counted twelve times)"),
    Field("account.currency", "Currency", 3),
    Field("account.renewal_on", "Renewal date"),
)
FIELDS: Mapping[str, Field] = {field.name: field for field in _LISTED}
DATES = frozenset({"contact.consent_on", "account.renewal_on"})
AMOUNTS = frozenset({"account.recurring_revenue", "account.monthly_revenue"})
ACCOUNT_KEYS = ("account.name", "account.external_id")
CONTACT_KEYS = ("contact.email", "contact.external_id")
HALF_NAMES = ("contact.first_name", "contact.last_name")
LEFT_OUT = ""


def label_of(name: str) -> str:
    """In words: "Plan", "Contact attribute “seats”", "left out"."""
    if name == LEFT_OUT:
        return "left out"
    if name in FIELDS:
        return FIELDS[name].label
    owner = name.partition(".")[0].capitalize()
    return f"{owner} attribute “{segments.attribute_key(name)}”"


def is_attribute(name: str) -> bool:
    return name not in FIELDS and segments.kind_of(name) is segments.Kind.ATTRIBUTE


def is_field(name: str) -> bool:
    return name == LEFT_OUT or name in FIELDS or is_attribute(name)


def find_field(text: str) -> str | None:
    """The field meant by "contact.email", "email" or "attribute.seats"; None if there is none."""
    name = text.strip()
    for candidate in (name, f"contact.{name}", f"account.{name}"):
        if is_field(candidate):
            return candidate
    return None
