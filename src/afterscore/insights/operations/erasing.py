from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from afterscore.customers.models import Contact
from afterscore.domain import periods
from afterscore.insights.models import ChangedAnswer, SealedMonth
from afterscore.insights.operations import sealing
from afterscore.kit import jobs
from afterscore.responses.models import Response


def erase(*, contact: Contact, now: datetime) -> Iterable[str]:
    """No figure uses this person's attributes from the commit on; the files that hold them go by
    the job that begins then."""
    workspace = contact.workspace
    sealing.lock(workspace)
    held = Q(month__in=_months(contact)) | ~Q(time_zone=workspace.time_zone)
    if SealedMonth.objects.filter(held, workspace=workspace).update(must_renew=True):
        jobs.defer("insights.renew", workspace=workspace.slug)
    return []


def _months(contact: Contact) -> set[date]:
    """Of all files that may hold an answer of this person."""
    zone = ZoneInfo(contact.workspace.time_zone)
    mine = Response.objects.filter(workspace=contact.workspace, contact=contact)
    changes = ChangedAnswer.objects.filter(
        workspace=contact.workspace,
        response_key__in=list(mine.values_list("pk", flat=True)),
        was_at__isnull=False,
    )
    instants = [*mine.values_list("received_at", flat=True)]
    instants += [at for at in changes.values_list("was_at", flat=True) if at]
    return {periods.month_of(at.astimezone(zone).date()) for at in instants}
