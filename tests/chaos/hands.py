"""Who of the workers holds what at this moment: where to aim, never whom to believe."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import threading
from collections.abc import Iterator

from django.db.models import QuerySet
from django.db.models.functions import Now

from afterscore.outreach.models import Message, State
from tests.chaos.crowd import Crowd
from tests.chaos.ground import Ground, wait_for

Worker = subprocess.Popen[bytes]
FROZEN_SECONDS = 2.0


def held_by(worker: Worker, crowd: Crowd) -> QuerySet[Message]:
    return Message.objects.filter(
        workspace=crowd.workspace,
        claimed_by__endswith=f":{worker.pid}",
        state__in=[State.CLAIMED, State.HANDOFF],
    )


def waiting(crowd: Crowd) -> QuerySet[Message]:
    return Message.objects.filter(
        workspace=crowd.workspace, state__in=[State.PLANNED, State.DUE], due_at__lte=Now()
    )


def one_at_work(place: Ground, crowd: Crowd, chance: random.Random) -> Worker:
    """A worker in the middle of a batch; waits until there is one."""
    found: list[Worker] = []

    def look() -> list[Worker]:
        place.assert_alive()
        found[:] = [worker for worker in place.workers if held_by(worker, crowd).exists()]
        return found

    wait_for(look, seconds=120, what="a worker has something in its hands")
    return chance.choice(found)


@contextlib.contextmanager
def frozen(worker: Worker) -> Iterator[None]:
    """It stands still; not for long, as it may hold a lock for which we would wait for ever."""
    worker.send_signal(signal.SIGSTOP)
    thaw = threading.Timer(FROZEN_SECONDS, worker.send_signal, [signal.SIGCONT])
    thaw.start()
    try:
        yield
    finally:
        thaw.cancel()
        worker.send_signal(signal.SIGCONT)
