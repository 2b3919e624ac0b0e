"""The answers that a target is held against: of all programs or of some, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from afterscore.domain import calendars, nps
from afterscore.domain.nps import Histogram
from afterscore.programs.models import Program, Wave
from afterscore.responses import queries as responses
from afterscore.responses.queries import Selection
from afterscore.workspaces.models import Workspace

Days = Mapping[date, Histogram]


@dataclass(frozen=True, slots=True)
class Window:
    """Days on whose answers a figure rests, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def zone_of(workspace: Workspace) -> str:
    return calendars.zone_or(workspace.time_zone, "UTC")


def today_of(workspace: Workspace, now: datetime) -> date:
    return calendars.local_day(now, zone_of(workspace))


def count_days(*, workspace: Workspace, programs: Sequence[Program] | None, window: Window) -> Days:
    """The answers of each day of a window; without programs those of all."""
    zone = ZoneInfo(zone_of(workspace))
    return responses.histograms_by_day(
        workspace=workspace, zone=zone, **selection_of(workspace, programs, window)
    )


def selection_of(
    workspace: Workspace, programs: Sequence[Program] | None, window: Window
) -> Selection:
    """The same answers, for every query that takes a selection."""
    zone = zone_of(workspace)
    waves = None
    if programs is not None:
        waves = list(Wave.objects.filter(workspace=workspace, program__in=programs))
    return {
        "since": calendars.localise(window.first, time(), zone),
        "until": calendars.localise(window.last + timedelta(days=1), time(), zone),
        "waves": waves,
    }


def add_up(days: Days, window: Window) -> Histogram:
    total = list(nps.empty_histogram())
    for day, counts in days.items():
        if window.first <= day <= window.last:
            total = [before + more for before, more in zip(total, counts, strict=True)]
    return tuple(total)
