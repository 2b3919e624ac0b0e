"""What lies with people who are away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from afterscore.cases.models import Case
from afterscore.domain import calendars
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Absence, Workspace


def span_of(absence: Absence) -> tuple[datetime, datetime]:
    """From the first midnight to the last, by the workspace's clocks."""
    zone = calendars.zone_or(absence.workspace.time_zone, "UTC")
    return (
        calendars.localise(absence.starts_on, time(), zone),
        calendars.localise(absence.ends_on + timedelta(days=1), time(), zone),
    )


def list_due_meanwhile(*, absence: Absence) -> QuerySet[Case]:
    """Her open cases on which somebody has to act before she is back, the late ones included."""
    _begins, ends = span_of(absence)
    return Case.objects.filter(
        workspace=absence.workspace, owner=absence.member_id, next_due_at__lt=ends
    ).order_by("next_due_at", "id")


def absences_with_stand_in(*, workspace: Workspace, day: date) -> list[Absence]:
    on_day = workspaces.absences_on(workspace=workspace, day=day)
    return [absence for absence in on_day.values() if absence.stand_in_id is not None]


def count_due_meanwhile(*, absences: Iterable[Absence]) -> dict[int, int]:
    """By the key of the absence."""
    return {absence.pk: list_due_meanwhile(absence=absence).count() for absence in absences}
