"""The one place where the program learns the time. Only entry points call it."""

from __future__ import annotations

import contextlib
import contextvars
import time
from collections.abc import Iterator
from datetime import UTC, datetime

_virtual: contextvars.ContextVar[datetime | None] = contextvars.ContextVar("virtual", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC; a virtual one inside `at`."""
    return _virtual.get() or real()


def real() -> datetime:
    """The current instant even inside `at`: for what is about machines and files, not plans."""
    return datetime.fromtimestamp(time.time(), tz=UTC)  # noqa: TID251


def virtual() -> datetime | None:
    """The virtual instant inside `at`, else None: then the database's own clock may decide."""
    return _virtual.get()


@contextlib.contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Lets entry points in this context believe that it is `instant` (demo data, tests)."""
    token = _virtual.set(instant)
    try:
        yield
    finally:
        _virtual.reset(token)
