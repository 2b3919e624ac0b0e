"""What other systems told of the customer lately: tickets, usage, conversations, outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from afterscore.cases.models import Case
from afterscore.customers import queries as customers
from afterscore.customers.models import Contact, Signal

PERIOD = timedelta(days=90)
MOST = 60
FEW = 5
HEALTH_NAMES = ("health", "health_score", "customer_health")


@dataclass(frozen=True, slots=True)
class Happening:
    title: str
    detail: str
    at: datetime
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Lately:
    """The newest happenings, how many of each kind in 90 days, and the health somebody told."""

    happenings: Sequence[Happening]
    numbers: Mapping[str, int]
    spoke_at: datetime | None
    health: str


def lately_of(*, case: Case, now: datetime) -> Lately:
    about = Q(contact=case.contact)
    if case.account_id is not None:
        about |= Q(account=case.account_id)
    signals = list(
        customers.list_signals(workspace=case.workspace)
        .exclude(kind=Signal.Kind.MESSAGE)
        .filter(about, occurred_at__gt=now - PERIOD)[:MOST]
    )
    spoken = [one.occurred_at for one in signals if one.kind == Signal.Kind.INTERACTION]
    return Lately(
        happenings=[_happening(signal) for signal in signals[:FEW]],
        numbers={
            kind.value: sum(one.kind == kind for one in signals)
            for kind in (Signal.Kind.TICKET, Signal.Kind.USAGE, Signal.Kind.INTERACTION)
        },
        spoke_at=max(spoken, default=None),
        health=_health(case),
    )


def _happening(signal: Signal) -> Happening:
    detail = ", ".join(f"{key}: {value}" for key, value in signal.attributes.items())
    return Happening(customers.title_of(signal), detail, signal.occurred_at, signal.contact)


def _health(case: Case) -> str:
    """As the workspace's own systems call it; nothing is computed here."""
    attributes = case.account.attributes if case.account else {}
    known = {key.casefold(): value for key, value in attributes.items()}
    return next((str(known[name]) for name in HEALTH_NAMES if known.get(name)), "")


def contacts_of(case: Case) -> QuerySet[Contact]:
    """At the account; nobody where there is none."""
    if case.account is None:
        return Contact.objects.none()
    return Contact.objects.filter(workspace=case.workspace, account=case.account, erased_at=None)
