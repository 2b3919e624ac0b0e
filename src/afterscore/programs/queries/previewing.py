"""What a launch would do, without doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from afterscore.domain import calendars
from afterscore.domain.fatigue import Excluded, Reason
from afterscore.domain.reminders import TouchKind
from afterscore.programs.models import Program
from afterscore.programs.queries import causes, drawing, judging, pacing, rates, sending, timing
from afterscore.programs.queries.drawing import Arms
from afterscore.programs.queries.judging import Person
from afterscore.programs.queries.pacing import Crowd, Drip
from afterscore.programs.queries.rates import Expectation
from afterscore.programs.queries.timing import Timetable

SAMPLES = 10
"""Names shown for each reason."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Everybody who is not asked for one reason; `until` is when the first of them may be."""

    reason: Reason
    people: int
    samples: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SendDay:
    """What goes out on one day of the workspace's calendar. `reminders` are those that go out if
    nobody answers."""

    day: date
    invitations: int
    reminders: int
    heads_ups: int = 0

    @property
    def total(self) -> int:
        return self.invitations + self.reminders + self.heads_ups


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`calls` counts people whose account's owner calls before they are asked. `substituted` counts
    those who are asked by the workspace's sender because their account has no owner to ask. `drip`
    says how fast the wave asks; a program that asks one person at a time has none."""

    asked: int
    samples: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    days: tuple[SendDay, ...]
    calls: int
    substituted: int
    closes_at: datetime
    expected: Expectation
    drip: Drip | None

    @property
    def outside(self) -> int:
        """People the audience's filter leaves out."""
        return sum(group.people for group in self.left_out if _is_outside(group))

    @property
    def not_asked(self) -> int:
        """People in the audience who are not asked now."""
        return sum(group.people for group in self.passed_over)

    @property
    def passed_over(self) -> tuple[LeftOut, ...]:
        """The reasons within the audience, the most frequent first."""
        return tuple(group for group in self.left_out if not _is_outside(group))

    @property
    def busiest(self) -> int:
        """The most messages on one day."""
        return max((day.total for day in self.days), default=0)

    @property
    def invitation_days(self) -> tuple[date, ...]:
        return tuple(day.day for day in self.days if day.invitations)


def _is_outside(group: LeftOut) -> bool:
    return group.reason is Reason.NOT_IN_AUDIENCE


@dataclass
class _Group:
    """What is gathered of one reason."""

    people: int = 0
    samples: list[str] = field(default_factory=list)
    until: datetime | None = None

    def add(self, person: Person, until: datetime | None = None) -> None:
        self.people += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(str(person))
        if until is not None and (self.until is None or until < self.until):
            self.until = until


class _Turn(NamedTuple):
    """People whose messages are due at the same moments, but for the day of their invitation."""

    zone: str
    place: int
    arms: Arms


@dataclass
class _Gathering:
    crowd: Crowd
    asked: _Group = field(default_factory=_Group)
    left_out: dict[Reason, _Group] = field(default_factory=dict)
    turns: dict[_Turn, int] = field(default_factory=dict)
    substituted: int = 0


def preview(*, program: Program, now: datetime) -> Preview:
    """Judges everybody as a launch at `now` would, and writes nothing.

    The program may be one that is not saved yet: what a form says so far.
    """
    timetable = timing.timetable_of(program=program, now=now)
    gathered = _gather(program, timetable, now)
    drip = None
    if not causes.is_standing(program):
        drip = pacing.drip_of(crowd=gathered.crowd, timetable=timetable)
        timetable = drip.timetable
    turns = _counted(gathered, drip)
    return Preview(
        asked=gathered.asked.people,
        samples=tuple(gathered.asked.samples),
        left_out=_ordered(gathered.left_out),
        days=_send_days(timetable, turns),
        calls=_count_calls(program, turns),
        substituted=gathered.substituted,
        closes_at=timetable.closes_at,
        expected=rates.expected_answers(program=program, people=gathered.asked.people),
        drip=drip,
    )


def _gather(program: Program, timetable: Timetable, now: datetime) -> _Gathering:
    seed = judging.next_seed(program)
    gathered = _Gathering(Crowd(seed))
    asking = judging.asking_of(program)
    for chunk in judging.judge_contacts(asking=asking, now=now, among=_among(program, now)):
        for person, verdict in chunk:
            if isinstance(verdict, Excluded):
                group = gathered.left_out.setdefault(verdict.reason, _Group())
                group.add(person, verdict.until)
                continue
            turn = _turn(
                timetable, person, place=verdict.place, number=gathered.asked.people, seed=seed
            )
            number = gathered.turns.setdefault(turn, len(gathered.turns))
            gathered.crowd.add(person, turn=number)
            gathered.asked.add(person)
            gathered.substituted += bool(sending.sender_of(program=program, person=person).note)
    return gathered


def _turn(timetable: Timetable, person: Person, *, place: int, number: int, seed: int) -> _Turn:
    zone = timetable.zone_of(person)
    arms = drawing.draw_arms(
        program=timetable.program,
        seed=seed,
        number=number,
        person=person,
        planned=timetable.touches(zone, place=place),
    )
    return _Turn(zone, place, arms)


def _counted(gathered: _Gathering, drip: Drip | None) -> Counter[tuple[_Turn, date | None]]:
    """People by turn, and by day where the wave takes its time."""
    turns = list(gathered.turns)
    if drip is None or drip.seats is None:
        numbers = Counter(gathered.crowd.turns)
        return Counter({(turns[number], None): people for number, people in numbers.items()})
    return Counter(
        {(turns[number], day): people for (number, day), people in drip.seats.turns().items()}
    )


def _count_calls(program: Program, turns: Mapping[tuple[_Turn, date | None], int]) -> int:
    if program.heads_up != Program.HeadsUp.CALL:
        return 0
    return sum(
        people
        for (turn, _day), people in turns.items()
        if not turn.arms.leave_out(TouchKind.HEADS_UP)
    )


def _among(program: Program, now: datetime) -> list[int] | None:
    """Whom a program that asks by itself would ask first; None for everybody."""
    if not causes.is_standing(program):
        return None
    return [contact for due in causes.list_due(program=program, now=now) for contact in due]


def _ordered(groups: Mapping[Reason, _Group]) -> tuple[LeftOut, ...]:
    found = [
        LeftOut(reason, group.people, tuple(group.samples), group.until)
        for reason, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: (-group.people, group.reason)))


def _send_days(
    timetable: Timetable, turns: Mapping[tuple[_Turn, date | None], int]
) -> tuple[SendDay, ...]:
    counts: Counter[tuple[date, TouchKind]] = Counter()
    for ((zone, place, arms), day), people in turns.items():
        for touch in timetable.touches(zone, place=place, day=day):
            if arms.leave_out(touch.kind):
                continue
            counts[calendars.local_day(touch.due_at, timetable.calendar.zone), touch.kind] += people
    days = sorted({day for day, _ in counts})
    kinds = (TouchKind.INVITATION, TouchKind.REMINDER, TouchKind.HEADS_UP)
    return tuple(SendDay(day, *(counts[day, kind] for kind in kinds)) for day in days)
