"""How an account stands among the others."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Q

from afterscore.customers.models import Account


class Standing(NamedTuple):
    """Accounts whose revenue is known in the same currency, and how many of them bring more."""

    accounts: int
    larger: int


def revenue_standing(*, account: Account) -> Standing | None:
    """Among the accounts that have not left; None where the account's revenue is unknown."""
    revenue = account.recurring_revenue
    if revenue is None:
        return None
    own = account.workspace.currency
    currency = account.currency or own
    same = Q(currency=currency) | (Q(currency="") if currency == own else Q())
    counted = Account.objects.filter(
        same, workspace=account.workspace, recurring_revenue__isnull=False, churned_on=None
    ).aggregate(accounts=Count("id"), larger=Count("id", filter=Q(recurring_revenue__gt=revenue)))
    return Standing(**counted)
