"""The messages a program sends, read from its `touches`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from afterscore.domain.reminders import MAX_INVITATION_MESSAGES, Positioning, touch_policy
from afterscore.programs.definitions import readers
from afterscore.programs.definitions.shape import HEADS_UPS, LIMITS

_PATH = "touches"
_KEYS = (
    "reminders", "reminder_after_days", "reminder_hold_out", "quotes_peers", "heads_up",
    "heads_up_days", "heads_up_hold_out",
)  # fmt: skip
_NONE, _MAIL = "none", "mail"


class Touches(TypedDict):
    """What a definition says of them; hold-outs are percentages."""

    reminders: int
    reminder_after_days: int
    reminder_hold_out: int
    quotes_peers: bool
    heads_up: str
    heads_up_days: int
    heads_up_hold_out: int


def read(data: object, positioning: Positioning) -> Touches:
    """Whatever is left out takes what the positioning proposes, within the cap."""
    given = readers.mapping(data, _PATH, _KEYS)
    policy = touch_policy(positioning)
    reminders = readers.whole_number(
        given.get("reminders", policy.reminders), "touches.reminders", LIMITS["touches.reminders"]
    )
    heads_up = _heads_up(given, policy.heads_up, reminders)
    ahead = given if heads_up else {}
    return Touches(
        reminders=reminders,
        reminder_after_days=_limited(given, "reminder_after_days"),
        reminder_hold_out=_limited(given, "reminder_hold_out"),
        quotes_peers=readers.truth(given.get("quotes_peers", False), "touches.quotes_peers"),
        heads_up=heads_up,
        heads_up_days=_limited(ahead, "heads_up_days"),
        heads_up_hold_out=_limited(ahead, "heads_up_hold_out"),
    )


def _heads_up(given: Mapping[str, object], proposed: str, reminders: int) -> str:
    """ "" for none. A mail counts against the cap, a call does not."""
    if "heads_up" not in given:
        return proposed if _fits(proposed, reminders) else ""
    said = readers.choice(given["heads_up"], "touches.heads_up", HEADS_UPS)
    heads_up = "" if said == _NONE else said
    if not _fits(heads_up, reminders):
        readers.refuse(
            "touches.heads_up",
            f"A mail ahead, the invitation and {reminders} reminders are {2 + reminders} messages, "
            f"and nobody gets more than {MAX_INVITATION_MESSAGES}. Announce it by a call, or "
            f"remind at most {MAX_INVITATION_MESSAGES - 2} time.",
        )
    return heads_up


def _fits(heads_up: str, reminders: int) -> bool:
    return 1 + reminders + (heads_up == _MAIL) <= MAX_INVITATION_MESSAGES


def _limited(given: Mapping[str, object], key: str) -> int:
    full = readers.join(_PATH, key)
    return readers.whole_number(given.get(key, LIMITS[full].default), full, LIMITS[full])
