"""The database's clock decides what is due, so it must not jump.

A process has a second clock that nobody can set: the time since the machine was switched on. If
the database's clock moves by more than five minutes against it, sending stops in the whole
install: forward, next month's invitations would leave today; backward, nothing would.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterscore.outreach.guards import closing

logger = logging.getLogger(__name__)
NAME = "clock"
MOST = timedelta(minutes=5)
MOST_SKEW = timedelta(seconds=60)
# It goes on while a laptop or a virtual machine sleeps, as the wall clock does.
_SINCE_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def since_boot() -> float:
    return time.clock_gettime(_SINCE_BOOT)


@dataclass(frozen=True, slots=True)
class Jump:
    """By how much the clock is off since it was last right; zero: it is right."""

    by: timedelta

    @property
    def is_real(self) -> bool:
        return abs(self.by) > MOST


@dataclass
class Watch:
    """One process's comparison of the two clocks."""

    wall: datetime | None = None
    boot: float = 0.0
    is_told: bool = False  # this jump has closed the guard already

    def expected(self) -> datetime | None:
        if self.wall is None:
            return None
        return self.wall + timedelta(seconds=since_boot() - self.boot)

    def look(self, wall: datetime, *, is_closed: bool) -> Jump | None:
        """None at the first look. While the clock is off, the last good comparison is kept, until
        somebody opens the closed guard: then the clock counts as right."""
        expected = self.expected()
        jump = None if expected is None else Jump(wall - expected)
        is_accepted = self.is_told and not is_closed
        if jump is not None and jump.is_real and not is_accepted:
            self.is_told = True
            return jump
        self.wall, self.boot, self.is_told = wall, since_boot(), False
        return None if is_accepted else jump

    def forget(self) -> None:
        self.wall = None


def remember(jump: Jump | None, *, now: datetime) -> str | None:
    """Closes the guard when the clock has jumped; opens it when whoever saw it go sees it back."""
    if jump is None:
        return None
    if jump.is_real:
        why = (
            f"The database's clock has moved by {_spoken(jump.by)} at once. Sending is paused "
            "until it is right again, or until somebody runs: afterscore sending resume"
        )
        return closing.close(NAME, why, now=now)
    if closing.open_again(NAME, now=now):
        logger.error("The database's clock is right again: sending goes on.")
    return None


def skew_reason(*, database: datetime, own: datetime) -> str | None:
    """Why this one machine should leave the work to others."""
    skew = abs(database - own)
    if skew <= MOST_SKEW:
        return None
    return (
        f"This worker's clock and the database's differ by {_spoken(skew)}: it sends nothing until "
        "they agree. Run a time service (chrony) on both machines."
    )


def _spoken(by: timedelta) -> str:
    seconds = abs(by.total_seconds())
    for size, unit in ((86_400, "days"), (3_600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
