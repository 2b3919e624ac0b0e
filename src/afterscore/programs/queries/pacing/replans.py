"""The plan of a wave under way, worked out anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterscore.domain import calendars, drip_words
from afterscore.domain.drip import Pause
from afterscore.domain.pace import AtOnce
from afterscore.programs.models import Wave
from afterscore.programs.queries import timing
from afterscore.programs.queries.pacing import drips, plans, unsent, written
from afterscore.programs.queries.pacing.crowds import Seats
from afterscore.programs.queries.pacing.desk import pace_of
from afterscore.programs.queries.pacing.plans import Planned
from afterscore.programs.queries.pacing.written import Kept
from afterscore.programs.queries.timing import Timetable

PAUSED, RESUMED, SLOWER, FASTER = "paused", "resumed", "slower", "faster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """`change` says how it differs from the plan before; "" where it goes on as it was."""

    seats: Seats
    zones: Mapping[int, str]
    timetable: Timetable
    data: dict[str, Any]
    change: str


def takes_its_time(wave: Wave) -> bool:
    """Launched with a pace, and still to be asked at one."""
    kept = written.kept_plan(wave)
    return kept is not None and kept.pace != AtOnce() and pace_of(wave.program) != AtOnce()


def list_waves_to_replan(*, now: datetime) -> list[Wave]:
    """Of all workspaces."""
    running = Wave.objects.select_related("workspace", "program").filter(
        state=Wave.State.RUNNING, enrols_until=None
    )
    return [wave for wave in running.exclude(plan={}) if _is_old(wave, now)]


def _is_old(wave: Wave, now: datetime) -> bool:
    kept = written.kept_plan(wave)
    today = calendars.local_day(now, calendars.zone_or(wave.workspace.time_zone, "UTC"))
    is_old = kept is not None and (kept.planned_on is None or kept.planned_on < today)
    return is_old and takes_its_time(wave)


def replan_of(*, wave: Wave, now: datetime) -> Replan | None:
    """None once nobody is left who could be given another day."""
    before = written.kept_plan(wave)
    timetable = timing.timetable_of(program=wave.program, now=now).of_wave(wave.launched_at)
    waiting = unsent.list_unsent(wave=wave, timetable=timetable)
    if before is None or not len(waiting.crowd):
        return None
    today = calendars.local_day(now, timetable.calendar.zone)
    situation = plans.situation_of(
        program=wave.program,
        calendar=timetable.calendar,
        today=timetable.first_day,
        as_of=today,
        wave=wave,
        promised=waiting.promised,
    )
    planned = plans.work_out(situation=situation, people=waiting.crowd.by_lane(situation.desk))
    free_from = unsent.account_free_from(wave=wave, days=planned.spread_days)
    seats = drips.seats_of(waiting.crowd, planned, days=planned.open_days, free_from=free_from)
    told = planned.told_by_lane(seats.sizes_by_lane(planned.desk))
    change, why = _change(before, told)
    last = seats.last_day
    return Replan(
        seats=seats,
        zones=waiting.zones,
        timetable=timetable.until(last) if last else timetable,
        data=written.to_data(told, planned_on=today, why=why),
        change=change,
    )


def _change(before: Kept, planned: Planned) -> tuple[str, str]:
    """What kind of change it is, and the sentence that says why."""
    is_pause = isinstance(planned.decision, Pause)
    now = 0.0 if is_pause else planned.plan.for_now
    why = drip_words.tell_change(
        0.0 if before.is_pause else before.for_now,
        planned.decision,
        people=planned.desk.people,
        waiting=planned.waiting,
    )
    if is_pause:
        return ("" if before.is_pause else PAUSED), why
    if before.is_pause:
        return RESUMED, why
    if now == before.for_now or min(now, before.for_now) >= planned.plan.asked:
        return "", why
    return (SLOWER if now < before.for_now else FASTER), why
