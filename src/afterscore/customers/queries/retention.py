"""How many accounts have stayed, by the people who look after them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Q
from django.db.models.functions import Lower, Trim

from afterscore.customers.models import Account
from afterscore.domain.health import Rate
from afterscore.workspaces.models import Workspace

YEAR = timedelta(days=365)
NEVER_CUSTOMERS = ("prospect", "lead", "trial")
GONE = ("churned", "lost", "left", "former", "cancelled", "canceled")
"""Stages of accounts that are no customers. Without a day nobody knows in which year they left, so
they count neither as staying nor as leaving."""


def list_retention(*, workspace: Workspace, today: date) -> dict[int | None, Rate]:
    """Of each owner's accounts (None: nobody's) that were customers within the year that ends
    today: how many still are. Whoever has an account today answers for it, also for its loss."""
    left = Q(churned_on__lte=today, churned_on__gt=today - YEAR)
    stays = Q(churned_on=None) & ~Q(stage__in=(*NEVER_CUSTOMERS, *GONE)) | Q(churned_on__gt=today)
    rows = (
        Account.objects.filter(workspace=workspace)
        .annotate(stage=Lower(Trim("lifecycle_stage")))
        .order_by()
        .values_list("owner")
        .annotate(staying=Count("id", filter=stays), leaving=Count("id", filter=left))
    )
    return {owner: Rate(staying, staying + leaving) for owner, staying, leaving in rows}
