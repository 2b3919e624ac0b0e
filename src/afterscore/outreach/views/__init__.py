from __future__ import annotations

from afterscore.outreach.views.outbox import (
    confirm,
    html,
    message,
    outbox,
    send_again,
    trust_address,
)
from afterscore.outreach.views.returns import came_back, came_back_once

__all__ = [
    "came_back",
    "came_back_once",
    "confirm",
    "html",
    "message",
    "outbox",
    "send_again",
    "trust_address",
]
