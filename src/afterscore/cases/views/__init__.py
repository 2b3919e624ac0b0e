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
    set_themes,
)
from afterscore.cases.views.following import see, unwatch, watch
from afterscore.cases.views.mails import download
from afterscore.cases.views.showing import show_case, show_inbox
from afterscore.cases.views.together import act_together, undo_together
from afterscore.cases.views.viewing import remove_view, save_view, show_board, show_filters

__all__ = [
    "act_together",
    "add_note",
    "assign",
    "close_case",
    "download",
    "hear_customer",
    "log_call",
    "remove_view",
    "reopen_case",
    "reply",
    "save_view",
    "see",
    "set_themes",
    "show_board",
    "show_case",
    "show_filters",
    "show_inbox",
    "undo_together",
    "unwatch",
    "watch",
]
