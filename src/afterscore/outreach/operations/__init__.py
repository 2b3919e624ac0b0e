"""Planning, holding back and cancelling messages; what is heard of them; who gets no more mail.

The sender moves messages through their states; these operations say what there is to send.
"""

from __future__ import annotations

from afterscore.outreach.operations.choices import GAPS, OPTED_IN, Choice, choose, leave_program
from afterscore.outreach.operations.deliveries import (
    confirm_arrival,
    mark_answered,
    note_view,
    resend,
    send_again,
    unsubscribe,
)
from afterscore.outreach.operations.hearing import hear
from afterscore.outreach.operations.planning import (
    Draft,
    cancel_messages,
    hold_messages,
    plan_messages,
    refresh_fields,
    release_messages,
)
from afterscore.outreach.operations.suppressions import lift, suppress

__all__ = [
    "GAPS",
    "OPTED_IN",
    "Choice",
    "Draft",
    "cancel_messages",
    "choose",
    "confirm_arrival",
    "hear",
    "hold_messages",
    "leave_program",
    "lift",
    "mark_answered",
    "note_view",
    "plan_messages",
    "refresh_fields",
    "release_messages",
    "resend",
    "send_again",
    "suppress",
    "unsubscribe",
]
