"""Looking out for what nobody would tell: key contacts who went silent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse

from afterscore.cases.models import Alert
from afterscore.cases.operations import alerting, assigning
from afterscore.cases.queries import agendas
from afterscore.customers.models import Account
from afterscore.domain import silence
from afterscore.domain.alerts import Kind
from afterscore.programs.models import Enrolment, Wave
from afterscore.workspaces.models import Workspace

LOOKED_AT = timedelta(days=60)
"""How long ago somebody may have been asked for her silence to be news."""


def watch_key_contacts(*, now: datetime) -> int:
    """People who decide, at accounts on which much depends, asked two weeks ago and silent: told
    to whoever looks after the account, once a wave. How many were told."""
    _settle_heard(now=now)
    told = 0
    for enrolment in _silent(now):
        why = _why(enrolment, now)
        if why:
            told += _tell_silence(enrolment, why, now=now)
    return told


def _silent(now: datetime) -> Iterable[Enrolment]:
    """The last of the last waves: whoever was asked in a running one, or in one just closed."""
    told = Alert.objects.filter(kind=Kind.KEY_CONTACT_SILENT)
    asked = Q(created_at__lt=now - timedelta(days=silence.DAYS), created_at__gt=now - LOOKED_AT)
    return (
        Enrolment.objects.filter(
            asked,
            state=Enrolment.State.ENROLLED,
            account__churned_on=None,
            contact__erased_at=None,
        )
        .exclude(contact__persona="")
        .exclude(wave__state=Wave.State.PAUSED)
        .exclude(public_id__in=told.values("key"))
        .filter(Q(account__renewal_on__isnull=False) | Q(account__recurring_revenue__gt=0))
        .select_related("workspace", "wave__program", "contact", "account__owner__user")
        .order_by("pk")
        .iterator(chunk_size=500)
    )


def _why(enrolment: Enrolment, now: datetime) -> str:
    account, workspace = enrolment.account, enrolment.workspace
    if account is None:
        return ""
    days = None
    if account.renewal_on is not None:
        days = (account.renewal_on - agendas.today_of(workspace, now)).days
    return silence.why_it_matters(
        persona=enrolment.contact.persona,
        revenue=_revenue(account, workspace),
        renewal_in_days=days,
    )


def _revenue(account: Account, workspace: Workspace) -> Decimal | None:
    """Without a rate of exchange only the workspace's own currency can be compared."""
    return account.recurring_revenue if account.currency in {"", workspace.currency} else None


def _tell_silence(enrolment: Enrolment, why: str, *, now: datetime) -> bool:
    contact, account = enrolment.contact, enrolment.account
    owner = account.owner if account is not None else None
    days = (now - enrolment.created_at).days
    alert = alerting.raise_alert(
        workspace=enrolment.workspace,
        kind=Kind.KEY_CONTACT_SILENT,
        key=enrolment.public_id,
        text=(
            f"{contact}, {contact.persona} at {account}, has been silent for {days} days since "
            f"{enrolment.wave.program} asked: {why}. A call may tell why."
        ),
        url=reverse("customers:contact", args=[enrolment.workspace.slug, contact.public_id]),
        member=owner if assigning.may_own(owner) else None,
        now=now,
    )
    return alert is not None


def _settle_heard(*, now: datetime) -> None:
    """Whoever answered, or is not waited for any more."""
    standing = Alert.objects.filter(kind=Kind.KEY_CONTACT_SILENT, settled_at=None)
    waited = Enrolment.objects.filter(
        public_id__in=standing.values("key"),
        state=Enrolment.State.ENROLLED,
        created_at__gt=now - LOOKED_AT,
    )
    over = standing.exclude(key__in=waited.values("public_id")).select_related("workspace")
    for alert in over:
        alerting.settle_alerts(
            workspace=alert.workspace, kind=Kind.KEY_CONTACT_SILENT, key=alert.key, now=now
        )
