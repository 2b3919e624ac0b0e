"""Programs that ask one person at a time, for as long as they stand.

Their answers are gathered in a wave for each quarter of the calendar. People are taken in every
hour; whoever was left out for a passing reason is judged again while the cause is fresh.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from afterscore.domain import calendars, events, triggers
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.fatigue import Excluded
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.operations import launching
from afterscore.programs.queries import Judged
from afterscore.workspaces import queries as workspaces

logger = logging.getLogger(__name__)


def launch(*, program: Program, actor: Actor, now: datetime) -> Wave:
    """A wave for everybody at once, or the beginning of a standing program. Raises Refused."""
    if queries.is_standing(program):
        return begin(program=program, actor=actor, now=now)
    return launching.launch(program=program, actor=actor, now=now)


@transaction.atomic
def begin(*, program: Program, actor: Actor, now: datetime) -> Wave:
    """The wave of this quarter, with everybody who is due already. Raises Refused.

    Unlike a wave for everybody it may begin empty: people come as things happen.
    """
    program = launching.locked(program)
    _refuse_obstacles(program, now)
    wave = _open(program, actor, now)
    _take_in(wave, now)
    event = events.WaveLaunched(
        wave.public_id, program=program.slug, eligible=wave.eligible, excluded=wave.excluded
    )
    journal.record(workspace=wave.workspace, event=event, actor=actor, now=now)
    return wave


def _refuse_obstacles(program: Program, now: datetime) -> None:
    """The wave of the last quarter, which waits for answers only, is none."""
    wave = queries.find_open_wave(program=program)
    is_over = wave is not None and wave.enrols_until is not None and wave.enrols_until <= now
    for obstacle in queries.list_obstacles(program=program):
        if obstacle.field != "wave" or not is_over:
            raise Refused(obstacle.text, field=obstacle.field)


def _open(program: Program, actor: Actor, now: datetime) -> Wave:
    zone = calendars.zone_or(program.workspace.time_zone, "UTC")
    _, next_quarter = triggers.quarter_of(now, zone)
    wave = launching.begin(program, actor, now).wave
    wave.enrols_until = next_quarter
    wave.closes_at = next_quarter + timedelta(days=program.open_days)
    wave.save(update_fields=["enrols_until", "closes_at"])
    return wave


@transaction.atomic
def take_in(*, wave: Wave, now: datetime) -> int:
    """Asks whoever is due now; returns how many. Nobody, while the wave is paused or its quarter
    is over. Safe to repeat: one cause asks once."""
    waves = Wave.objects.select_related("workspace", "program__workspace", "program__survey")
    locked = waves.select_for_update(of=("self",)).get(pk=wave.pk)
    is_taking = locked.state == Wave.State.RUNNING and now < (locked.enrols_until or now)
    return _take_in(locked, now) if is_taking else 0


def _take_in(wave: Wave, now: datetime) -> int:
    asked = 0
    for causes in queries.list_due(program=wave.program, now=now):
        asked += _enrol(wave, causes, now)
    if asked:
        logger.info("%s: %d people were taken in", wave, asked)
    wave.eligible = Enrolment.objects.filter(wave=wave).exclude(state=_EXCLUDED).count()
    wave.excluded = Enrolment.objects.filter(wave=wave, state=_EXCLUDED).count()
    wave.save(update_fields=["eligible", "excluded"])
    return asked


_EXCLUDED = Enrolment.State.EXCLUDED


def _enrol(wave: Wave, causes: Mapping[int, str], now: datetime) -> int:
    """Within one wave a person is asked once; who was left out may be asked for a later cause."""
    known = dict(
        Enrolment.objects.filter(wave=wave, contact__in=list(causes)).values_list(
            "contact_id", "state"
        )
    )
    fresh = {pk: cause for pk, cause in causes.items() if known.get(pk, _EXCLUDED) == _EXCLUDED}
    if not fresh:
        return 0
    asking = queries.asking_of(wave.program, wave)
    this = launching.resume(wave, fresh, now)
    asked = 0
    for chunk in queries.judge_contacts(asking=asking, now=now, among=list(fresh)):
        new = list(_worth_writing(chunk, known))
        replaced = [each.person.contact_id for each in new if each.person.contact_id in known]
        Enrolment.objects.filter(wave=wave, contact__in=replaced, state=_EXCLUDED).delete()
        asked += launching.enrol(this, new)
    return asked


def _worth_writing(chunk: list[Judged], known: Mapping[int, str]) -> Iterator[Judged]:
    """Everybody who is new here, and whoever may be asked after all."""
    for each in chunk:
        is_out = isinstance(each.verdict, Excluded)
        if each.person.contact_id not in known or not is_out:
            yield each


def keep_going(*, now: datetime) -> int:
    """Every hour: takes in who is due in all standing programs, and opens the wave of a new
    quarter. Returns how many people are asked."""
    asked = 0
    for wave in queries.list_standing_waves():
        asked += _keep_going(wave, now)
    return asked


def _keep_going(wave: Wave, now: datetime) -> int:
    """What stands in one program's way holds up no other."""
    if not queries.is_standing(wave.program):
        return 0
    try:
        if now < (wave.enrols_until or now):
            return take_in(wave=wave, now=now)
        return begin(program=wave.program, actor=SYSTEM, now=now).eligible
    except Refused as error:
        _tell_refusal(wave.program, error, now)
        return 0


def launch_due_waves(*, now: datetime) -> int:
    """Every hour: the next wave of programs that the calendar launches, once a person has launched
    the first one; in the workspace's business hours. Returns how many."""
    launched = 0
    for program, due_at in queries.list_cadence_programs():
        calendar = workspaces.calendar_of(program.workspace, years=(now.year, now.year + 1))
        if due_at > now or calendars.next_open(calendar, now) > now:
            continue
        try:
            launching.launch(program=program, actor=SYSTEM, now=now)
            launched += 1
        except Refused as error:
            _tell_refusal(program, error, now)
    return launched


@transaction.atomic
def _tell_refusal(program: Program, error: Refused, now: datetime) -> None:
    """Once for each reason, until something changes."""
    last = queries.find_last_refusal(program=program)
    if last is None or last.payload.get("why") != error.message:
        event = events.LaunchRefused(program.public_id, why=error.message)
        journal.record(workspace=program.workspace, event=event, actor=SYSTEM, now=now)
