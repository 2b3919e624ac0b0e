"""Days on which somebody does not work, and who takes over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from afterscore.domain import calendars, events
from afterscore.domain.events import Actor
from afterscore.domain.roles import Role, at_least
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Absence, Member

LONGEST = timedelta(days=366)


@transaction.atomic
def plan_absence(
    *,
    member: Member,
    starts_on: date,
    ends_on: date,
    stand_in: Member | None = None,
    actor: Actor,
    now: datetime,
) -> Absence:
    """From one day to another, both included. Refused where it overlaps another of hers."""
    Member.objects.select_for_update().get(pk=member.pk)
    absence = Absence(
        workspace_id=member.workspace_id,
        member=member,
        stand_in=stand_in,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _check(absence, now=now)
    absence.save()
    _record(absence, actor=actor, now=now)
    return absence


@transaction.atomic
def change_absence(
    *,
    absence: Absence,
    starts_on: date,
    ends_on: date,
    stand_in: Member | None,
    actor: Actor,
    now: datetime,
) -> Absence:
    Member.objects.select_for_update().get(pk=absence.member_id)
    absence.starts_on, absence.ends_on, absence.stand_in = starts_on, ends_on, stand_in
    _check(absence, now=now)
    absence.save()
    _record(absence, actor=actor, now=now)
    return absence


@transaction.atomic
def remove_absence(*, absence: Absence, actor: Actor, now: datetime) -> None:
    """She works on these days after all."""
    journal.record(
        workspace=absence.workspace,
        event=events.AbsenceRemoved(absence.public_id, member=absence.member.public_id),
        actor=actor,
        now=now,
    )
    absence.delete()


def _record(absence: Absence, *, actor: Actor, now: datetime) -> None:
    journal.record(
        workspace=absence.workspace,
        event=events.AbsencePlanned(
            absence.public_id,
            member=absence.member.public_id,
            starts_on=absence.starts_on.isoformat(),
            ends_on=absence.ends_on.isoformat(),
            stand_in=absence.stand_in.public_id if absence.stand_in else "",
        ),
        actor=actor,
        now=now,
    )


def _check(absence: Absence, *, now: datetime) -> None:
    _check_days(absence, now=now)
    _check_stand_in(absence)
    others = Absence.objects.filter(
        member=absence.member, starts_on__lte=absence.ends_on, ends_on__gte=absence.starts_on
    ).exclude(pk=absence.pk)
    if other := others.first():
        raise Refused(
            f"{absence.member} is already away from {_day(other.starts_on)} to "
            f"{_day(other.ends_on)}. Change that absence instead.",
            field="starts_on",
        )


def _check_days(absence: Absence, *, now: datetime) -> None:
    today = calendars.local_day(now, calendars.zone_or(absence.workspace.time_zone, "UTC"))
    if absence.ends_on < absence.starts_on:
        raise Refused("The last day lies before the first.", field="ends_on")
    if absence.ends_on < today:
        raise Refused("These days are over. Give days from today on.", field="ends_on")
    if absence.ends_on - absence.starts_on > LONGEST:
        raise Refused(
            "Longer than a year. Whoever leaves is better made inactive under People.",
            field="ends_on",
        )


def _check_stand_in(absence: Absence) -> None:
    stand_in = absence.stand_in
    if stand_in is None:
        return
    if stand_in.pk == absence.member_id:
        raise Refused("Nobody stands in for herself. Choose a colleague.", field="stand_in")
    may_answer = stand_in.is_active and at_least(Role(stand_in.role), Role.AGENT)
    if stand_in.workspace_id != absence.workspace_id or not may_answer:
        raise Refused(
            f"{stand_in} cannot answer customers. Choose an active agent, manager or owner.",
            field="stand_in",
        )


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
