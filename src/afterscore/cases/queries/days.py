from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from afterscore.domain import calendars
from afterscore.workspaces.models import Workspace


def zone_of(workspace: Workspace) -> ZoneInfo:
    return ZoneInfo(calendars.zone_or(workspace.time_zone, "UTC"))


def local_day(workspace: Workspace, *, now: datetime) -> date:
    return now.astimezone(zone_of(workspace)).date()


def day_ends_at(workspace: Workspace, *, now: datetime) -> datetime:
    """The midnight at which the workspace's day ends."""
    zone = zone_of(workspace)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time.min, tzinfo=zone)
