"""Lists and single rows of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce

from afterscore.customers.importers import records
from afterscore.customers.models import Account, Contact
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Member, Workspace

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ACCOUNT_ORDERS: Mapping[str, tuple[str | OrderBy, ...]] = {
    "name": ("name_key", "id"),
    "-name": ("-name_key", "-id"),
    "revenue": (F("recurring_revenue").asc(nulls_last=True), "id"),
    "-revenue": (F("recurring_revenue").desc(nulls_last=True), "-id"),
    "renewal": (F("renewal_on").asc(nulls_last=True), "id"),
    "-renewal": (F("renewal_on").desc(nulls_last=True), "-id"),
}


class Counted(TypedDict):
    contact_count: int


def list_accounts(
    *,
    workspace: Workspace,
    search: str = "",
    plan: str = "",
    owner: Member | None = None,
    order: str = "name",
) -> QuerySet[WithAnnotations[Account, Counted]]:
    """With the owner loaded and `contact_count`; an unknown `order` is by name."""
    accounts = Account.objects.select_related("owner__user").filter(workspace=workspace)
    if search.strip():
        text = search.strip()
        accounts = accounts.filter(Q(name__icontains=text) | Q(external_id__iexact=text))
    if plan:
        accounts = accounts.filter(plan=plan)
    if owner is not None:
        accounts = accounts.filter(owner=owner)
    accounts = accounts.annotate(contact_count=Coalesce(Subquery(_contacts()), 0))
    return accounts.order_by(*ACCOUNT_ORDERS.get(order, ACCOUNT_ORDERS["name"]))


def _contacts() -> QuerySet[Contact, Any]:
    """How many contacts an account has, counted for the rows of one page only."""
    return (
        Contact.objects.filter(account=OuterRef("pk"), erased_at=None)
        .order_by()
        .values("account")
        .annotate(number=Count("pk", output_field=IntegerField()))
        .values("number")
    )


def get_account(*, workspace: Workspace, public_id: str) -> Account:
    try:
        return Account.objects.select_related("owner__user", "workspace").get(
            workspace=workspace, public_id=public_id
        )
    except Account.DoesNotExist as error:
        raise NotFound("There is no such account.") from error


def find_account(*, workspace: Workspace, name: str) -> Account | None:
    """By name, whatever its case and the spaces around and within it."""
    return Account.objects.filter(workspace=workspace, name_key=records.account_key(name)).first()


def find_an_owner(*, workspace: Workspace) -> Member | None:
    """Somebody who looks after accounts, always the same one: for examples."""
    owners = Account.objects.filter(workspace=workspace).values("owner")
    active = Member.objects.filter(workspace=workspace, is_active=True, pk__in=owners)
    return active.select_related("user").order_by("id").first()


def count_accounts(*, workspace: Workspace) -> int:
    return Account.objects.filter(workspace=workspace).count()


def list_plans(*, workspace: Workspace) -> list[str]:
    """The plans of the accounts, in order."""
    return list(
        Account.objects.filter(workspace=workspace)
        .exclude(plan="")
        .order_by("plan")
        .values_list("plan", flat=True)
        .distinct()
    )
