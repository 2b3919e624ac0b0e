"""What is known of a contact, as data: kept beside an answer, or judged by a filter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from afterscore.customers.models import Account, Contact

_CONTACT_FIELDS = ("persona", "language", "time_zone", "consent_basis")
_ACCOUNT_FIELDS = ("name", "plan", "industry", "country", "lifecycle_stage", "currency")
_JUDGED_CONTACT_FIELDS = (*_CONTACT_FIELDS, "email", "name", "external_id")
_JUDGED_ACCOUNT_FIELDS = (*_ACCOUNT_FIELDS, "external_id", "recurring_revenue", "renewal_on")


def freeze(contact: Contact) -> dict[str, dict[str, Any]]:
    """A JSON-able copy of what a contact and its account are right now.

    `{"contact": {"language": …, "attribute": {…}}, "account": {"plan": …, "attribute": {…}}}`:
    the path "account.attribute.region" is the name that filters use. Empty values are left out.
    Amounts are texts ("1200.00"), dates ISO texts. It names no person: no address, no name.
    """
    account = contact.account
    return {
        "contact": _known(contact, _CONTACT_FIELDS) | {"attribute": dict(contact.attributes)},
        "account": {} if account is None else _frozen_account(account),
    }


def _frozen_account(account: Account) -> dict[str, Any]:
    frozen = {"id": account.public_id} | _known(account, _ACCOUNT_FIELDS)
    if account.recurring_revenue is not None:
        frozen["recurring_revenue"] = str(account.recurring_revenue)
    if account.renewal_on is not None:
        frozen["renewal_on"] = account.renewal_on.isoformat()
    return frozen | {"attribute": dict(account.attributes)}


def facts_of(contact: Contact) -> Mapping[str, object]:
    """What `domain.segments.matches` judges, keyed by field name; instants are told in UTC."""
    facts: dict[str, object] = {
        f"contact.{name}": value for name, value in _known(contact, _JUDGED_CONTACT_FIELDS).items()
    }
    facts["contact.created_at"] = contact.created_at.astimezone(UTC)
    facts |= {f"contact.attribute.{key}": value for key, value in contact.attributes.items()}
    account = contact.account
    if account is not None:
        known = _known(account, _JUDGED_ACCOUNT_FIELDS)
        facts |= {f"account.{name}": value for name, value in known.items()}
        facts |= {f"account.attribute.{key}": value for key, value in account.attributes.items()}
    return facts


def _known(row: Account | Contact, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {name: value for name, value in values.items() if value not in ("", None)}
