"""Who looks at how it goes. A log without facts: looking changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from afterscore.domain import buyin, calendars
from afterscore.insights.models import Reading
from afterscore.workspaces.models import Member


def note_reading(*, member: Member, page: Reading.Page, now: datetime) -> None:
    """Once a day for each page, by the workspace's clock."""
    zone = calendars.zone_or(member.workspace.time_zone, "UTC")
    row = Reading(
        workspace_id=member.workspace_id,
        member=member,
        page=page,
        on=calendars.local_day(now, zone),
    )
    Reading.objects.bulk_create([row], ignore_conflicts=True)


def forget_readings(*, now: datetime) -> int:
    """What is older than anybody asks about."""
    before = (now - timedelta(days=4 * buyin.READING_DAYS)).date()
    forgotten, _rows = Reading.objects.filter(on__lt=before).delete()
    return forgotten
