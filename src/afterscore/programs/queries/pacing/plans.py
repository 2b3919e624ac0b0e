"""From the people of a wave and the desk to invitations a day, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from afterscore.domain import desk as desks
from afterscore.domain import drip, drip_words
from afterscore.domain.calendars import Calendar
from afterscore.domain.drip import MOST_DAYS, SHARED, Decision, Lane, Outlook, Pause, Plan
from afterscore.domain.pace import ByCapacity, Pace, PerDay
from afterscore.domain.turnout import CURVE_DAYS
from afterscore.programs.models import Program, Wave
from afterscore.programs.queries.pacing import turnouts, written
from afterscore.programs.queries.pacing.desk import Desk, desk_of, due_policy, pace_of
from afterscore.programs.queries.pacing.turnouts import Invited

People = Mapping[str, Mapping[str, int]]
"""People by lane and stratum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan with the desk it was made for; `better` is how fast the desk could go."""

    pace: Pace
    decision: Decision
    better: Decision
    desk: Desk
    outlook: Outlook
    waiting: int
    lanes: tuple[Lane, ...]
    spread_days: int = 0

    @property
    def plan(self) -> Plan:
        return self.decision.then if isinstance(self.decision, Pause) else self.decision

    def told_by_lane(self, sizes: Mapping[str, Sequence[int]]) -> Planned:
        """A rate that somebody chose, with what each owner gets of it."""
        if not isinstance(self.decision, Plan) or isinstance(self.pace, ByCapacity):
            return self
        told = drip.by_lane(self.decision, self.lanes, sizes, self.outlook)
        return replace(self, decision=told)

    @property
    def open_days(self) -> tuple[date, ...]:
        days = self.outlook.days
        return tuple(days[index] for index in self.outlook.open_days)

    @property
    def sentence(self) -> str:
        return drip_words.tell(self.decision, people=self.desk.people)

    @property
    def warning(self) -> str:
        """Why a chosen rate is too much for the desk; "" where it can carry it."""
        if isinstance(self.pace, ByCapacity):
            return ""
        return drip_words.warn(self.plan, people=self.desk.people, better=self.better)

    @property
    def refusal(self) -> str:
        """Why a wave cannot be asked like this at all; "" where it can."""
        if isinstance(self.decision, Pause) and self.decision.resumes_on is None:
            return self.sentence
        return drip_words.too_long(self.plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a plan is made from: `today` is the first day on which somebody may be invited, `as_of`
    the day on which the plan is made. `promised` are people who can no longer be given another
    day."""

    program: Program
    desk: Desk
    calendar: Calendar
    today: date
    as_of: date
    wave: Wave | None = None
    invited: Sequence[Invited] = field(default_factory=tuple)
    promised: Sequence[Invited] = field(default_factory=tuple)


def situation_of(
    *,
    program: Program,
    calendar: Calendar,
    today: date,
    as_of: date | None = None,
    wave: Wave | None = None,
    promised: Sequence[Invited] = (),
) -> Situation:
    return Situation(
        program=program,
        desk=desk_of(program=program),
        calendar=calendar,
        today=today,
        as_of=as_of or today,
        wave=wave,
        promised=promised,
        invited=() if wave is None else turnouts.list_invited(wave=wave),
    )


def work_out(*, situation: Situation, people: People) -> Planned:
    """How the wave asks the people who are still to be asked."""
    this = situation
    pace = pace_of(this.program)
    outlook = _outlook(this, people)
    lanes = _lanes(this, people)
    capacity = this.desk.capacity
    better = drip.work_back(lanes, outlook, capacity=capacity)
    decision = better
    if not isinstance(pace, ByCapacity):
        per_day = pace.per_day if isinstance(pace, PerDay) else None
        decision = drip.at_rate(lanes, outlook, per_day=per_day, capacity=capacity)
    return Planned(
        pace=pace,
        decision=decision,
        better=better,
        desk=this.desk,
        outlook=outlook,
        waiting=this.desk.queue,
        lanes=tuple(lanes),
        spread_days=this.program.account_spread_days,
    )


def _outlook(this: Situation, people: People) -> Outlook:
    experience = turnouts.experience_of(program=this.program, wave=this.wave)
    curve = experience.curve(this.program)
    strata = {name for lane in people.values() for name in lane}
    strata |= {each.stratum for each in (*this.invited, *this.promised)}
    current = turnouts.evidence_of(this.invited, curve=curve, today=this.as_of)
    days = _days(this.calendar, this.today)
    policy = due_policy(workspace=this.program.workspace, program=this.program)
    return Outlook(
        days=days,
        is_open=tuple(is_working_day(this.calendar, day) for day in days),
        beliefs=turnouts.beliefs_of(sorted(strata), experience, current),
        curve=curve,
        promise=desks.promise_of(policy, experience.groups),
    )


def is_working_day(calendar: Calendar, day: date) -> bool:
    return day.weekday() in calendar.days and day not in calendar.holidays


def _days(calendar: Calendar, first: date) -> tuple[date, ...]:
    """As many working days as a wave may take, and time for the answers after them."""
    found: list[date] = []
    working = 0
    day = first
    while working < MOST_DAYS:
        found.append(day)
        working += is_working_day(calendar, day)
        day += timedelta(days=1)
    return (*found, *(day + timedelta(days=later) for later in range(CURVE_DAYS)))


def _lanes(this: Situation, people: People) -> list[Lane]:
    """One for each owner with people to ask or to hear from, and one for everybody else."""
    invited = _invited_by_lane(this)
    keys = sorted({*people, *invited} - {SHARED})
    elsewhere = written.answers_elsewhere(this.program, today=this.today)
    waiting = _waiting_by_lane(this.desk, keys)
    own = [
        Lane(
            key=key,
            people=people.get(key, {}),
            a_day=this.desk.a_day(len(keys)),
            queue=waiting.get(key, 0),
            invited=invited.get(key, {}),
            elsewhere=elsewhere.get(key, ()),
        )
        for key in keys
    ]
    others = [tuple(line) for key, line in elsewhere.items() if key not in keys]
    shared = Lane(
        key=SHARED,
        people=people.get(SHARED, {}),
        a_day=this.desk.capacity,
        queue=waiting.get(SHARED, 0),
        invited=invited.get(SHARED, {}),
        elsewhere=written.added(others),
    )
    return [*own, shared]


def _waiting_by_lane(desk: Desk, keys: Sequence[str]) -> dict[str, int]:
    """Whoever has no accounts in the wave is one of those who share the rest."""
    found: dict[str, int] = {}
    for owner, cases in desk.waiting.items():
        lane = desk.lane_of(owner)
        key = lane if lane in keys else SHARED
        found[key] = found.get(key, 0) + cases
    return found


def _invited_by_lane(this: Situation) -> dict[str, dict[int, dict[str, int]]]:
    """People who may still answer, by how many days ago they were asked."""
    found: dict[str, dict[int, dict[str, int]]] = {}
    for each in (*this.invited, *this.promised):
        ages = found.setdefault(this.desk.lane_of(each.owner_id), {})
        people = ages.setdefault((this.today - each.day).days, {})
        people[each.stratum] = people.get(each.stratum, 0) + each.people - each.stopped
    return found
