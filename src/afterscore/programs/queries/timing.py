"""When the messages of a wave are due, by the clock of whoever reads them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from afterscore.customers.models import Contact
from afterscore.domain import calendars, fatigue, reminders
from afterscore.domain.calendars import Calendar
from afterscore.domain.reminders import PlannedTouch
from afterscore.programs.models import Program
from afterscore.programs.queries.judging import Person
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Timetable:
    """The messages of one invitation, worked out once for each time zone.

    At most one reminder: whether a second one follows is decided on the day it would be due, from
    what the first has brought. With a word ahead everybody's invitation is due some days later,
    also of those who do not get it, so that the two differ in nothing else.

    With business hours each message waits for the workspace's opening hours as the reader's clock
    shows them; holidays are those of the workspace's country.
    """

    program: Program
    calendar: Calendar
    starts_at: datetime
    closes_at: datetime
    launched_at: datetime | None = None  # where the wave is under way already
    _known: dict[tuple[str, int, date | None], tuple[PlannedTouch, ...]] = field(
        default_factory=dict, repr=False
    )

    def zone_of(self, person: Person) -> str:
        """The person's own zone, or the workspace's where none is known."""
        return calendars.zone_or(person.time_zone, self.calendar.zone)

    def touches(
        self, zone: str, *, place: int = 0, day: date | None = None
    ) -> tuple[PlannedTouch, ...]:
        """Heads-up mail, invitation and reminder in order, as far as the program has them; a
        reminder due after the close is left out.

        `place` is the person's turn among those of the same account, who are asked days apart.
        `day` is the one on which a wave that takes its time invites the person.
        """
        known = self._known.get((zone, place, day))
        if known is None:
            known = self._known[zone, place, day] = self._plan(zone, place, day)
        return known

    @property
    def first_day(self) -> date:
        """The first on which somebody may be invited, by the workspace's calendar."""
        first = self.starts_at + ahead_of(self.program)
        if self.program.send_window != ALWAYS:
            first = calendars.next_open(self.calendar, first)
        return calendars.local_day(first, self.calendar.zone)

    def of_wave(self, launched_at: datetime) -> Timetable:
        """The same for a wave that was launched before."""
        return replace(self, launched_at=launched_at, _known={})

    def until(self, last_day: date) -> Timetable:
        """The same, open long enough for whoever is invited on the last day."""
        over = calendars.localise(last_day + timedelta(days=1), time(0), self.calendar.zone)
        closes_at = max(self.closes_at, over + timedelta(days=self.program.open_days))
        return replace(self, closes_at=closes_at, _known={})

    def _start(self, place: int, day: date | None) -> datetime:
        """On another day than the first: as soon as that day begins where the workspace is, or,
        for mail at any time, at the hour of the launch."""
        first = self.starts_at + ahead_of(self.program)
        if day is None:
            return first + fatigue.spread(place, days=self.program.account_spread_days)
        hour = time(0)
        if self.program.send_window == ALWAYS:
            at = self.launched_at or first
            hour = at.astimezone(ZoneInfo(self.calendar.zone)).time()
        return max(first, calendars.localise(day, hour, self.calendar.zone))

    def _plan(self, zone: str, place: int, day: date | None) -> tuple[PlannedTouch, ...]:
        by_mail = self.program.heads_up == Program.HeadsUp.MAIL
        planned = reminders.plan(
            start=self._open(self._start(place, day), zone),
            reminders=min(self.program.reminders, 1),
            gap_days=self.program.reminder_after_days,
            closes_at=self.closes_at,
            heads_up_days=self.program.heads_up_days if by_mail else None,
        )
        due = (replace(touch, due_at=self._open(touch.due_at, zone)) for touch in planned)
        return tuple(touch for touch in due if touch.due_at < self.closes_at)

    def _open(self, at: datetime, zone: str) -> datetime:
        if self.program.send_window == ALWAYS:
            return at
        return calendars.next_open(replace(self.calendar, zone=zone), at)


def ahead_of(program: Program) -> timedelta:
    """How long after the launch the invitations are due: as long as the word ahead needs."""
    return timedelta(days=program.heads_up_days if program.heads_up else 0)


def timetable_of(*, program: Program, now: datetime) -> Timetable:
    """For a wave launched at `now`. It stays open for the program's days, counted from the moment
    at which the last reader's invitation is due."""
    calendar = workspaces.calendar_of(
        program.workspace, years=(now.year, now.year + 1, now.year + 2)
    )
    first = now + ahead_of(program)
    openings = [first]
    if program.send_window != ALWAYS:
        zones = _zones_of(program.workspace, calendar.zone)
        openings = [calendars.next_open(replace(calendar, zone=zone), first) for zone in zones]
    return Timetable(
        program=program,
        calendar=calendar,
        starts_at=now,
        closes_at=max(openings) + _longest_spread(program) + timedelta(days=program.open_days),
    )


def _longest_spread(program: Program) -> timedelta:
    """How much later than the first the last of an account is asked."""
    last = (program.account_limit or 1) - 1
    return fatigue.spread(last, days=program.account_spread_days)


def _zones_of(workspace: Workspace, default: str) -> set[str]:
    known = Contact.objects.filter(workspace=workspace).values_list("time_zone", flat=True)
    return {default, *(calendars.zone_or(zone, default) for zone in known.distinct().order_by())}
