"""What a program says about itself, with the defaults of everything that may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from afterscore.domain import policies
from afterscore.domain.pace import AtOnce, Pace
from afterscore.domain.questionnaire import Questionnaire
from afterscore.domain.reminders import MAX_INVITATION_MESSAGES, Positioning
from afterscore.domain.segments import EVERYONE, Condition
from afterscore.domain.triggers import ByHand, Trigger

NAMED = "named"
ACCOUNT_OWNER = policies.ACCOUNT_OWNER
WORKSPACE = policies.WORKSPACE

SEND_WINDOWS: Mapping[str, str] = {
    "business_hours": "In business hours",
    "always": "At any time",
}

HEADS_UPS: Mapping[str, str] = {
    "none": "No word ahead",
    "mail": "A short mail: a question is coming",
    "call": "A call by the account's owner",
}

CADENCES: Mapping[str, int] = {"quarterly": 90, "half-yearly": 182, "yearly": 365}
"""Words for the number of days between two waves."""

RESERVED_SLUGS = frozenset({"new", "audience", "waves", "calls"})
"""Words that stand in addresses where a program's slug would."""

MAX_SLUG_LENGTH = 60
MAX_NAME_LENGTH = 120
MAX_OBJECTIVE_LENGTH = 2_000
MAX_SUBJECT_LENGTH = 300
MAX_COMMITMENT_LENGTH = 300
MAX_BODY_LENGTH = 10_000


class Limit(NamedTuple):
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int
    default: int


LIMITS: Mapping[str, Limit] = {
    "cadence": Limit(30, 730, 90),
    "touches.reminders": Limit(0, MAX_INVITATION_MESSAGES - 1, 1),
    "touches.reminder_after_days": Limit(2, 30, 5),
    "touches.reminder_hold_out": Limit(0, 50, 10),  # percent
    "touches.heads_up_days": Limit(1, 14, 3),
    "touches.heads_up_hold_out": Limit(0, 50, 10),  # percent
    "accounts.limit": Limit(1, 1_000, 0),  # 0 = no limit; never written so
    "accounts.spread_days": Limit(0, 30, 0),
    # Three days are the least: a wave launched on a Friday evening is sent on Monday.
    "open_days": Limit(3, 180, 30),
    # The languages word the promise for two days and more.
    "answer_within_days": Limit(2, 30, 5),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A checked program. Empty texts mean the workspace's own, or the language's own, words.

    `company` is whom one would recommend; `sender_name` and `sender_email` are both given or both
    empty; with the sender `account_owner` they are empty. Hold-outs are percentages; `heads_up` is
    "" for none, "mail" or "call"; `account_limit` None is no limit.
    """

    name: str
    slug: str
    objective: str = ""
    sponsor: str = ""
    positioning: Positioning = Positioning.BETWEEN
    company: str = ""
    questionnaire: Questionnaire = field(default_factory=Questionnaire)
    audience: Condition = EVERYONE
    trigger: Trigger = field(default_factory=ByHand)
    pace: Pace = field(default_factory=AtOnce)
    sender: str = NAMED
    sender_name: str = ""
    sender_email: str = ""
    cadence_days: int = LIMITS["cadence"].default
    reminders: int = LIMITS["touches.reminders"].default
    reminder_after_days: int = LIMITS["touches.reminder_after_days"].default
    reminder_hold_out: int = LIMITS["touches.reminder_hold_out"].default
    quotes_peers: bool = False
    heads_up: str = ""
    heads_up_days: int = LIMITS["touches.heads_up_days"].default
    heads_up_hold_out: int = LIMITS["touches.heads_up_hold_out"].default
    send_window: str = "business_hours"
    open_days: int = LIMITS["open_days"].default
    answer_within_days: int = LIMITS["answer_within_days"].default
    account_limit: int | None = None
    account_spread_days: int = LIMITS["accounts.spread_days"].default
    commitment: str = ""
    subject: str = ""
    body: str = ""


class DefinitionError(ValueError):
    """What is wrong with a definition, and where: `path` is like "audience.all[1].field"."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path
        self.message = message
