"""What a report tells a department of a week or of a wave. Nothing in it is a sentence yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from afterscore.cases.queries import Period
from afterscore.domain import nps, trends
from afterscore.domain.departments import Department
from afterscore.domain.nps import Tally
from afterscore.insights.queries.departments import DepartmentView, get_department
from afterscore.insights.queries.loops import Ledger, get_ledger
from afterscore.insights.queries.pulse import (
    Measured,
    Pressing,
    Stake,
    count_asked,
    get_pressing,
    list_stakes,
    measure,
)
from afterscore.programs.models import Wave
from afterscore.responses import queries as responses
from afterscore.responses.queries import Selection
from afterscore.workspaces.models import Workspace

DAYS = 90
"""A week alone has too few answers for most companies to say anything: the score that a weekly
report tells is that of these days, beside as many before."""

WEEK = timedelta(days=7)
MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Point:
    """The score of a month, from its first day on."""

    month: date
    measured: Measured


@dataclass(frozen=True, slots=True)
class Contents:
    """`until` is its end, not included. Of a week, `measured` and `before` are DAYS long and
    `fresh` is what came in within the week; of a wave they are this and the one before, and `asked`
    says how many people the question reached."""

    workspace: Workspace
    department: Department
    until: datetime
    wave: Wave | None
    measured: Measured
    before: Measured
    change: trends.ChangeSentence
    fresh: Tally
    asked: int | None
    ledger: Ledger
    stakes: tuple[Stake, ...]
    pressing: Pressing
    view: DepartmentView
    trend: tuple[Point, ...]

    @property
    def has_answers(self) -> bool:
        return self.measured.tally.n > 0


def week_before(now: datetime, zone: ZoneInfo) -> datetime:
    """The end of the last whole week: the latest Monday, 0:00 in the zone."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return datetime(monday.year, monday.month, monday.day, tzinfo=zone)


def latest_wave(*, workspace: Workspace) -> Wave | None:
    """The last that was launched."""
    found = Wave.objects.filter(workspace=workspace, launched_at__isnull=False)
    return found.select_related("program", "workspace").order_by("-launched_at", "-id").first()


def report_now(
    *, workspace: Workspace, department: Department, is_wave: bool, now: datetime
) -> Contents | None:
    """Of the last whole week, or of the latest wave; None before there is one."""
    if is_wave:
        wave = latest_wave(workspace=workspace)
        return report_wave(wave=wave, department=department, now=now) if wave else None
    until = week_before(now, ZoneInfo(workspace.time_zone))
    return report_week(workspace=workspace, department=department, until=until)


def report_week(*, workspace: Workspace, department: Department, until: datetime) -> Contents:
    since = until - timedelta(days=DAYS)
    measured = _measured(workspace, since, until)
    before = _measured(workspace, since - timedelta(days=DAYS), since)
    fresh = _measured(workspace, until - WEEK, until)
    return _report(
        workspace,
        department,
        until=until,
        measured=measured,
        before=before,
        fresh=fresh.tally,
        ledger=get_ledger(workspace=workspace, period=Period(since=since, until=until), now=until),
    )


def report_wave(*, wave: Wave, department: Department, now: datetime) -> Contents:
    workspace = wave.workspace
    earlier = Wave.objects.filter(
        workspace=workspace, program_id=wave.program_id, number__lt=wave.number
    ).order_by("-number")[:1]
    waves = [wave, *earlier]
    counted = responses.histograms_by_wave(workspace=workspace, waves=waves)
    alike = responses.sums_by_wave(workspace=workspace, waves=waves)
    found = [
        measure(counted.get(name, nps.empty_histogram()), voices=alike.get(name))
        for name in (each.public_id for each in waves)
    ]
    measured, before = found[0], found[1] if len(found) > 1 else measure(nps.empty_histogram())
    return _report(
        workspace,
        department,
        until=now,
        wave=wave,
        measured=measured,
        before=before,
        fresh=measured.tally,
        asked=count_asked(workspace=workspace, wave=wave),
        ledger=get_ledger(workspace=workspace, period=Period(waves=[wave]), now=now),
    )


def _measured(workspace: Workspace, since: datetime, until: datetime) -> Measured:
    period: Selection = {"since": since, "until": until}
    return measure(
        responses.histogram(workspace=workspace, **period),
        voices=responses.sums(workspace=workspace, **period),
    )


def _report(
    workspace: Workspace,
    department: Department,
    *,
    until: datetime,
    measured: Measured,
    before: Measured,
    fresh: Tally,
    ledger: Ledger,
    wave: Wave | None = None,
    asked: int | None = None,
) -> Contents:
    return Contents(
        workspace=workspace,
        department=department,
        until=until,
        wave=wave,
        measured=measured,
        before=before,
        change=trends.describe_change(before.tally, measured.tally),
        fresh=fresh,
        asked=asked,
        ledger=ledger,
        stakes=list_stakes(workspace=workspace),
        pressing=get_pressing(workspace=workspace, now=until),
        view=get_department(workspace=workspace, department=department, days=DAYS, now=until),
        trend=_trend(workspace, until),
    )


def _trend(workspace: Workspace, until: datetime) -> tuple[Point, ...]:
    """The last months up to the one that is not over, from the first with answers on. A month
    without answers stands there as a gap."""
    zone = ZoneInfo(workspace.time_zone)
    since = until - timedelta(days=31 * MONTHS_SHOWN)
    first = since.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    period: Selection = {"since": first, "until": until}
    found = responses.histograms_by_month(workspace=workspace, zone=zone, **period)
    alike = responses.sums_by_month(workspace=workspace, zone=zone, **period)
    if not found:
        return ()
    months = trends.months_between(min(found), max(found))[-MONTHS_SHOWN:]
    return tuple(
        Point(one, measure(found.get(one, nps.empty_histogram()), voices=alike.get(one)))
        for one in months
    )
