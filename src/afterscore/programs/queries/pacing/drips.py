"""A wave's drip: how fast it asks, who is invited when, and until when it stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from afterscore.domain import calendars
from afterscore.domain.fatigue import Eligible
from afterscore.domain.pace import AtOnce
from afterscore.programs.models import Program
from afterscore.programs.queries import judging, timing
from afterscore.programs.queries.pacing import plans
from afterscore.programs.queries.pacing.crowds import Crowd, Seats, seat
from afterscore.programs.queries.pacing.desk import pace_of
from afterscore.programs.queries.pacing.plans import Planned
from afterscore.programs.queries.pacing.written import Kept, read, to_data
from afterscore.programs.queries.timing import Timetable


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip:
    """`seats` is None where everybody is asked at once: their day is the day of the launch."""

    planned: Planned
    seats: Seats | None
    timetable: Timetable

    def kept(self) -> Kept:
        """As it will be kept with the wave, for showing it before."""
        return read(self.to_data())

    def to_data(self) -> dict[str, Any]:
        day = calendars.local_day(self.timetable.starts_at, self.timetable.calendar.zone)
        return to_data(self.planned, planned_on=day)


def foresee(*, program: Program, now: datetime) -> Drip | None:
    """Whom a launch at `now` would invite on which day; None where everybody is asked at once,
    which needs no such look ahead."""
    if isinstance(pace_of(program), AtOnce):
        return None
    asking = judging.asking_of(program)
    crowd = Crowd(asking.seed)
    for chunk in judging.judge_contacts(asking=asking, now=now):
        for person, verdict in chunk:
            if isinstance(verdict, Eligible):
                crowd.add(person)
    return drip_of(crowd=crowd, timetable=timing.timetable_of(program=program, now=now))


def drip_of(*, crowd: Crowd, timetable: Timetable) -> Drip:
    situation = plans.situation_of(
        program=timetable.program, calendar=timetable.calendar, today=timetable.first_day
    )
    planned = plans.work_out(situation=situation, people=crowd.by_lane(situation.desk))
    if isinstance(planned.pace, AtOnce) or not len(crowd):
        sizes = {lane.key: [lane.total] for lane in planned.lanes}
        return Drip(planned=planned.told_by_lane(sizes), seats=None, timetable=timetable)
    seats = seats_of(crowd, planned, days=planned.open_days)
    last = seats.last_day
    return Drip(
        planned=planned.told_by_lane(seats.sizes_by_lane(planned.desk)),
        seats=seats,
        timetable=timetable.until(last) if last else timetable,
    )


def seats_of(
    crowd: Crowd,
    planned: Planned,
    *,
    days: Sequence[date],
    free_from: Mapping[int, int] | None = None,
) -> Seats:
    return seat(
        crowd,
        planned.plan.lanes,
        desk=planned.desk,
        days=days,
        spread_days=planned.spread_days,
        free_from=free_from,
    )
