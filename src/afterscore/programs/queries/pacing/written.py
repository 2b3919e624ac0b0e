"""A plan as it is kept with its wave, and what the plans of other waves bring in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from afterscore.domain import pace
from afterscore.domain.drip import Day as PlannedDay
from afterscore.domain.drip import LanePlan, Pause
from afterscore.domain.pace import Pace
from afterscore.programs.models import Program, Wave
from afterscore.programs.queries import finding

if TYPE_CHECKING:
    from afterscore.programs.queries.pacing.plans import Planned


_WORTH_KEEPING = 0.005
"""Answers expected on a day; fewer are nothing to show or to reckon with."""


class Day(NamedTuple):
    """What was planned for one day; of answers nine times in ten between `low` and `high`."""

    day: date
    invitations: int
    expected: float
    low: float
    high: float
    capacity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerDays:
    """`name` is "" for accounts that nobody in particular looks after."""

    key: str
    name: str
    a_day: float
    days: tuple[Day, ...]
    late_on: date | None

    @property
    def busiest(self) -> Day | None:
        return max(self.days, key=lambda day: day.expected, default=None)

    @property
    def invitations(self) -> int:
        return sum(day.invitations for day in self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The plan of a wave as last worked out; `planned_on` is None where it was not noted."""

    pace: Pace
    planned_on: date | None
    sentence: str
    warning: str
    per_day: float
    for_now: float
    is_pause: bool
    people: int
    capacity: float
    waiting: int
    finishes_on: date | None
    late_on: date | None
    why: str
    days: tuple[Day, ...]
    owners: tuple[OwnerDays, ...]


def to_data(planned: Planned, *, planned_on: date, why: str = "") -> dict[str, Any]:
    """`why` says what has changed since the plan before."""
    plan = planned.plan
    return {
        "pace": pace.to_data(planned.pace),
        "planned_on": planned_on.isoformat(),
        "sentence": planned.sentence,
        "warning": planned.warning,
        "per_day": plan.per_day,
        "for_now": 0.0 if isinstance(planned.decision, Pause) else plan.for_now,
        "is_pause": isinstance(planned.decision, Pause),
        "people": planned.desk.people,
        "capacity": plan.capacity,
        "waiting": planned.waiting,
        "finishes_on": _iso(plan.finishes_on),
        "late_on": _iso(plan.late_on),
        "why": why,
        "days": [_day_data(day) for day in plan.days],
        "owners": [_owner_data(lane, planned) for lane in plan.lanes],
    }


def _owner_data(lane: LanePlan, planned: Planned) -> dict[str, Any]:
    return {
        "key": lane.key,
        "name": planned.desk.name_of(lane.key),
        "a_day": max((day.capacity for day in lane.days), default=0.0),
        "late_on": _iso(lane.late_on),
        "days": [_day_data(day) for day in lane.days if _is_busy(day)],
    }


def _is_busy(day: PlannedDay) -> bool:
    return bool(day.invitations) or day.answers.expected >= _WORTH_KEEPING


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day_data(day: PlannedDay) -> list[Any]:
    answers = day.answers
    figures = (answers.expected, answers.low, answers.high, day.capacity)
    return [day.day.isoformat(), day.invitations, *(round(figure, 2) for figure in figures)]


def kept_plan(wave: Wave) -> Kept | None:
    """None for a wave that was launched without one."""
    return read(wave.plan) if wave.plan else None


def read(data: Mapping[str, Any]) -> Kept:
    """A plan that an earlier version has kept says less; what it leaves out is nothing."""
    return Kept(
        pace=pace.parse(data.get("pace")),
        planned_on=_date(data.get("planned_on")),
        sentence=data.get("sentence", ""),
        warning=data.get("warning", ""),
        per_day=data.get("per_day", 0.0),
        for_now=data.get("for_now", data.get("per_day", 0.0)),
        is_pause=data.get("is_pause", False),
        people=data.get("people", 0),
        capacity=data.get("capacity", 0.0),
        waiting=data.get("waiting", 0),
        finishes_on=_date(data.get("finishes_on")),
        late_on=_date(data.get("late_on")),
        why=data.get("why", ""),
        days=_days(data.get("days", ())),
        owners=tuple(_owner(each) for each in data.get("owners", ())),
    )


def _owner(data: Mapping[str, Any]) -> OwnerDays:
    return OwnerDays(
        key=data.get("key", ""),
        name=data.get("name", ""),
        a_day=data.get("a_day", 0.0),
        days=_days(data.get("days", ())),
        late_on=_date(data.get("late_on")),
    )


def _days(rows: Iterable[Sequence[Any]]) -> tuple[Day, ...]:
    return tuple(Day(date.fromisoformat(day), *rest) for day, *rest in rows)


def answers_elsewhere(program: Program, *, today: date) -> dict[str, tuple[float, ...]]:
    """What other waves of the workspace are expected to bring each day from today on, by lane."""
    waves = (
        finding.list_waves(workspace=program.workspace)
        .filter(state__in=finding.OPEN_STATES)
        .exclude(program__public_id=program.public_id)
    )
    lines: dict[str, list[tuple[float, ...]]] = {}
    for wave in waves:
        kept = kept_plan(wave)
        for owner in kept.owners if kept else ():
            lines.setdefault(owner.key, []).append(_from(owner.days, today))
    return {key: added(each) for key, each in lines.items()}


def _from(days: Sequence[Day], today: date) -> tuple[float, ...]:
    by_offset = {(day.day - today).days: day.expected for day in days if day.day >= today}
    return tuple(by_offset.get(offset, 0.0) for offset in range(max(by_offset, default=-1) + 1))


def added(lines: Sequence[Sequence[float]]) -> tuple[float, ...]:
    longest = max(map(len, lines), default=0)
    return tuple(sum(line[day] for line in lines if day < len(line)) for day in range(longest))
