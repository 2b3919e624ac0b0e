"""What may be done with a case. Each operation locks the case's row and returns it as it is now."""

from __future__ import annotations

from afterscore.cases.operations.addresses import writes_back_here
from afterscore.cases.operations.asking_back import plan_check_back
from afterscore.cases.operations.assigning import assign
from afterscore.cases.operations.changing import follow_response
from afterscore.cases.operations.closing import close_case, reopen_case
from afterscore.cases.operations.contacting import (
    add_note,
    log_call,
    record_customer_message,
)
from afterscore.cases.operations.drawing import draw_turns, draw_turns_of
from afterscore.cases.operations.following import see_news
from afterscore.cases.operations.giving import (
    approve_gesture,
    ask_gesture,
    cancel_gesture,
    confirm_gesture,
    decline_gesture,
    save_gift,
    send_gesture,
    set_budget,
)
from afterscore.cases.operations.hearing_back import (
    answer_check_back,
    is_open_to_answer,
    settle_check_backs,
)
from afterscore.cases.operations.matching import match_again
from afterscore.cases.operations.mentioning import see_mentions
from afterscore.cases.operations.opening import open_case
from afterscore.cases.operations.promising import (
    break_promises,
    keep_promise,
    promise,
    release_promise,
)
from afterscore.cases.operations.shelving import change_playbook, reset_playbook
from afterscore.cases.operations.tagging import set_themes, tag, untag
from afterscore.cases.operations.tasks import (
    add_task,
    finish_task,
    hand_task_over,
    resume_task,
    skip_task,
    write_task,
)
from afterscore.cases.operations.telling import tell_voices
from afterscore.cases.operations.together import Result, do_together
from afterscore.cases.operations.viewing import remove_view, save_view
from afterscore.cases.operations.watching import stop_watching, watch
from afterscore.cases.operations.writing import plan_automated, plan_follow_up, reply

__all__ = [
    "Result",
    "add_note",
    "add_task",
    "answer_check_back",
    "approve_gesture",
    "ask_gesture",
    "assign",
    "break_promises",
    "cancel_gesture",
    "change_playbook",
    "close_case",
    "confirm_gesture",
    "decline_gesture",
    "do_together",
    "draw_turns",
    "draw_turns_of",
    "finish_task",
    "follow_response",
    "hand_task_over",
    "is_open_to_answer",
    "keep_promise",
    "log_call",
    "match_again",
    "open_case",
    "plan_automated",
    "plan_check_back",
    "plan_follow_up",
    "promise",
    "record_customer_message",
    "release_promise",
    "remove_view",
    "reopen_case",
    "reply",
    "reset_playbook",
    "resume_task",
    "save_gift",
    "save_view",
    "see_mentions",
    "see_news",
    "send_gesture",
    "set_budget",
    "set_themes",
    "settle_check_backs",
    "skip_task",
    "stop_watching",
    "tag",
    "tell_voices",
    "untag",
    "watch",
    "write_task",
    "writes_back_here",
]
