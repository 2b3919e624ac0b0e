"""Which features an account uses, and which the others do: from signals of the kind usage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

from afterscore.customers.models import Account, Signal
from afterscore.domain import adoption
from afterscore.domain.adoption import Unused
from afterscore.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Usage:
    """`last_on_record`: when usage of the account was last told, None if never; `is_sent`: whether
    any account's usage is known at all."""

    is_sent: bool
    last_on_record: datetime | None
    used: tuple[str, ...]
    unused: tuple[Unused, ...]


def usage_of(*, workspace: Workspace, account: Account | None, now: datetime) -> Usage:
    """What the account has used within the last 90 days, and what most others use besides."""
    recent = Signal.objects.filter(
        workspace=workspace,
        kind=Signal.Kind.USAGE,
        occurred_at__gt=now - timedelta(days=adoption.DAYS),
    )
    is_sent = recent.exists()
    if account is None or not is_sent:
        return Usage(is_sent, None, (), ())
    own = recent.filter(account=account)
    theirs = set(own.values_list("name", flat=True).distinct().order_by())
    others = recent.exclude(account=None).exclude(account=account)
    counts = dict(
        others.values_list("name").annotate(accounts=Count("account", distinct=True)).order_by()
    )
    found = others.aggregate(accounts=Count("account", distinct=True))
    return Usage(
        is_sent=True,
        last_on_record=own.aggregate(last=Max("occurred_at"))["last"],
        used=tuple(sorted(theirs)),
        unused=adoption.unused(
            theirs=theirs, accounts_by_feature=counts, accounts=found["accounts"]
        ),
    )


def feature_name(name: str) -> str:
    """ "bulk_import" as people say it: "bulk import"."""
    return name.replace("_", " ").replace("-", " ")
