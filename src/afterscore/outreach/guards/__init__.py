"""Whether anything may be sent at all, in the whole install: after a restore, or when the clock
has jumped, it may not until somebody has looked. docs/algorithms/sending.md says why.

A guard is a row. The fence looks at these rows too, so that a closed guard holds from the moment
at which it is committed.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from afterscore.kit import clock
from afterscore.kit.errors import Refused
from afterscore.outreach import ledger
from afterscore.outreach.guards import clocks, recovering, restores
from afterscore.outreach.guards.clocks import Watch
from afterscore.outreach.models import Guard

__all__ = [
    "expected_now",
    "forget",
    "is_off",
    "is_restore_open",
    "list_closed",
    "reason_to_wait",
    "resume",
]

logger = logging.getLogger(__name__)
LOOK_AGAIN_SECONDS = 10.0


@dataclass
class _Memory:
    """What this process knows from its last look."""

    watch: Watch = field(default_factory=Watch)
    backend: int = 0  # another one: the database may be another, too
    looked: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


_memory = _Memory()


def reason_to_wait() -> str | None:
    """Asked at the begin of each round; None means go on. Closes and opens the guards."""
    with _memory.lock:
        instant, backend, closed = _ask_database()
        reasons = [] if clock.virtual() else _look_at_clocks(instant, closed)
        if backend != _memory.backend or time.monotonic() - _memory.looked > LOOK_AGAIN_SECONDS:
            reasons.append(restores.look(now=clock.now()))
            _memory.backend, _memory.looked = backend, time.monotonic()
    return next((why for why in (*closed.values(), *reasons) if why), None) or _ledger_reason()


def _ask_database() -> tuple[datetime, int, dict[str, str]]:
    """Its clock, the process that serves us, and the guards that are closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), pg_backend_pid(), (SELECT array_agg(ARRAY[name, why]"
            " ORDER BY changed_at) FROM outreach_guard WHERE is_closed)"
        )
        instant, backend, closed = cursor.fetchone()
        return instant, backend, dict(closed or ())


def _look_at_clocks(instant: datetime, closed: dict[str, str]) -> list[str | None]:
    jump = _memory.watch.look(instant, is_closed=clocks.NAME in closed)
    return [
        clocks.remember(jump, now=clock.now()),
        clocks.skew_reason(database=instant, own=clock.now()),
    ]


def _ledger_reason() -> str | None:
    try:
        ledger.make_ready()
    except Refused as error:
        return error.message
    return None


def expected_now() -> datetime | None:
    """What the database's clock should say; None where nothing is known of it, or time is told."""
    return None if clock.virtual() else _memory.watch.expected()


def is_off(instant: datetime) -> bool:
    """Whether the database says something else than its clock should."""
    expected = expected_now()
    return expected is not None and abs(instant - expected) > clocks.MOST


def list_closed() -> list[Guard]:
    return list(Guard.objects.filter(is_closed=True).order_by("changed_at"))


def is_restore_open() -> bool:
    """A restored database into which the ledger has not been read back yet."""
    closed = Guard.objects.filter(name=restores.NAME, is_closed=True).exists()
    return closed and bool(ledger.files(ledger.folder())) and recovering.check().missing > 0


def resume(*, now: datetime) -> list[str]:
    """Somebody has looked and says: go on. The names of the guards that were closed."""
    names = [guard.name for guard in list_closed()]
    if restores.NAME in names:
        restores.accept(now=now)
    Guard.objects.filter(name__in=names).update(is_closed=False, changed_at=now)
    _memory.watch.forget()
    return names


def forget() -> None:
    """As if this process had just begun."""
    global _memory  # noqa: PLW0603 (one memory a process)
    _memory = _Memory()
