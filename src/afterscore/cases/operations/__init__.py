"""What may be done with a case. Each operation locks the case's row and returns it as it is now."""

from __future__ import annotations

from afterscore.cases.operations.addresses import writes_back_here
from afterscore.cases.operations.assigning import assign
from afterscore.cases.operations.closing import close_case, reopen_case
from afterscore.cases.operations.contacting import (
    add_note,
    log_call,
    record_customer_message,
)
from afterscore.cases.operations.opening import follow_response, open_case
from afterscore.cases.operations.writing import plan_automated, plan_follow_up, reply

__all__ = [
    "add_note",
    "assign",
    "close_case",
    "follow_response",
    "log_call",
    "open_case",
    "plan_automated",
    "plan_follow_up",
    "record_customer_message",
    "reopen_case",
    "reply",
    "writes_back_here",
]
