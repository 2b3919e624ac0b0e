from __future__ import annotations

from afterscore.customers.queries.accounts import (
    count_accounts,
    find_account,
    find_an_owner,
    get_account,
    list_accounts,
    list_plans,
)
from afterscore.customers.queries.adoption import Usage, feature_name, usage_of
from afterscore.customers.queries.contacts import (
    count_contacts,
    find_contact,
    get_contact,
    list_contacts,
    list_languages,
)
from afterscore.customers.queries.filtering import filter_contacts
from afterscore.customers.queries.freezing import facts_of, freeze
from afterscore.customers.queries.imports import (
    find_import,
    find_mapping_problem,
    find_remembered_mapping,
    find_unfinished_import,
    get_import,
    iterate_refused_rows,
    list_imports,
    list_refusals,
    open_date_questions,
)
from afterscore.customers.queries.previews import preview_of, rules_of
from afterscore.customers.queries.quarantines import is_quarantined, list_quarantines
from afterscore.customers.queries.ranking import Standing, revenue_standing
from afterscore.customers.queries.retention import list_retention
from afterscore.customers.queries.signals import (
    is_question_shown,
    list_signal_names,
    list_signals,
    reported_messages,
    reported_surveys,
    title_of,
)

__all__ = [
    "Standing",
    "Usage",
    "count_accounts",
    "count_contacts",
    "facts_of",
    "feature_name",
    "filter_contacts",
    "find_account",
    "find_an_owner",
    "find_contact",
    "find_import",
    "find_mapping_problem",
    "find_remembered_mapping",
    "find_unfinished_import",
    "freeze",
    "get_account",
    "get_contact",
    "get_import",
    "is_quarantined",
    "is_question_shown",
    "iterate_refused_rows",
    "list_accounts",
    "list_contacts",
    "list_imports",
    "list_languages",
    "list_plans",
    "list_quarantines",
    "list_refusals",
    "list_retention",
    "list_signal_names",
    "list_signals",
    "open_date_questions",
    "preview_of",
    "reported_messages",
    "reported_surveys",
    "revenue_standing",
    "rules_of",
    "title_of",
    "usage_of",
]
