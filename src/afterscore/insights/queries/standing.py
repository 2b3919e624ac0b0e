"""Does the company stand behind asking, and behind what customers answer?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q

from afterscore.cases.models import Case, Entry
from afterscore.domain import buyin, casework
from afterscore.domain.buyin import Finding
from afterscore.domain.departments import Department
from afterscore.domain.health import Rate
from afterscore.insights.models import Reading
from afterscore.programs.models import Program
from afterscore.workspaces.models import Member, Workspace

ACTS_DAYS = 90
TIME_TO_CLOSE = timedelta(days=14)  # after it was due
_ACTS = (Entry.Kind.REPLY, Entry.Kind.CALL, Entry.Kind.NOTE)


def check_standing(
    *, workspace: Workspace, program: Program | None = None, now: datetime
) -> list[Finding]:
    """Of one program, or of all that are not archived."""
    programs = Program.objects.filter(workspace=workspace, is_archived=False)
    if program is not None:
        programs = programs.filter(pk=program.pk)
    cases = Case.objects.filter(workspace=workspace)
    if program is not None:
        cases = cases.filter(response__wave__program=program)
    leaders = Member.objects.filter(
        workspace=workspace, is_active=True, department=Department.LEADERSHIP
    )
    reading_since = (now - timedelta(days=buyin.READING_DAYS)).date()
    readers = Reading.objects.filter(workspace=workspace, member__in=leaders, on__gte=reading_since)
    due = cases.filter(
        due_at__lt=now - TIME_TO_CLOSE, due_at__gte=now - timedelta(days=ACTS_DAYS)
    ).aggregate(
        all=Count("id"),
        closed=Count(
            "id",
            filter=Q(closed_at__isnull=False) & ~Q(outcome=casework.Outcome.NOT_CLOSED),
        ),
    )
    return buyin.check(
        buyin.Facts(
            sponsors_missing=list(
                programs.filter(sponsor="").order_by("name").values_list("name", flat=True)
            ),
            acts=_acts(workspace, program, now),
            executives=leaders.count(),
            executives_reading=readers.values("member").distinct().count(),
            loops=Rate(due["closed"], due["all"]),
        )
    )


def _acts(
    workspace: Workspace, program: Program | None, now: datetime
) -> dict[Department | None, int]:
    acts = Entry.objects.filter(
        workspace=workspace,
        kind__in=_ACTS,
        author__isnull=False,
        happened_at__gte=now - timedelta(days=ACTS_DAYS),
    )
    if program is not None:
        acts = acts.filter(case__response__wave__program=program)
    rows = acts.values_list("author__department").annotate(acts=Count("id")).order_by()
    return {Department(name) if name else None: count for name, count in rows}
