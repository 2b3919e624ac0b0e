"""Ask only as fast as people can follow up: from their time back to invitations a day.

The largest number of invitations a working day is sought with which, nine times in ten, every
answer is followed up within its promise. Each account owner is a lane of his own, since his
accounts' answers come to him; everybody else's accounts share what is left. What waits today comes
first: until it is worked off, fewer are asked, or none. See docs/algorithms/drip.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from afterscore.domain import desk
from afterscore.domain.desk import Promise
from afterscore.domain.turnout import Belief

Real = NDArray[np.float64]

CERTAINTY = 0.9
"""How sure it must be that the desk can carry what comes."""

MOST_DAYS = 260
"""Working days that a wave may take; longer, and it is no longer one wave."""

WEEK = 5
"""Working days for which one rate holds while the desk is busy with other things."""

LONGEST_WAIT = 60
"""Working days ahead for which a way around what is there already is looked for."""

SLOW = (0.5, 1 / 3, 0.2, 0.1)
"""Invitations a day where one each day is too many."""

SHARED = ""
"""The lane of everybody whose account no one in particular looks after."""

_Z = NormalDist().inv_cdf(CERTAINTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Accounts that the same people follow up: `people` still to be asked, by stratum.

    `invited` are people already asked, by how many days ago (0 today) and stratum; their answers
    are still coming in. `elsewhere` are answers expected from other waves, on each day from today.
    """

    key: str
    people: Mapping[str, int]
    a_day: float
    queue: float = 0.0
    invited: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    elsewhere: tuple[float, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.people.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The days from today on, and what is believed about answers.

    `curve` is the share of all answers that come so many days after the invitation.
    """

    days: tuple[date, ...]
    is_open: tuple[bool, ...]
    beliefs: Mapping[str, Belief]
    curve: Real
    promise: Promise

    @property
    def open_days(self) -> list[int]:
        return [index for index, is_open in enumerate(self.is_open) if is_open]


@dataclass(frozen=True, slots=True)
class Answers:
    """Expected on one day; nine times in ten at most `high`, nine in ten at least `low`."""

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Day:
    """`capacity` is what people can follow up on it: nothing on a closed day."""

    day: date
    is_open: bool
    invitations: int
    answers: Answers
    capacity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LanePlan:
    """`sizes` are invitations on each working day from today on; `left` people find no day.

    `per_day` is the usual rate, `for_now` that of the coming days. `days` are the lane's own.
    """

    key: str
    sizes: tuple[int, ...]
    per_day: float
    for_now: float
    left: int
    late_on: date | None
    days: tuple[Day, ...]

    @property
    def starts_at(self) -> int | None:
        """The index of the first working day with an invitation."""
        return next((index for index, size in enumerate(self.sizes) if size), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a wave asks. `late_on` is the first day on which an answer may have to wait too long."""

    lanes: tuple[LanePlan, ...]
    days: tuple[Day, ...]
    per_day: float
    for_now: float
    answers_a_day: float
    capacity: float
    asked: int
    left: int
    starts_on: date | None
    finishes_on: date | None
    late_on: date | None

    @property
    def is_at_once(self) -> bool:
        return self.starts_on is not None and self.starts_on == self.finishes_on


@dataclass(frozen=True, slots=True)
class Pause:
    """Nobody new is asked before `resumes_on` (None: not at all). `then` is how it goes on."""

    waiting: int
    resumes_on: date | None
    then: Plan


Decision = Plan | Pause


def work_back(lanes: Sequence[Lane], outlook: Outlook, *, capacity: float) -> Decision:
    """By capacity: owners first, each by himself; then everybody else with the time that is left.

    `capacity` is the follow-ups a day of all people together.
    """
    own = [lane for lane in lanes if lane.key != SHARED]
    shared = [lane for lane in lanes if lane.key == SHARED]
    searches = [_Search(lane, outlook, _flat(lane.a_day, outlook)) for lane in own]
    plans = [search.plan() for search in searches]
    left = _flat(capacity, outlook)
    for search, lane_plan in zip(searches, plans, strict=True):
        left = left - search.usual_work(lane_plan)
    plans += [_Search(lane, outlook, np.maximum(left, 0.0)).plan() for lane in shared]
    plan = _together(lanes, plans, outlook, capacity)
    waits = plan.asked and plan.starts_on != _first_open(outlook)
    if waits or plan.left == sum(lane.total for lane in lanes) > 0:
        return Pause(round(sum(lane.queue for lane in lanes)), plan.starts_on, plan)
    return plan


def at_rate(
    lanes: Sequence[Lane], outlook: Outlook, *, per_day: int | None, capacity: float
) -> Plan:
    """At a rate that somebody chose, or everybody at once (None): what it will bring."""
    total = sum(lane.total for lane in lanes)
    sizes = _sizes(total, [float(per_day or max(total, 1))], len(outlook.open_days))
    merged = Lane(
        key=SHARED,
        people=_added([lane.people for lane in lanes]),
        a_day=capacity,
        queue=sum(lane.queue for lane in lanes),
        invited=_joined(lanes),
        elsewhere=tuple(_elsewhere(lanes, len(outlook.days)).tolist()),
    )
    search = _Search(merged, outlook, _flat(capacity, outlook))
    rate = float(min(per_day or total, total))
    return _together([merged], [search.planned(sizes, rate, rate)], outlook, capacity)


def by_lane(
    plan: Plan, lanes: Sequence[Lane], sizes: Mapping[str, Sequence[int]], outlook: Outlook
) -> Plan:
    """The same plan with what each lane gets of it: `sizes` are the lane's invitations on each
    working day."""
    found = []
    for lane in lanes:
        search = _Search(lane, outlook, _flat(lane.a_day, outlook))
        own = [*sizes.get(lane.key, ())]
        own += [0] * (len(outlook.open_days) - len(own))
        share = lane.total / max(sum(each.total for each in lanes), 1)
        found.append(search.planned(own, plan.per_day * share, plan.for_now * share))
    return replace(plan, lanes=tuple(found))


def _flat(a_day: float, outlook: Outlook) -> Real:
    return np.full(len(outlook.open_days), a_day)


def _first_open(outlook: Outlook) -> date:
    return outlook.days[outlook.open_days[0]]


def _sizes(total: int, rates: Sequence[float], days: int) -> list[int]:
    """Invitations on each working day; the last rate goes on until everybody is asked.

    A rate below one a day begins with an invitation, not with the wait for it.
    """
    speed = np.full(days, rates[-1] if rates else 0.0)
    speed[: len(rates)] = rates[:days]
    reached = np.minimum(np.ceil(np.cumsum(speed) - 1e-6), total).astype(np.int64)
    return [int(size) for size in np.diff(reached, prepend=0)]


class _Search:
    """The fastest decent way through one lane."""

    def __init__(self, lane: Lane, outlook: Outlook, capacity: Real) -> None:
        self.lane, self.outlook, self.capacity = lane, outlook, capacity
        self.open = outlook.open_days
        self.booked = _booked(lane, outlook)

    def plan(self) -> LanePlan:
        """Week by week as much of the usual rate as what is there already allows, and nothing on
        days that cannot carry any, until the usual rate can go on for good."""
        usual = self._fastest(lambda rate: self._is_carried([rate], start=0, is_empty=True))
        rates: list[float] = []
        is_steady = False
        while usual and len(rates) < LONGEST_WAIT and not is_steady:
            is_steady = self._is_carried([*rates, usual], start=len(rates))
            rates += [usual] if is_steady else self._next_week(rates, usual)
        if rates and not is_steady:
            rates.append(0.0)
        return self.planned(
            _sizes(self.lane.total, rates, self._length), usual, rates[0] if rates else 0.0
        )

    def _next_week(self, rates: list[float], usual: float) -> list[float]:
        """A week at the fastest rate that can be carried, or one day without."""

        def is_carried(rate: float) -> bool:
            week = [rate] * WEEK
            return rate <= usual and self._is_carried([*rates, *week, 0.0], start=len(rates))

        fastest = self._fastest_whole(is_carried) if usual >= 1 else usual * is_carried(usual)
        return [fastest] * WEEK if fastest else [0.0]

    @property
    def _length(self) -> int:
        return min(MOST_DAYS, len(self.open))

    def _fastest(self, is_carried: Callable[[float], bool]) -> float:
        """The largest whole rate, else the largest of the slow ones, else 0."""
        whole = self._fastest_whole(is_carried)
        return whole or next((rate for rate in SLOW if is_carried(rate)), 0.0)

    def _fastest_whole(self, is_carried: Callable[[float], bool]) -> float:
        low, high = 0, self.lane.total
        if high and is_carried(high):
            return float(high)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if is_carried(middle) else (low, middle)
        return float(low)

    def _is_carried(self, rates: Sequence[float], *, start: int, is_empty: bool = False) -> bool:
        sizes = _sizes(self.lane.total, rates, self._length)
        work = self._answers(sizes, with_booked=not is_empty)[2]
        course = desk.work_off(
            np.trim_zeros(self._on_open_days(work), "b").tolist(),
            capacity=self.capacity.tolist(),
            promise=self.outlook.promise,
            queue=0.0 if is_empty else self.lane.queue,
            since=start,
        )
        return course.late_on is None

    def _answers(self, sizes: Sequence[int], *, with_booked: bool = True) -> tuple[Real, ...]:
        """Expected, low and high on each day."""
        exposed = self.exposed(sizes)
        elsewhere = np.zeros(len(self.outlook.days))
        if with_booked:
            exposed = exposed + self.booked
            elsewhere = _elsewhere([self.lane], len(self.outlook.days))
        return _spread(exposed, self._beliefs, elsewhere)

    @property
    def _beliefs(self) -> list[Belief]:
        return [self.outlook.beliefs[stratum] for stratum in sorted(self.outlook.beliefs)]

    def exposed(self, sizes: Sequence[int]) -> Real:
        """By stratum (sorted) and day: invitations whose answer would come on that day."""
        days = len(self.outlook.days)
        invited = np.zeros(days)
        invited[self.open[: len(sizes)]] = sizes
        coming = np.convolve(invited, self.outlook.curve)[:days]
        total = max(self.lane.total, 1)
        shares = [self.lane.people.get(key, 0) / total for key in sorted(self.outlook.beliefs)]
        return np.outer(shares, coming)

    def _on_open_days(self, work: Real) -> Real:
        """What comes in on closed days is there on the next open one."""
        until = np.cumsum(work)[self.open]
        return np.diff(until, prepend=0.0)

    def usual_work(self, plan: LanePlan) -> Real:
        """What the lane is expected to take of its people's time, on each open day."""
        return desk.work_off(
            self._on_open_days(self._answers(plan.sizes)[0]).tolist(),
            capacity=self.capacity.tolist(),
            promise=self.outlook.promise,
            queue=self.lane.queue,
        ).done

    def planned(self, sizes: Sequence[int], per_day: float, for_now: float) -> LanePlan:
        expected, low, high = self._answers(sizes)
        start = next((index for index, size in enumerate(sizes) if size), 0)
        course = desk.work_off(
            self._on_open_days(high).tolist(),
            capacity=self.capacity.tolist(),
            promise=self.outlook.promise,
            queue=self.lane.queue,
            since=start,
        )
        late = None if course.late_on is None else self.outlook.days[self.open[course.late_on]]
        return LanePlan(
            key=self.lane.key,
            sizes=tuple(sizes),
            per_day=per_day,
            for_now=for_now,
            left=self.lane.total - sum(sizes),
            late_on=late,
            days=tuple(_days(self.outlook, sizes, (expected, low, high), self.lane.a_day)),
        )


def _booked(lane: Lane, outlook: Outlook) -> Real:
    """By stratum and day: people already asked whose answer would come on that day."""
    days = len(outlook.days)
    found = np.zeros((len(outlook.beliefs), days))
    for row, stratum in enumerate(sorted(outlook.beliefs)):
        for age, people in lane.invited.items():
            rest = outlook.curve[age:][:days]
            found[row, : len(rest)] += people.get(stratum, 0) * rest
    return found


def _elsewhere(lanes: Sequence[Lane], days: int) -> Real:
    found = np.zeros(days)
    for lane in lanes:
        given = np.array(lane.elsewhere[:days])
        found[: len(given)] += given
    return found


def _spread(exposed: Real, beliefs: Sequence[Belief], elsewhere: Real) -> tuple[Real, ...]:
    """Mean and the two ends of the predictive distribution of each day, taken as normal.

    Not knowing the rate moves all segments alike, so their standard deviations are added; chance
    moves each person alone, so those variances are.
    """
    ratio = np.array([belief.ratio for belief in beliefs])
    variance = np.array([belief.variance for belief in beliefs])
    expected = ratio @ exposed + elsewhere
    chance = (ratio * (1 - ratio) - variance) @ exposed + elsewhere
    ignorance = (np.sqrt(variance) @ exposed) ** 2
    reach = _Z * np.sqrt(chance + ignorance)
    return expected, np.maximum(expected - reach, 0.0), expected + reach


def _days(
    outlook: Outlook, sizes: Sequence[int], answers: tuple[Real, ...], capacity: float
) -> Iterator[Day]:
    on_open = dict(zip(outlook.open_days, sizes, strict=False))
    for index, day in enumerate(outlook.days):
        yield Day(
            day=day,
            is_open=outlook.is_open[index],
            invitations=on_open.get(index, 0),
            answers=Answers(*(float(line[index]) for line in answers)),
            capacity=capacity if outlook.is_open[index] else 0.0,
        )


def _together(
    lanes: Sequence[Lane], plans: Sequence[LanePlan], outlook: Outlook, capacity: float
) -> Plan:
    """All lanes as one calendar, cut where nothing more happens."""
    sizes = [sum(column) for column in zip(*(plan.sizes for plan in plans), strict=True)]
    beliefs = [outlook.beliefs[stratum] for stratum in sorted(outlook.beliefs)]
    exposed = np.zeros((len(beliefs), len(outlook.days)))
    for lane, plan in zip(lanes, plans, strict=True):
        search = _Search(lane, outlook, _flat(capacity, outlook))
        exposed += search.exposed(plan.sizes) + search.booked
    answers = _spread(exposed, beliefs, _elsewhere(lanes, len(outlook.days)))
    days = list(_days(outlook, sizes, answers, capacity))
    sending = [day.day for day in days if day.invitations]
    late = [plan.late_on for plan in plans if plan.late_on is not None]
    people = sum(lane.total for lane in lanes)
    return Plan(
        lanes=tuple(plans),
        days=tuple(_until_quiet(days)),
        per_day=sum(plan.per_day for plan in plans),
        for_now=sum(plan.for_now for plan in plans),
        answers_a_day=sum(
            plan.per_day * _ratio(lane, outlook) for lane, plan in zip(lanes, plans, strict=True)
        ),
        capacity=capacity,
        asked=sum(sizes),
        left=people - sum(sizes),
        starts_on=sending[0] if sending else None,
        finishes_on=sending[-1] if sending else None,
        late_on=min(late, default=None),
    )


def _ratio(lane: Lane, outlook: Outlook) -> float:
    """The share of the lane's people that is expected to answer."""
    total = max(lane.total, 1)
    return sum(
        outlook.beliefs[stratum].ratio * people / total for stratum, people in lane.people.items()
    )


def _until_quiet(days: Sequence[Day]) -> Sequence[Day]:
    busy = [
        index for index, day in enumerate(days) if day.invitations or day.answers.expected >= 0.05
    ]
    return days[: busy[-1] + 1] if busy else days[:0]


def _added(parts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts:
        for stratum, people in part.items():
            found[stratum] = found.get(stratum, 0) + people
    return found


def _joined(lanes: Sequence[Lane]) -> dict[int, dict[str, int]]:
    ages = {age for lane in lanes for age in lane.invited}
    return {age: _added([lane.invited.get(age, {}) for lane in lanes]) for age in ages}
