"""Reading cases."""

from __future__ import annotations

from afterscore.cases.queries.background import (
    ANSWERING_ROLES,
    Background,
    background_of,
    count_follow_ups,
    list_assignable,
    list_entries,
)
from afterscore.cases.queries.checking_back import (
    check_back_results,
    find_check_back,
    list_check_backs,
    was_asked_back,
)
from afterscore.cases.queries.counting import (
    MOST_COUNTED,
    Counts,
    closure_counts,
    count_cases,
    count_up_to,
    count_waiting,
)
from afterscore.cases.queries.daily import Day, Work, day_of, unseen_mentions
from afterscore.cases.queries.filters import NO_FILTERS, Due, Filters
from afterscore.cases.queries.letters import (
    attachments_of,
    find_case_written_to,
    find_latest_message,
    find_member_writing,
    get_attachment,
    has_mail,
)
from afterscore.cases.queries.listing import (
    Show,
    find_case_of,
    find_next_due,
    get_case,
    has_cases,
    list_cases,
    select_cases,
)
from afterscore.cases.queries.pages import Page, page_of, read_place
from afterscore.cases.queries.promising import (
    count_owed,
    get_commitment,
    list_commitments,
    list_owed,
    list_settled,
    promise_record,
)
from afterscore.cases.queries.routing import (
    Shift,
    answer_of,
    get_rule,
    list_rules,
    rule_of,
    rules_in_force,
    shift_on,
)
from afterscore.cases.queries.telling import Telling, list_tellings
from afterscore.cases.queries.timeline import list_conversation

__all__ = [
    "ANSWERING_ROLES",
    "MOST_COUNTED",
    "NO_FILTERS",
    "Background",
    "Counts",
    "Day",
    "Due",
    "Filters",
    "Page",
    "Shift",
    "Show",
    "Telling",
    "Work",
    "answer_of",
    "attachments_of",
    "background_of",
    "check_back_results",
    "closure_counts",
    "count_cases",
    "count_follow_ups",
    "count_owed",
    "count_up_to",
    "count_waiting",
    "day_of",
    "find_case_of",
    "find_case_written_to",
    "find_check_back",
    "find_latest_message",
    "find_member_writing",
    "find_next_due",
    "get_attachment",
    "get_case",
    "get_commitment",
    "get_rule",
    "has_cases",
    "has_mail",
    "list_assignable",
    "list_cases",
    "list_check_backs",
    "list_commitments",
    "list_conversation",
    "list_entries",
    "list_owed",
    "list_rules",
    "list_settled",
    "list_tellings",
    "page_of",
    "promise_record",
    "read_place",
    "rule_of",
    "rules_in_force",
    "select_cases",
    "shift_on",
    "unseen_mentions",
    "was_asked_back",
]
