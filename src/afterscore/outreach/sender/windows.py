"""When a message may be handed over, by the clock of the one who gets it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from afterscore.domain import calendars
from afterscore.outreach.models import Message
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Window:
    """Open from `opens` on (at once where that is not later than now) and before `closes`."""

    opens: datetime
    closes: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        return self.opens <= now


@dataclass
class Windows:
    """The windows of one workspace at one instant, worked out once for each zone."""

    workspace: Workspace
    now: datetime
    _calendar: calendars.Calendar = field(init=False)
    _by_zone: dict[str, Window] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        years = (self.now.year, self.now.year + 1)
        self._calendar = workspaces.calendar_of(self.workspace, years=years)

    def of(self, message: Message) -> Window:
        if message.send_window == ALWAYS:
            return Window(opens=self.now)
        if message.time_zone not in self._by_zone:
            self._by_zone[message.time_zone] = self._business_hours(message.time_zone)
        return self._by_zone[message.time_zone]

    def _business_hours(self, zone: str) -> Window:
        """The workspace's hours by the reader's clock; by its own where the zone is unknown."""
        calendar = replace(self._calendar, zone=calendars.zone_or(zone, self._calendar.zone))
        opens, closes = calendars.next_stretch(calendar, self.now)
        return Window(opens=opens, closes=closes)
