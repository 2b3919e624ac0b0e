"""What the figures give rise to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from afterscore.cases.operations import alerting
from afterscore.cases.queries import Period
from afterscore.domain.alerts import Kind
from afterscore.domain.experiments import Arm
from afterscore.domain.parity import Care
from afterscore.insights import queries
from afterscore.insights.queries import Ledger, Part
from afterscore.workspaces.models import Workspace

WATCHED = timedelta(days=90)


def watch_parity(*, now: datetime) -> int:
    """Once a day: whether somebody's loops are closed less often than everybody else's. How many
    alarms were raised; what is even again, or cannot be told any more, settles its own."""
    raised = 0
    for workspace in Workspace.objects.all():
        ledger = queries.get_ledger(
            workspace=workspace, period=Period(since=now - WATCHED), now=now
        )
        for part in ledger.parts:
            raised += _tell(workspace, ledger, part, now=now)
    return raised


def _tell(workspace: Workspace, ledger: Ledger, part: Part, *, now: datetime) -> bool:
    care = ledger.care[part.key]
    if care.care is not Care.NEGLECTED:
        alerting.settle_alerts(workspace=workspace, kind=Kind.PARITY, key=part.key, now=now)
        return False
    alert = alerting.raise_alert(
        workspace=workspace,
        kind=Kind.PARITY,
        key=part.key,
        text=(
            f"{part.label}: {_of(care.own)} loops closed, of all others {_of(care.rest)}. "
            "More than chance explains."
        ),
        url=reverse("loops:ledger", args=[workspace.slug]),
        now=now,
    )
    return alert is not None


def _of(arm: Arm) -> str:
    return f"{arm.events:,} of {arm.people:,} ({100 * (arm.ratio or 0):.0f} %)"
