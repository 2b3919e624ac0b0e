"""The demo's programs, as anybody would write them in a file."""

from __future__ import annotations

from typing import Any

REMINDER_AFTER_DAYS = 5
ASKED_AFTER_DAYS = 7

_SPONSOR = "Olivia Byrne, CEO"
_CUSTOMERS = {"field": "account.lifecycle_stage", "is_not": "churned"}
_LARGEST = {"field": "account.plan", "is": "enterprise"}
_DECIDES = {"field": "contact.persona", "is": "decision maker"}

RELATIONSHIP: dict[str, Any] = {
    "name": "Relationship",
    "slug": "relationship",
    "objective": "Know each quarter which customers would recommend us, and answer every one.",
    "sponsor": _SPONSOR,
    "positioning": "between",
    "survey": {
        "company": "Harbourline",
        "drivers": [
            {"key": "support", "label": "Support", "kind": "rating"},
            {"key": "reliability", "label": "Reliability", "kind": "rating"},
        ],
    },
    "audience": [_CUSTOMERS],
    "sender": "account_owner",
    "cadence": 90,
    "touches": {"reminders": 1, "reminder_after_days": REMINDER_AFTER_DAYS},
}

ONBOARDING: dict[str, Any] = {
    "name": "After onboarding",
    "slug": "after-onboarding",
    "objective": "Learn what the first weeks were like from those who set us up.",
    "sponsor": _SPONSOR,
    "positioning": "between",
    "survey": {
        "company": "Harbourline",
        "drivers": [{"kind": "satisfaction"}, {"kind": "effort"}],
    },
    "audience": [_CUSTOMERS, {"field": "contact.persona", "is": "administrator"}],
    "trigger": {"after": "onboarding_finished", "days": ASKED_AFTER_DAYS},
    "sender": "account_owner",
    "touches": {"reminders": 1, "reminder_after_days": REMINDER_AFTER_DAYS},
}

# From the last wave on, those who decide at the largest customers are left to the check-in.
LEFT_TO_THE_CHECK_IN: dict[str, Any] = RELATIONSHIP | {
    "audience": [_CUSTOMERS, {"not": {"all": [_LARGEST, _DECIDES]}}],
}
WHY_LEFT = "Whoever decides at a large customer is called first, and asked by the check-in."

# Not launched: its preview shows calls before asking and a plan by people's time.
CHECK_IN: dict[str, Any] = {
    "name": "Key account check-in",
    "slug": "key-account-check-in",
    "objective": "Hear from those who decide at our largest customers before they renew.",
    "sponsor": _SPONSOR,
    "positioning": "help_me_help_you",
    "survey": {"company": "Harbourline"},
    "audience": [_CUSTOMERS, _LARGEST, _DECIDES],
    "sender": "account_owner",
    "pace": {"by": "capacity", "follow_ups_per_day": 4},
    "touches": {"heads_up": "call"},
}
