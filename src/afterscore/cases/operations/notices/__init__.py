"""Telling our own people: by mail and in chat rooms, gathered, in business hours, once.

`planning` decides who is to hear of what and writes that down; `sending` says it. A worker that
dies in between leaves a notice that was begun or not: what was begun is not said twice.
"""

from __future__ import annotations

from afterscore.cases.operations.notices.planning import (
    forget_old_notices,
    opened_today,
    plan_alert_notices,
    plan_digests,
)
from afterscore.cases.operations.notices.sending import NotTaken, send_notice

__all__ = [
    "NotTaken",
    "forget_old_notices",
    "opened_today",
    "plan_alert_notices",
    "plan_digests",
    "send_notice",
]
