"""Takes due messages, hands them to the channel, writes down what became of them.

docs/algorithms/sending.md says what is promised and why the order of these steps keeps it.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from afterscore.kit import clock
from afterscore.outreach import channels, guards, queries
from afterscore.outreach.channels import Channel, Unreachable
from afterscore.outreach.sender import queue, settling, throttles
from afterscore.outreach.sender.batches import Batch
from afterscore.workspaces.models import Workspace

logger = logging.getLogger(__name__)
ROUND_SECONDS = 5.0
LONGEST_REST = 300.0


@dataclass(slots=True)
class Tally:
    claimed: int = 0
    handed_over: int = 0


@dataclass(slots=True)
class Rest:
    """After a failure to reach the mail server: 1 s, 2 s, 4 s … 5 min, for this process alone."""

    failures: int = 0
    until: float = 0.0

    def lasts(self) -> bool:
        return time.monotonic() < self.until

    def lengthen(self) -> None:
        self.until = time.monotonic() + min(LONGEST_REST, 2.0**self.failures)
        self.failures += 1

    def end(self) -> None:
        self.failures = 0


_rests: dict[str, Rest] = {}


def send_some(*, worker: str) -> int:
    """One round of a few seconds at most; returns how many messages were handed over."""
    return _round(worker).handed_over


def drain(*, worker: str) -> int:
    """Rounds until nothing more is due (or nothing can be sent); returns how many were sent."""
    total = 0
    while (tally := _round(worker)).claimed:
        total += tally.handed_over
    return total


def recover() -> None:
    """Takes up what dead workers left behind."""
    settling.recover()


def forget_old_throttles(*, now: datetime) -> None:
    throttles.forget_old(now=now)


def _round(worker: str) -> Tally:
    if reason := guards.reason_to_wait():
        logger.warning("Nothing is sent: %s", reason)
        return Tally()
    rest = _rests.setdefault(worker, Rest())
    waiting = [] if rest.lasts() else queries.list_sending_workspaces(at=clock.virtual())
    if not waiting:
        return Tally()
    channel = channels.make(settings.AFTERSCORE_CHANNEL)
    try:
        channel.open()
    except Unreachable as error:
        rest.lengthen()
        logger.warning("Nothing can be sent: %s", error)
        queue.note(workspaces=waiting, reason=str(error), at=clock.virtual())
        return Tally()
    rest.end()
    try:
        return _send(waiting, channel, worker)
    finally:
        channel.close()


def _send(waiting: list[Workspace], channel: Channel, worker: str) -> Tally:
    """Batches of each workspace in turn, so that nobody's wave holds up the others."""
    tally = Tally()
    deadline = time.monotonic() + ROUND_SECONDS
    while waiting and time.monotonic() < deadline:
        for workspace in tuple(waiting):
            batch = Batch.claim(
                workspace=workspace, worker=worker, size=channel.batch_size, at=clock.virtual()
            )
            if not batch.messages:
                waiting.remove(workspace)
                continue
            batch.send(channel)
            tally.claimed += len(batch.messages)
            tally.handed_over += batch.handed_over
            if batch.is_broken_off:
                return tally
    return tally
