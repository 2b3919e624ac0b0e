"""Door three: which code hears of which fact. Dotted paths, so that this file imports nothing."""

from __future__ import annotations

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    "case.assigned": ("afterscore.cases.handlers.tell_watchers",),
    "case.changed": ("afterscore.cases.handlers.tell_watchers",),
    "case.closed": (
        "afterscore.cases.handlers.plan_check_back",
        "afterscore.cases.handlers.tell_watchers",
    ),
    "case.customer_replied": ("afterscore.cases.handlers.tell_watchers",),
    "case.noted": ("afterscore.cases.handlers.tell_watchers",),
    "case.reopened": ("afterscore.cases.handlers.tell_watchers",),
    "check_back.answered": ("afterscore.cases.handlers.tell_watchers",),
    "contact.unsubscribed": ("afterscore.programs.handlers.stop_enrolments",),
    "member.added": ("afterscore.cases.handlers.hand_on",),
    "member.changed": (
        "afterscore.cases.handlers.hand_on",
        "afterscore.cases.handlers.follow_wish",
    ),
    "message.bounced": ("afterscore.programs.handlers.stop_bounced",),
    "message.complained": ("afterscore.programs.handlers.stop_complained",),
    "response.received": (
        "afterscore.cases.handlers.open_case",
        "afterscore.cases.handlers.find_praise",
    ),
    "response.accepted": (
        "afterscore.cases.handlers.open_case",
        "afterscore.cases.handlers.find_praise",
    ),
    "response.changed": (
        "afterscore.cases.handlers.follow_response",
        "afterscore.cases.handlers.find_praise",
    ),
    "improvement.done": ("afterscore.cases.handlers.tell_voices",),
    "theme.changed": ("afterscore.cases.handlers.match_again",),
    "themes.planted": ("afterscore.cases.handlers.match_planted",),
    "workspace.created": ("afterscore.improvements.handlers.plant_themes",),
}
