"""Who asks, and how many people of one account: read from `sender` and `accounts`."""

from __future__ import annotations

from typing import TypedDict

from afterscore.domain import policies
from afterscore.domain.reminders import Positioning
from afterscore.programs.definitions import readers, shape
from afterscore.programs.definitions.shape import ACCOUNT_OWNER, LIMITS, NAMED, WORKSPACE


class Sender(TypedDict):
    sender: str
    sender_name: str
    sender_email: str


class Accounts(TypedDict):
    account_limit: int | None
    account_spread_days: int


def sender(data: object, positioning: Positioning) -> Sender:
    """Left out, whoever the positioning proposes."""
    if data is None:
        data = policies.proposal(positioning, "sender").value
    if data == WORKSPACE:
        return Sender(sender=NAMED, sender_name="", sender_email="")
    if data == ACCOUNT_OWNER:
        return Sender(sender=ACCOUNT_OWNER, sender_name="", sender_email="")
    if isinstance(data, str):
        readers.refuse("sender", "Expected account_owner, workspace, or a name and an email.")
    given = readers.mapping(data, "sender", ("name", "email"))
    name = readers.line(given.get("name"), "sender.name", shape.MAX_NAME_LENGTH)
    if not name:
        readers.refuse("sender.name", "A mail comes from a person: give a name.")
    email = readers.email(given.get("email"), "sender.email")
    return Sender(sender=NAMED, sender_name=name, sender_email=email)


def accounts(data: object) -> Accounts:
    """Left out: no limit, and all on one day."""
    given = readers.mapping(data, "accounts", ("limit", "spread_days"))
    limit = given.get("limit")
    if limit is not None:
        limit = readers.whole_number(limit, "accounts.limit", LIMITS["accounts.limit"])
    days = given.get("spread_days", LIMITS["accounts.spread_days"].default)
    spread = readers.whole_number(days, "accounts.spread_days", LIMITS["accounts.spread_days"])
    if spread and limit is None:
        readers.refuse(
            "accounts.spread_days",
            "Days between people of one account need a limit of people as well: accounts.limit.",
        )
    return Accounts(account_limit=limit, account_spread_days=spread)
