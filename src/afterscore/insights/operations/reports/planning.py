"""Which editions are due. An edition is a row before it is a mail: there is one of each."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from afterscore.cases.operations import notices
from afterscore.insights.models import Edition, Reader, Report
from afterscore.insights.queries import reporting
from afterscore.kit import jobs
from afterscore.kit.errors import Refused
from afterscore.outreach.operations import colleagues
from afterscore.programs.models import Wave
from afterscore.workspaces.models import Member, Workspace

WAVE_STAYS_NEWS = timedelta(days=7)
"""A report that is set up later tells of waves that end from then on, or ended just before."""

TRIAL = "trial"
KEPT = timedelta(days=370)


def plan_editions(*, now: datetime) -> int:
    """In the first hours of a business day: those of the week, from its day on, and of waves that
    have ended; how many were planned. Safe to repeat."""
    planned = 0
    with_reports = Workspace.objects.filter(pk__in=Report.objects.values("workspace"))
    for workspace in with_reports.order_by("pk"):
        today = notices.opened_today(workspace, now)
        if today is not None and colleagues.leaves_the_house(workspace):
            planned += _plan_weeks(workspace, today, now)
            planned += _plan_waves(workspace, now)
    return planned


def _plan_weeks(workspace: Workspace, today: date, now: datetime) -> int:
    """On its weekday, or on the next business day where that one was none."""
    until = reporting.week_before(now, ZoneInfo(workspace.time_zone))
    due = Report.objects.filter(
        workspace=workspace, every=Report.Every.WEEK, weekday__lte=today.weekday()
    )
    slot = f"{today:%G-W%V}"
    return sum(_plan(report, slot, until=until, wave=None, now=now) for report in due)


def _plan_waves(workspace: Workspace, now: datetime) -> int:
    ended = Wave.objects.filter(
        workspace=workspace,
        state=Wave.State.CLOSED,
        closes_at__gt=now - WAVE_STAYS_NEWS,
        closes_at__lte=now,
    )
    reports = list(Report.objects.filter(workspace=workspace, every=Report.Every.WAVE))
    return sum(
        _plan(report, wave.public_id, until=now, wave=wave, now=now)
        for wave in ended.order_by("closes_at", "pk")
        for report in reports
    )


@transaction.atomic
def _plan(report: Report, slot: str, *, until: datetime, wave: Wave | None, now: datetime) -> int:
    """The rows and their jobs, for readers that have none yet."""
    planned = 0
    for reader in _readers(report):
        edition, is_new = Edition.objects.get_or_create(
            workspace_id=report.workspace_id,
            report=report,
            member_id=reader.member_id,
            slot=slot,
            defaults={"until": until, "wave": wave, "created_at": now},
        )
        if is_new:
            jobs.defer("insights.send_edition", edition=edition.public_id)
        planned += is_new
    return planned


def forget_editions(*, now: datetime) -> int:
    return Edition.objects.filter(created_at__lt=now - KEPT).delete()[0]


@transaction.atomic
def plan_trial(*, report: Report, member: Member, now: datetime) -> Edition:
    """For whoever asks, what the report would say now: of the last week or the latest wave."""
    is_week = report.every == Report.Every.WEEK
    wave = None if is_week else reporting.latest_wave(workspace=report.workspace)
    if not is_week and wave is None:
        raise Refused("There is no wave yet to tell of.")
    until = reporting.week_before(now, ZoneInfo(report.workspace.time_zone)) if is_week else now
    edition = Edition.objects.create(
        workspace_id=report.workspace_id,
        report=report,
        member=member,
        slot=f"{TRIAL} {now.isoformat(timespec='seconds')}",
        until=until,
        wave=wave,
        created_at=now,
    )
    jobs.defer("insights.send_edition", edition=edition.public_id)
    return edition


def _readers(report: Report) -> list[Reader]:
    found = Reader.objects.filter(
        report=report,
        stopped_at=None,
        member__is_active=True,
        member__user__is_active=True,
    )
    return list(found.order_by("pk"))
