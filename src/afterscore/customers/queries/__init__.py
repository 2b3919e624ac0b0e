from __future__ import annotations

from afterscore.customers.queries.accounts import (
    count_accounts,
    find_account,
    get_account,
    list_accounts,
    list_plans,
)
from afterscore.customers.queries.contacts import (
    count_contacts,
    find_contact,
    get_contact,
    list_contacts,
    list_languages,
)
from afterscore.customers.queries.filtering import filter_contacts
from afterscore.customers.queries.freezing import facts_of, freeze

__all__ = [
    "count_accounts",
    "count_contacts",
    "facts_of",
    "filter_contacts",
    "find_account",
    "find_contact",
    "freeze",
    "get_account",
    "get_contact",
    "list_accounts",
    "list_contacts",
    "list_languages",
    "list_plans",
]
