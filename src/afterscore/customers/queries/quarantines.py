"""Who is left alone for a while."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from afterscore.customers.models import Account, Contact


class Quarantined(NamedTuple):
    until: datetime
    why: str
    whole_account: bool


def is_quarantined(whom: Contact | Account, *, now: datetime) -> bool:
    return whom.quarantined_until is not None and whom.quarantined_until > now


def list_quarantines(*, contact: Contact, now: datetime) -> list[Quarantined]:
    """The contact's own and the account's, those that still last."""
    return [
        Quarantined(whom.quarantined_until, whom.quarantine_why, isinstance(whom, Account))
        for whom in (contact, contact.account)
        if whom is not None and whom.quarantined_until is not None
        if is_quarantined(whom, now=now)
    ]
