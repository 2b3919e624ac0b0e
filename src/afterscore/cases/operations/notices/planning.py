"""Who is to hear of something now. A notice is a row before it is a mail: there is one of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from afterscore.cases.models import Alert, Notice
from afterscore.cases.queries import agendas, notices
from afterscore.domain import calendars
from afterscore.domain.calendars import Calendar
from afterscore.kit import jobs
from afterscore.outreach.operations import colleagues
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Absence, ChatRoom, Member, Workspace
from afterscore.workspaces.queries import rooms

Hearer = Member | ChatRoom

LATEST = timedelta(hours=4)
"""After a business day has opened. A digest of the morning that comes in the afternoon is noise."""

BETWEEN_MAILS, BETWEEN_POSTS = timedelta(hours=2), timedelta(minutes=30)
"""What is raised meanwhile is gathered."""

KEPT = timedelta(days=100)


def plan_digests(*, now: datetime) -> int:
    """One a member and room for each business day that has just opened; how many were planned."""
    planned = 0
    for workspace in Workspace.objects.order_by("pk"):
        slot = opened_today(workspace, now)
        if slot is None:
            continue
        hearers: list[Hearer] = [*_readers(workspace, slot), *_rooms(workspace, "digest")]
        for hearer in hearers:
            planned += _plan(hearer, Notice.Kind.DIGEST, slot.isoformat(), now=now)
        if agendas.ends_week(workspace, slot):
            for room in _rooms(workspace, "praise"):
                planned += _plan(room, Notice.Kind.PRAISE, f"{slot:%G-W%V}", now=now)
    return planned


def plan_alert_notices(*, now: datetime) -> int:
    """For whoever has alerts that she has not been told, in business hours; how many."""
    waiting = Alert.objects.filter(settled_at=None, raised_at__gte=now - notices.OLDEST)
    planned = 0
    for workspace in Workspace.objects.filter(pk__in=waiting.values("workspace")).order_by("pk"):
        if not calendars.is_open(_calendar(workspace, now), now):
            continue
        for hearer in _alert_hearers(workspace, now):
            planned += _plan(hearer, Notice.Kind.ALERTS, f"{now:%Y-%m-%dT%H:%M}", now=now)
    return planned


def forget_old_notices(*, now: datetime) -> int:
    """What was told to whom is of no use after a quarter."""
    return Notice.objects.filter(created_at__lt=now - KEPT).delete()[0]


def opened_today(workspace: Workspace, now: datetime) -> date | None:
    """The business day that has opened at most four hours ago."""
    calendar = _calendar(workspace, now)
    if not calendars.is_open(calendar, now):
        return None
    today = agendas.today_of(workspace, now)
    opened = calendars.localise(today, calendar.opens, calendar.zone)
    return today if opened <= now < opened + LATEST else None


def _calendar(workspace: Workspace, now: datetime) -> Calendar:
    return workspaces.calendar_of(workspace, years=(now.year - 1, now.year, now.year + 1))


def _readers(workspace: Workspace, today: date) -> list[Member]:
    if not colleagues.leaves_the_house(workspace):
        return []
    return list(_at_work(workspace, today, wants_digest=True))


def _at_work(workspace: Workspace, today: date, **wishes: bool) -> Iterator[Member]:
    absent = Absence.objects.filter(workspace=workspace, starts_on__lte=today, ends_on__gte=today)
    found = Member.objects.filter(workspace=workspace, is_active=True, user__is_active=True)
    yield from (
        found.filter(**wishes)
        .exclude(pk__in=absent.values("member"))
        .select_related("workspace", "user")
        .order_by("pk")
    )


def _rooms(workspace: Workspace, what: str) -> list[ChatRoom]:
    return rooms.list_rooms(workspace=workspace, hearing=what)


def _alert_hearers(workspace: Workspace, now: datetime) -> Iterator[Hearer]:
    """Whoever has something new to hear, and heard the last a while ago."""
    if colleagues.leaves_the_house(workspace):
        today = agendas.today_of(workspace, now)
        for member in _at_work(workspace, today, wants_alerts=True):
            if not _heard_lately(Q(member=member), now - BETWEEN_MAILS) and (
                notices.untold_for_member(member=member, now=now)
            ):
                yield member
    for room in _rooms(workspace, "alerts"):
        if not _heard_lately(Q(room=room), now - BETWEEN_POSTS) and (
            notices.untold_for_room(room=room, now=now)
        ):
            yield room


def _heard_lately(hearer: Q, since: datetime) -> bool:
    return Notice.objects.filter(hearer, kind=Notice.Kind.ALERTS, created_at__gt=since).exists()


@transaction.atomic
def _plan(hearer: Hearer, kind: Notice.Kind, slot: str, *, now: datetime) -> bool:
    """The row and its job; False where somebody was first."""
    who = {"member": hearer} if isinstance(hearer, Member) else {"room": hearer}
    notice, is_new = Notice.objects.get_or_create(
        workspace_id=hearer.workspace_id, kind=kind, slot=slot, **who, defaults={"created_at": now}
    )
    if is_new:
        jobs.defer("cases.send_notice", notice=notice.public_id)
    return is_new
