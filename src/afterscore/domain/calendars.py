"""Business time, quiet hours and local clock times, in every zone and across every clock change.

Arithmetic is done in UTC, from boundary to boundary, never minute by minute. A clock time that a
day skips becomes the first instant after the gap; one that occurs twice means its first
occurrence. Instants that come in must be aware; instants that go out are in UTC.
"""

from __future__ import annotations

import math
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
# Names in the database that stand for no place.
_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def _zones() -> dict[str, str]:
    names = zoneinfo.available_timezones() - _NO_PLACES
    return {name.casefold(): name for name in names}


def zone_names() -> tuple[str, ...]:
    """Every zone one may choose, sorted."""
    return tuple(sorted(_zones().values()))


def zone_or(zone: str | None, default: str) -> str:
    """The zone's proper name, or `default` as it stands if there is no such zone."""
    return _zones().get((zone or "").strip().casefold(), default)


def _known_zone(zone: str) -> str:
    try:
        return _zones()[zone.strip().casefold()]
    except KeyError:
        raise ValueError(f"{zone!r} is not a time zone, such as Europe/Berlin") from None


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a desk is open, by its own clock.

    `days` are weekdays, Monday 0. A window that closes at or before its opening runs over midnight
    and belongs to the day on which it opens; equal times mean round the clock. Nothing opens on a
    holiday.
    """

    zone: str
    days: frozenset[int]
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _known_zone(self.zone)
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError("a calendar needs at least one weekday from 0 (Monday) to 6")
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("opening times follow the calendar's zone and carry none of their own")

    def without(self, days: frozenset[date]) -> Calendar:
        """The same, with nothing opening on these days either: somebody is away."""
        return replace(self, holidays=self.holidays | days)


_WORKING_DAYS = frozenset(range(5))


def business_hours(zone: str, holidays: frozenset[date] = frozenset()) -> Calendar:
    """Monday to Friday, nine to five."""
    return Calendar(zone, _WORKING_DAYS, time(9), time(17), holidays)


def localise(day: date, at: time, zone: str) -> datetime:
    """The one instant, in UTC, at which clocks of a zone show a time on a day.

    A time inside a gap gives the first instant after it, a time that occurs twice the first
    occurrence. A day that its zone skipped whole (Samoa's 30 December 2011) gives the start of the
    next.
    """
    if at.tzinfo:
        raise ValueError("a local time takes its zone from `zone`")
    wall = datetime.combine(day, at.replace(fold=0), tzinfo=ZoneInfo(_known_zone(zone)))
    instant = wall.astimezone(UTC)
    if _shows(instant, wall):
        return instant
    return _first_instant_after_gap(wall)


def _shows(instant: datetime, wall: datetime) -> bool:
    return instant.astimezone(wall.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None)


def _first_instant_after_gap(wall: datetime) -> datetime:
    """Between the readings by the old and by the new offset."""
    before = wall.replace(fold=1).astimezone(UTC).replace(microsecond=0)
    after = wall.astimezone(UTC).replace(microsecond=0) + _SECOND
    return _change_of_offset(before, after, ZoneInfo(str(wall.tzinfo)))


def local_day(at: datetime, zone: str) -> date:
    """The date on the calendars of a zone at an instant."""
    return _aware(at).astimezone(ZoneInfo(_known_zone(zone))).date()


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("an instant needs a time zone; this one has none")
    return at.astimezone(UTC)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Open from the opening instant on, no longer at the closing one."""
    return next_open(calendar, at) == _aware(at)


def next_open(calendar: Calendar, at: datetime) -> datetime:
    """The first open instant at or after `at`."""
    opening, _ = next(_windows(calendar, _aware(at)))
    return max(opening, _aware(at))


def _windows(calendar: Calendar, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Opening and closing instants, in order, from the window that closes first after `at`."""
    # A window may have opened the day before and run over midnight.
    day = local_day(at, calendar.zone) - _DAY
    while True:
        if _opens_on(calendar, day):
            opening, closing = _window(calendar, day)
            if closing > max(opening, at):
                yield opening, closing
        day += _DAY


def _opens_on(calendar: Calendar, day: date) -> bool:
    return day.weekday() in calendar.days and day not in calendar.holidays


def _window(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    closing_day = day if calendar.closes > calendar.opens else day + _DAY
    return (
        localise(day, calendar.opens, calendar.zone),
        localise(closing_day, calendar.closes, calendar.zone),
    )


def next_stretch(calendar: Calendar, at: datetime) -> tuple[datetime, datetime]:
    """From when, at or after `at`, and until when clocks show opening time without a break.

    Judged by the clock face, as quiet hours are. Where clocks are put back the same minutes come
    again: some that were closed in between, or some that are open once more after closing.
    """
    instant = _aware(at)
    day = local_day(instant, calendar.zone) - _DAY
    while True:
        # Two days at a time: an end of the first may come again after the second has begun.
        both = *_stretches(calendar, day), *_stretches(calendar, day + _DAY)
        if left := [(opening, closing) for opening, closing in both if closing > instant]:
            opening, closing = min(left)
            return max(opening, instant), closing
        day += _DAY


def _stretches(calendar: Calendar, day: date) -> list[tuple[datetime, datetime]]:
    """When clocks show a day's window: in part by the old offset, or by the new."""
    if not _opens_on(calendar, day):
        return []
    closing_day = day if calendar.closes > calendar.opens else day + _DAY
    opening = datetime.combine(day, calendar.opens, tzinfo=UTC)
    closing = datetime.combine(closing_day, calendar.closes, tzinfo=UTC)
    place = ZoneInfo(_known_zone(calendar.zone))
    old, new = _offset(opening - _DAY, place), _offset(closing + _DAY, place)
    if old == new:
        return [(opening - old, closing - old)]
    change = _change_of_offset(opening - _DAY, closing + _DAY, place)
    parts = (opening - old, min(closing - old, change)), (max(opening - new, change), closing - new)
    (begins, until), (since, ends) = parts
    if begins < until == since < ends:  # put back to another open minute, or on to one
        return [(begins, ends)]
    return [(begin, end) for begin, end in parts if begin < end]


def _offset(instant: datetime, place: ZoneInfo) -> timedelta:
    return instant.astimezone(place).utcoffset() or timedelta()


def _change_of_offset(before: datetime, after: datetime, place: ZoneInfo) -> datetime:
    """The first second of the new offset, between two instants with one change between them."""
    old = _offset(before, place)
    while after - before > _SECOND:
        middle = before + _SECOND * ((after - before) // _SECOND // 2)
        if _offset(middle, place) == old:
            before = middle
        else:
            after = middle
    return after


def add_business_days(calendar: Calendar, at: datetime, days: float) -> datetime:
    """Move on by whole or part windows, whatever a clock change makes of their length.

    From Friday 15:00, one day leads to Monday 15:00. Time outside the windows does not count: from
    Saturday, one day leads to Monday's closing time. Zero days lead to the next open instant.
    """
    left = _amount(days)
    start = next_open(calendar, at)
    if left == 0:
        return start
    for opening, closing in _windows(calendar, start):
        passed = max(start - opening, timedelta()) / (closing - opening)
        if passed + left <= 1:
            return opening + (closing - opening) * (passed + left)
        left -= 1 - passed
    raise AssertionError("a calendar never runs out of windows")


def end_of_day_after(calendar: Calendar, at: datetime, days: int) -> datetime:
    """Closing time of the business day that lies so many after the local day of `at`.

    From Friday, at whatever hour, and from Saturday, one day leads to Monday's closing time. Zero
    days lead to the next closing time there is.
    """
    today = local_day(at, calendar.zone)
    left = days
    for opening, closing in _windows(calendar, _aware(at)):
        if days and local_day(opening, calendar.zone) <= today:
            continue
        if left <= 1:
            return closing
        left -= 1
    raise AssertionError("a calendar never runs out of windows")


def add_business_hours(calendar: Calendar, at: datetime, hours: float) -> datetime:
    """Move on by hours that pass while the calendar is open."""
    left = timedelta(hours=_amount(hours))
    start = next_open(calendar, at)
    if not left:
        return start
    for opening, closing in _windows(calendar, start):
        begins = max(opening, start)
        if begins + left <= closing:
            return begins + left
        left -= closing - begins
    raise AssertionError("a calendar never runs out of windows")


def _amount(value: float) -> float:
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"business time is added in amounts of zero or more, not {value!r}")
    return value


def is_quiet(at: datetime, zone: str, starts: time, ends: time) -> bool:
    """Whether clocks of a zone show a quiet time: from `starts` on and before `ends`.

    Judged by the clock face, so an hour that a clock change repeats is quiet both times. The
    window may run over midnight; equal times mean that no hour is quiet.
    """
    clock = _aware(at).astimezone(ZoneInfo(_known_zone(zone))).time()
    if starts <= ends:
        return starts <= clock < ends
    return clock >= starts or clock < ends


def after_quiet(at: datetime, zone: str, starts: time, ends: time) -> datetime:
    """The first instant at or after `at` that is not quiet."""
    instant = _aware(at)
    while is_quiet(instant, zone, starts, ends):
        instant = _next_reading(instant, ends, zone)
    return instant


def _next_reading(at: datetime, clock: time, zone: str) -> datetime:
    """The next instant after `at` when clocks show `clock` or jump over it."""
    today = local_day(at, zone)
    readings = [reading for day in (today, today + _DAY) for reading in _readings(day, clock, zone)]
    return min(reading for reading in readings if reading > at)


def _readings(day: date, clock: time, zone: str) -> Iterator[datetime]:
    first = localise(day, clock, zone)
    yield first
    second = datetime.combine(day, clock.replace(fold=1), tzinfo=ZoneInfo(_known_zone(zone)))
    if _shows(second.astimezone(UTC), second):
        yield second.astimezone(UTC)
