"""The inbox and what one does in it."""

from __future__ import annotations

from afterscore.cases.views.acting import (
    add_note,
    assign,
    close_case,
    hear_customer,
    log_call,
    reopen_case,
    reply,
)
from afterscore.cases.views.mails import download
from afterscore.cases.views.showing import show_case, show_inbox

__all__ = [
    "add_note",
    "assign",
    "close_case",
    "download",
    "hear_customer",
    "log_call",
    "reopen_case",
    "reply",
    "show_case",
    "show_inbox",
]
