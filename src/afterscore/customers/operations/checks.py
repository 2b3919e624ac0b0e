"""What people type into forms or send to the API, held to the same rules as imported files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from afterscore.customers.importers import amounts, cells, fields
from afterscore.customers.importers.cells import CellError
from afterscore.customers.models import Account, Contact
from afterscore.domain import segments
from afterscore.kit.errors import Refused

_MAX_ATTRIBUTES = 500
_SPECIAL: Mapping[str, Callable[[str], Any]] = {
    "contact.email": cells.read_email,
    "contact.name": cells.read_name,
    "contact.language": cells.read_language,
    "contact.time_zone": cells.read_time_zone,
    "contact.consent_basis": cells.read_consent,
    "account.country": cells.read_country,
    "account.currency": cells.read_currency,
}
_TAKEN = {
    "contact_by_email": ("email", "Another contact has this address."),
    "contact_by_external": ("external_id", "Another contact has this id."),
    "account_by_name": ("name", "There is already an account of this name."),
    "account_by_external": ("external_id", "Another account has this id."),
}
# What stays NULL when it is not known; everything else is an empty text.
_NULLABLE = frozenset({"email", "external_id"})


def checked(owner: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored; `owner` is "contact" or "account". Raises Refused.

    Texts are cleaned and judged by their field; dates, amounts, rows and None pass as they are.
    """
    stored: dict[str, Any] = {}
    for key, value in values.items():
        if key == "attributes":
            stored[key] = checked_attributes(value)
        elif key == "recurring_revenue":
            stored[key] = _checked_revenue(value)
        else:
            stored[key] = _checked_text(owner, key, value) if isinstance(value, str) else value
    return stored


def _checked_text(owner: str, key: str, value: str) -> str | None:
    name = f"{owner}.{key}"
    read = _SPECIAL.get(name) or partial(cells.one_line, limit=fields.FIELDS[name].limit)
    try:
        text = cells.clean(value)
        return read(text) if text else (None if key in _NULLABLE else "")
    except CellError as error:
        raise Refused(error.reason, field=key) from error


def _checked_revenue(value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    if not value.is_finite() or not 0 <= value < amounts.LIMIT:
        raise Refused("A revenue is an amount from zero up.", field="recurring_revenue")
    return amounts.rounded(value)


def checked_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Texts, numbers and truths by key; an empty text takes the attribute away."""
    if len(attributes) > _MAX_ATTRIBUTES:
        raise Refused(f"At most {_MAX_ATTRIBUTES} attributes are kept.", field="attributes")
    stored = {key: _checked_attribute(key, value) for key, value in attributes.items()}
    return {key: value for key, value in stored.items() if value not in ("", None)}


def _checked_attribute(key: str, value: Any) -> Any:
    if segments.kind_of(f"contact.attribute.{key}") is None:
        raise Refused(
            f"“{key[:60]}” is not a name for an attribute: use letters, digits and single _ or -.",
            field="attributes",
        )
    match value:
        case bool() | None:
            return value
        case int() | float() if cells.is_number(str(value)):
            return value
        case str():
            try:
                return cells.clean(value)
            except CellError as error:
                raise Refused(f"{key}: {error.reason}", field="attributes") from error
        case _:
            raise Refused(f"{key} must be a text or a number of 15 digits.", field="attributes")


@contextmanager
def refusing_duplicates() -> Iterator[None]:
    """Turns the database's "there is one already" into a Refused that names the field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in _TAKEN:
            raise
        field, message = _TAKEN[name]
        raise Refused(message, field=field) from error


def save_changes(row: Account | Contact, stored: Mapping[str, Any], now: datetime) -> list[str]:
    """Saves what differs and returns its names; without a difference nothing is written."""
    changed = sorted(key for key, value in stored.items() if getattr(row, key) != value)
    if changed:
        for key in changed:
            setattr(row, key, stored[key])
        row.updated_at = now
        with refusing_duplicates():
            row.save(update_fields=[*changed, "updated_at"])
    return changed
