"""Takes due messages, hands them to the channel, writes down what became of them.

docs/algorithms/sending.md says what is promised and why the order of these steps keeps it.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime

from afterscore.kit import clock
from afterscore.outreach import guards, queries
from afterscore.outreach.queries import Turn
from afterscore.outreach.sender import queue, settling, throttles
from afterscore.outreach.sender.batches import Batch
from afterscore.outreach.sender.lines import Line, Lines
from afterscore.outreach.sender.points import CRASH_POINTS, CrashPoint

__all__ = [
    "CRASH_POINTS",
    "CrashPoint",
    "drain",
    "forget_old_throttles",
    "queue",
    "recover",
    "send_some",
]

logger = logging.getLogger(__name__)
ROUND_SECONDS = 5.0


@dataclass(slots=True)
class Tally:
    claimed: int = 0
    handed_over: int = 0


_lines: dict[str, Lines] = {}  # of each worker in this process


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
    """Connections stay open until a round finds nothing more to send, or stumbles."""
    lines = _lines.setdefault(worker, Lines())
    if reason := guards.reason_to_wait():
        logger.warning("Nothing is sent: %s", reason)
        lines.note_standstill(reason)
        lines.close()
        return Tally()
    waiting = queries.list_turns(at=clock.virtual())
    try:
        tally = _send(waiting, lines, worker)
    except BaseException:
        lines.close()
        raise
    if not waiting:
        lines.close()
    return tally


def _send(waiting: list[Turn], lines: Lines, worker: str) -> Tally:
    """Batches for each turn, one after the other, so that nobody's wave holds up the others."""
    tally = Tally()
    deadline = time.monotonic() + ROUND_SECONDS
    while waiting and time.monotonic() < deadline:
        for turn in tuple(waiting):
            line = lines.of(turn)
            if line is None or not _take_turn(turn, line, worker, tally):
                waiting.remove(turn)
    return tally


def _take_turn(turn: Turn, line: Line, worker: str, tally: Tally) -> bool:
    """One batch; False where there was nothing to claim, the rate of the way is used up, or it
    broke off."""
    size = line.allowance()
    if not size:
        line.note_rate(turn)
        return False
    batch = Batch.claim(turn=turn, worker=worker, size=size, at=clock.virtual())
    if batch.messages:
        line.carry(batch)
    line.give_back(size - batch.tried)
    if not batch.messages:
        return False
    tally.claimed += len(batch.messages)
    tally.handed_over += batch.handed_over
    return not batch.is_broken_off
