"""The nightly plan of waves that take their time: from what really waits, to the coming days."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from afterscore.domain import calendars, events
from afterscore.domain.events import SYSTEM
from afterscore.domain.reminders import TouchKind
from afterscore.journal import operations as journal
from afterscore.outreach import operations as outreach
from afterscore.outreach.operations import Move
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, HeadsUpCall, Wave
from afterscore.programs.queries import Replan

logger = logging.getLogger(__name__)
CHUNK = 5_000


def replan_waves(*, now: datetime) -> int:
    """Every hour: waves whose last plan is of an earlier day of their workspace; so each is planned
    in the first hour after midnight. Returns how many were."""
    return sum(replan(wave=wave, now=now) for wave in queries.list_waves_to_replan(now=now))


@transaction.atomic
def replan(*, wave: Wave, now: datetime) -> bool:
    """Gives everybody who is still to be invited a day, as fast as people can follow up from today
    on; what has left, and whoever was told ahead, stays. False where there is nothing to plan.

    A wave that somebody has paused waits until it is resumed.
    """
    waves = Wave.objects.select_related("workspace", "program__workspace", "program__survey")
    wave = waves.select_for_update(of=("self",)).get(pk=wave.pk)
    if wave.state != Wave.State.RUNNING or not queries.takes_its_time(wave):
        return False
    plan = queries.replan_of(wave=wave, now=now)
    if plan is None:
        return False
    _move(wave, plan)
    wave.plan = plan.data
    wave.closes_at = max(wave.closes_at, plan.timetable.closes_at)
    wave.save(update_fields=["plan", "closes_at"])
    outreach.keep_valid(workspace=wave.workspace, stream=wave.public_id, until=wave.closes_at)
    if plan.change:
        event = events.WavePaced(wave.public_id, change=plan.change, why=plan.data["why"])
        journal.record(workspace=wave.workspace, event=event, actor=SYSTEM, now=now)
        logger.info("%s: %s", wave, plan.data["why"])
    return True


def _move(wave: Wave, plan: Replan) -> None:
    """Messages, the calls before them, and the day from which reminding is judged."""
    outreach.move_messages(workspace=wave.workspace, stream=wave.public_id, moves=_moves(plan))
    reminders = {
        move.contact: move.due_at for move in _moves(plan) if move.kind == TouchKind.REMINDER
    }
    _remind_from(wave, reminders)
    if wave.program.heads_up == wave.program.HeadsUp.CALL:
        _move_calls(wave, plan)


def _moves(plan: Replan) -> Iterator[Move]:
    zone = plan.timetable.calendar.zone
    for contact, seat in plan.seats.each():
        readers = calendars.zone_or(plan.zones[contact], zone)
        for touch in plan.timetable.touches(readers, day=seat.day):
            yield Move(contact, touch.kind, touch.step, touch.due_at)


def _remind_from(wave: Wave, due: dict[int, datetime]) -> None:
    changed = []
    rows = Enrolment.objects.filter(wave=wave, reminder_due_at__isnull=False)
    for row in rows.only("contact", "reminder_due_at").iterator(chunk_size=CHUNK):
        at = due.get(row.contact_id)
        if at is not None and at != row.reminder_due_at:
            row.reminder_due_at = at
            changed.append(row)
    Enrolment.objects.bulk_update(changed, ["reminder_due_at"], batch_size=CHUNK)


def _move_calls(wave: Wave, plan: Replan) -> None:
    invited = {
        move.contact: move.due_at for move in _moves(plan) if move.kind == TouchKind.INVITATION
    }
    calls = HeadsUpCall.objects.select_related("enrolment").filter(enrolment__wave=wave, outcome="")
    changed = []
    for call in calls:
        at = invited.get(call.enrolment.contact_id)
        if at is not None:
            call.due_at = at
            changed.append(call)
    HeadsUpCall.objects.bulk_update(changed, ["due_at"], batch_size=CHUNK)
