"""The channels of one worker: one for each way out of the house, open while there is work."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass, field

from afterscore.domain.throttling import Rate
from afterscore.kit import clock, haste
from afterscore.kit.errors import Refused
from afterscore.outreach import channels, guards, queries
from afterscore.outreach.channels import Channel, Unreachable, Way
from afterscore.outreach.queries import Turn
from afterscore.outreach.sender import queue, throttles
from afterscore.outreach.sender.batches import Batch
from afterscore.outreach.sender.throttles import Demand

logger = logging.getLogger(__name__)
LONGEST_REST = 300.0
LONGEST_ASKED_REST = 3_600.0  # whoever asks for more is asked again every hour all the same
BREAKS_BEFORE_REST = 3
NOTE_SECONDS = 60.0


@dataclass(slots=True)
class Rest:
    """After a failure to reach the other side: 1 s, 2 s, 4 s … 5 min, or for as long as it asks, up
    to an hour; for this process alone."""

    failures: int = 0
    until: float = 0.0

    def lasts(self) -> bool:
        return time.monotonic() < self.until

    def lengthen(self, asked: float = 0.0) -> None:
        own = min(LONGEST_REST, 2.0**self.failures) / haste.FACTOR
        self.until = time.monotonic() + max(own, min(LONGEST_ASKED_REST, asked))
        self.failures += 1

    def end(self) -> None:
        self.failures = 0


@dataclass
class Line:
    """One way, its channel, and whether that has been any good of late."""

    way: Way
    channel: Channel
    rest: Rest = field(default_factory=Rest)
    breaks: int = 0  # batches in a row that broke off before anything was answered

    noted: float = -LONGEST_REST  # when it was last written down that the rate is used up

    def allowance(self) -> int:
        """How many messages may be claimed now. Whatever of it is not used is given back."""
        if self._rate is None:
            return self.channel.batch_size
        demand = Demand(self._rate, self.channel.batch_size)
        return throttles.take({self._bucket: demand}, at=clock.virtual())[self._bucket]

    def give_back(self, number: int) -> None:
        if self._rate is not None and number:
            throttles.give_back({self._bucket: number})

    def note_rate(self, turn: Turn) -> None:
        """Writes beside what waits that all is well, now and then."""
        if time.monotonic() - self.noted > NOTE_SECONDS:
            why = f"Waits its turn: at most {self.way.per_minute:,} mails a minute leave this way."
            queue.note(turn=turn, reason=why, at=clock.virtual())
            self.noted = time.monotonic()

    @property
    def _rate(self) -> Rate | None:
        return Rate(self.way.per_minute) if self.way.per_minute else None

    @property
    def _bucket(self) -> str:
        return f"way:{self.way.key}"

    def open(self) -> None:
        try:
            self.channel.open()
        except Unreachable as error:
            self.rest.lengthen(error.rest)
            raise

    def carry(self, batch: Batch) -> None:
        batch.send(self.channel)
        if batch.is_answered:
            self.breaks = 0
            self.rest.end()
        elif batch.is_broken_off:
            self.breaks += 1
            if self.breaks > BREAKS_BEFORE_REST:
                self.rest.lengthen()


def _told(error: Unreachable | Refused) -> str:
    """Why nothing goes out, and when it is tried again; not where somebody has to act first."""
    if isinstance(error, Refused):
        return error.message
    if error.rest <= LONGEST_REST:
        return f"{error} It is tried again within five minutes; nothing is lost."
    minutes = math.ceil(min(error.rest, LONGEST_ASKED_REST) / 60)
    return f"{error} It asks to wait, and is tried again in {minutes} minutes; nothing is lost."


class Lines:
    def __init__(self) -> None:
        self._by_key: dict[str, Line] = {}
        self._noted = -LONGEST_REST

    def of(self, turn: Turn) -> Line | None:
        """Ready for letters; None, with the reason beside what waits, where it cannot be used."""
        try:
            line = self._line(queries.way_of(turn.route))
            if line.rest.lasts():
                return None
            line.open()
        except (Unreachable, Refused) as error:
            logger.warning("Nothing can be sent: %s", error)
            queue.note(turn=turn, reason=_told(error), at=clock.virtual())
            return None
        return line

    def note_standstill(self, reason: str) -> None:
        """Why this worker alone sends nothing, beside what waits for it, now and then. If others
        do, they take the note away; what stops all of them stands on the pages anyway."""
        if time.monotonic() - self._noted > NOTE_SECONDS and not guards.list_closed():
            for turn in queries.list_turns(at=clock.virtual()):
                queue.note(turn=turn, reason=reason, at=clock.virtual())
            self._noted = time.monotonic()

    def _line(self, way: Way) -> Line:
        line = self._by_key.get(way.key)
        if line is None or line.way != way:
            if line is not None:
                line.channel.close()
            line = self._by_key[way.key] = Line(way, channels.make(way))
        return line

    def close(self) -> None:
        for line in self._by_key.values():
            line.channel.close()
