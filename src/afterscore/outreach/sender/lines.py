"""The channels of one worker: one for each way out of the house, open while there is work."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.outreach import channels, queries
from afterscore.outreach.channels import Channel, Unreachable, Way
from afterscore.outreach.queries import Turn
from afterscore.outreach.sender import queue
from afterscore.outreach.sender.batches import Batch

logger = logging.getLogger(__name__)
LONGEST_REST = 300.0
BREAKS_BEFORE_REST = 3


@dataclass(slots=True)
class Rest:
    """After a failure to reach the other side: 1 s, 2 s, 4 s … 5 min, for this process alone."""

    failures: int = 0
    until: float = 0.0

    def lasts(self) -> bool:
        return time.monotonic() < self.until

    def lengthen(self) -> None:
        self.until = time.monotonic() + min(LONGEST_REST, 2.0**self.failures)
        self.failures += 1

    def end(self) -> None:
        self.failures = 0


@dataclass
class Line:
    """One way, its channel, and whether that has been any good of late."""

    way: Way
    channel: Channel
    rest: Rest = field(default_factory=Rest)
    breaks: int = 0  # batches in a row that broke off before anything was handed over

    @property
    def batch_size(self) -> int:
        return self.channel.batch_size

    def open(self) -> None:
        try:
            self.channel.open()
        except Unreachable:
            self.rest.lengthen()
            raise

    def carry(self, batch: Batch) -> None:
        batch.send(self.channel)
        if batch.handed_over:
            self.breaks = 0
            self.rest.end()
        elif batch.is_broken_off:
            self.breaks += 1
            if self.breaks > BREAKS_BEFORE_REST:
                self.rest.lengthen()


class Lines:
    def __init__(self) -> None:
        self._by_key: dict[str, Line] = {}

    def of(self, turn: Turn) -> Line | None:
        """Ready for letters; None, with the reason beside what waits, where it cannot be used."""
        try:
            line = self._line(queries.way_of(turn.route))
            if line.rest.lasts():
                return None
            line.open()
        except (Unreachable, Refused) as error:
            logger.warning("Nothing can be sent: %s", error)
            queue.note(turn=turn, reason=str(error), at=clock.virtual())
            return None
        return line

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
