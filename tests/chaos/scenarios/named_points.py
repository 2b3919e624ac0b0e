"""F2: a sender dies at each named place on the way of a message, again and again."""

from __future__ import annotations

import itertools
import os
import random
import signal
from collections import Counter
from typing import TYPE_CHECKING

from tests.chaos import ground
from tests.chaos.ground import leave_database
from tests.chaos.registry import Report

if TYPE_CHECKING:
    from afterscore.outreach.sender import CrashPoint
    from tests.chaos.crowd import Crowd

HASTE = 30.0
FEW = 2  # a death at the first or the second passing of the place
A_KILL_HOLDS = 60  # sent before it, or claimed by the dead


def run(*, seed: int, short: bool) -> Report:
    repeats = 1 if short else 20
    with ground.prepare(seed=seed, haste=HASTE) as place:
        from afterscore.outreach.sender import CRASH_POINTS
        from tests.chaos import crowd, drain, oracle

        _use_settings(place.sink.port)
        chance = random.Random(seed)
        guests = crowd.gather(len(CRASH_POINTS) * repeats * A_KILL_HOLDS)
        doubts: Counter[str] = Counter()
        broken = []
        for point in CRASH_POINTS:
            for _ in range(repeats):
                fault = _die_at(point, chance.randint(1, FEW), guests, doubts)
                broken += [fault] if fault else []
        place.start_workers(1 if short else 2)
        drain.until_nothing_waits(place, guests, seconds=1_800)
        place.stop_workers()
        verdict = oracle.judge(guests, oracle.Seen.read(place.sink.log))
    kills = len(CRASH_POINTS) * repeats
    if verdict.in_doubt > doubts.total():
        broken.append(f"{verdict.in_doubt} in doubt, of which the deaths left {doubts.total()}")
    named = ", ".join(f"{name} {count}" for name, count in doubts.items()) or "none"
    line = (
        f"{kills} deaths at {len(CRASH_POINTS)} places: {verdict.lost} lost, "
        f"{verdict.duplicated} duplicated, {verdict.in_doubt} in doubt, left by {named}"
    )
    return Report(line, (*broken, *verdict.broken))


def _use_settings(port: int) -> None:
    """The sender runs in children of this process: as a worker's environment would set it."""
    from django.conf import settings

    settings.AFTERSCORE_SMTP_URL = f"smtp://127.0.0.1:{port}"
    settings.AFTERSCORE_CHANNEL = "smtp"


_numbers = itertools.count(1)


def _die_at(point: CrashPoint, passing: int, guests: Crowd, doubts: Counter[str]) -> str | None:
    """One death of one sender; in words what is wrong about it."""
    from afterscore.outreach.models import Message, State

    leave_database()
    worker = f"doomed:{next(_numbers)}"
    if (child := os.fork()) == 0:
        _send_until_death(point.name, passing, worker)
    _pid, status = os.waitpid(child, 0)
    if os.WTERMSIG(status) != signal.SIGKILL:
        return f"{point.name} was never passed: the sender ended with {status}"
    left = Message.objects.filter(
        workspace=guests.workspace, claimed_by=worker, state=State.HANDOFF
    ).count()
    doubts.update({point.name: left} if left else {})
    most = 1 if point.leaves_doubt and not _is_first_way(point, passing) else 0
    if left > most:
        return f"{left} were open after a death at {point.name}, passed {passing} times"
    return None


def _is_first_way(point: CrashPoint, passing: int) -> bool:
    """Before anything was handed over at all: nothing can be open yet."""
    from afterscore.outreach.sender import CRASH_POINTS

    names = [each.name for each in CRASH_POINTS]
    return passing == 1 and names.index(point.name) < names.index("sender.after_hand_off")


def _send_until_death(point: str, passing: int, worker: str) -> None:
    from afterscore.kit import crash
    from afterscore.outreach import sender

    try:
        crash.arm(point, after=passing)
        sender.drain(worker=worker)
    finally:
        os._exit(3)
