"""Planning, holding back and cancelling messages; what is heard of them; who gets no more mail.

The sender moves messages through their states; these operations say what there is to send.
"""

from __future__ import annotations

from afterscore.outreach.operations.addressing import reply_address, reply_domain
from afterscore.outreach.operations.choices import GAPS, OPTED_IN, Choice, choose, leave_program
from afterscore.outreach.operations.deliveries import (
    confirm_arrival,
    mark_answered,
    note_view,
    resend,
    send_again,
    trust_address,
    unsubscribe,
)
from afterscore.outreach.operations.handing import Taken, receive_handed_over
from afterscore.outreach.operations.hearing import hear
from afterscore.outreach.operations.moving import Move, keep_valid, move_messages
from afterscore.outreach.operations.planning import (
    Draft,
    cancel_messages,
    hold_messages,
    plan_messages,
    refresh_fields,
    release_messages,
)
from afterscore.outreach.operations.receiving import (
    MAX_BYTES,
    NotOurs,
    TooLarge,
    check_recipient,
    forget_mail_of_erased,
    forget_old_mail,
    make_sense,
    receive,
    recipient_of,
)
from afterscore.outreach.operations.reporting import (
    count_forged,
    forget_old_reports,
    forget_words,
    hear_again,
    hear_reports,
    receive_report,
    renew_report_address,
)
from afterscore.outreach.operations.routes import (
    MOST_PER_MINUTE,
    Trial,
    change_route,
    create_route,
    move_waiting,
    remove_route,
    rotate_secrets,
    try_route,
)
from afterscore.outreach.operations.suppressions import lift, suppress

__all__ = [
    "GAPS",
    "MAX_BYTES",
    "MOST_PER_MINUTE",
    "OPTED_IN",
    "Choice",
    "Draft",
    "Move",
    "NotOurs",
    "Taken",
    "TooLarge",
    "Trial",
    "cancel_messages",
    "change_route",
    "check_recipient",
    "choose",
    "confirm_arrival",
    "count_forged",
    "create_route",
    "forget_mail_of_erased",
    "forget_old_mail",
    "forget_old_reports",
    "forget_words",
    "hear",
    "hear_again",
    "hear_reports",
    "hold_messages",
    "keep_valid",
    "leave_program",
    "lift",
    "make_sense",
    "mark_answered",
    "move_messages",
    "move_waiting",
    "note_view",
    "plan_messages",
    "receive",
    "receive_handed_over",
    "receive_report",
    "recipient_of",
    "refresh_fields",
    "release_messages",
    "remove_route",
    "renew_report_address",
    "reply_address",
    "reply_domain",
    "resend",
    "rotate_secrets",
    "send_again",
    "suppress",
    "trust_address",
    "try_route",
    "unsubscribe",
]
