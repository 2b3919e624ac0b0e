"""Each morning: where somebody has more equal work than time, a lot says who comes first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from afterscore.cases import queries
from afterscore.cases.models import Case, Draw
from afterscore.domain import calendars, events, turns
from afterscore.domain.events import SYSTEM
from afterscore.domain.turns import Drawing, Work
from afterscore.journal import operations as journal
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Absence, Member, Workspace

AHEAD = timedelta(hours=1)
"""So long before the desk opens lots are drawn."""


def draw_turns(*, now: datetime, new_seed: Callable[[], str]) -> int:
    """For every member whose day begins; how many lots were drawn. Safe to repeat: once a day."""
    drawn = 0
    busy = Member.objects.filter(is_active=True, follow_ups_a_day__gt=0)
    for workspace in Workspace.objects.filter(pk__in=busy.values("workspace")):
        today = _day_that_begins(workspace, now)
        if today is None:
            continue
        for member in _members(workspace, today):
            drawn += draw_turns_of(member=member, on=today, seed=new_seed(), now=now) is not None
    return drawn


def _day_that_begins(workspace: Workspace, now: datetime) -> date | None:
    """Today, if the desk is open today and its day has begun or does so within the hour."""
    calendar = workspaces.calendar_of(workspace, years=(now.year,))
    today = calendars.local_day(now, calendar.zone)
    if today.weekday() not in calendar.days or today in calendar.holidays:
        return None
    opens = calendars.localise(today, calendar.opens, calendar.zone)
    return today if now >= opens - AHEAD else None


def _members(workspace: Workspace, today: date) -> list[Member]:
    """Those who have said how much they can do, have not drawn today and are there."""
    away = Absence.objects.filter(workspace=workspace, starts_on__lte=today, ends_on__gte=today)
    done = Draw.objects.filter(workspace=workspace, on=today)
    return list(
        queries.list_assignable(workspace=workspace)
        .filter(follow_ups_a_day__gt=0)
        .exclude(pk__in=away.values("member"))
        .exclude(pk__in=done.values("owner"))
        .select_related("workspace")
    )


@transaction.atomic
def draw_turns_of(*, member: Member, on: date, seed: str, now: datetime) -> Draw | None:
    """One member's lot for a day; None where her work fits, or no two equals compete."""
    cases = _work_of(member, on)
    zone = ZoneInfo(calendars.zone_or(member.workspace.time_zone, "UTC"))
    found = turns.draw(
        [_work(case, zone) for case in cases.values()],
        capacity=member.follow_ups_a_day or 0,
        seed=seed,
    )
    _forget_earlier(member, on)
    if found is None:
        return None
    draw = _keep(member, found, on=on, seed=seed, now=now)
    journal.record(
        workspace=member.workspace,
        event=events.TurnsDrawn(
            draw.public_id,
            owner=member.public_id,
            candidates=len(found.names),
            chosen=found.chosen,
        ),
        actor=SYSTEM,
        now=now,
    )
    return draw


def _work_of(member: Member, on: date) -> dict[str, Case]:
    """Open cases that come up until the end of the day, late ones included."""
    zone = calendars.zone_or(member.workspace.time_zone, "UTC")
    ends = calendars.localise(on + timedelta(days=1), time(), zone)
    found = Case.objects.filter(
        workspace=member.workspace, owner=member, next_due_at__lt=ends
    ).select_for_update(of=("self",))
    return {case.public_id: case for case in found}


def _work(case: Case, zone: ZoneInfo) -> Work:
    due = case.next_due_at
    if due is None:
        raise AssertionError(f"{case.public_id} was found by its due time and has none")
    return Work(case.public_id, case.priority, due.astimezone(zone).date())


def _forget_earlier(member: Member, on: date) -> None:
    """A lot holds for its day."""
    Case.objects.filter(workspace=member.workspace, owner=member, drawn_on__lt=on).update(
        draw=None, drawn_on=None
    )


def _keep(member: Member, found: Drawing, *, on: date, seed: str, now: datetime) -> Draw:
    draw = Draw.objects.create(
        workspace=member.workspace,
        owner=member,
        on=on,
        capacity=member.follow_ups_a_day or 0,
        priority=found.priority,
        seed=seed,
        candidates=list(found.names),
        chosen=found.chosen,
        drawn_at=now,
    )
    cases = {
        case.public_id: case
        for case in Case.objects.filter(workspace=member.workspace, public_id__in=found.names)
    }
    for place, name in enumerate(found.names):
        cases[name].draw, cases[name].drawn_on = (place + 0.5) / len(found.names), on
    Case.objects.bulk_update(cases.values(), ["draw", "drawn_on"])
    return draw
