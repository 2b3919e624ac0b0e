"""Connections to PostgreSQL that bring columns, kept open between looks.

Opening one costs more than most questions do: the driver asks the database for all its types. So
whoever is done gives hers back, and the next one takes it.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_MOST_IDLE = 4
_LONGEST_IDLE = 60.0
"""Seconds, as the desk's own connections: who knows what became of the server since."""


@dataclass(frozen=True, slots=True)
class _Idle:
    target: str
    link: Any
    since: float


_idle: list[_Idle] = []
_of_a_parent: list[_Idle] = []
_lock = threading.Lock()


@contextmanager
def snapshot(target: str) -> Iterator[Any]:
    """A connection that sees one state of the database, and may not write. The state is let go when
    the look ends, however it ends."""
    link = _begin(target)
    try:
        yield link
    except BaseException:
        # Rows may be on their way still: no telling what would be read next.
        link.close()
        raise
    _give_back(target, link)


def _begin(target: str) -> Any:
    while (link := _take(target)) is not None:
        try:
            _execute(link, _BEGIN)
        except link.Error:
            link.close()  # the server was started anew, or has hung up
        else:
            return link
    link = _open(target)
    _execute(link, _BEGIN)
    return link


def _open(target: str) -> Any:
    import adbc_driver_postgresql.dbapi as adbc

    return adbc.connect(target, autocommit=True)


def _execute(link: Any, command: str) -> None:
    with link.cursor() as cursor:
        cursor.execute(command)


def _take(target: str) -> Any | None:
    _drop_older_than(time.monotonic() - _LONGEST_IDLE)
    with _lock:
        place = next((n for n, each in enumerate(_idle) if each.target == target), None)
        return None if place is None else _idle.pop(place).link


def _give_back(target: str, link: Any) -> None:
    try:
        _execute(link, "ROLLBACK")
    except link.Error:
        link.close()  # hung up on while a cluster counted; everything had been read by then
        return
    except BaseException:
        link.close()
        raise
    with _lock:
        _idle.insert(0, _Idle(target, link, time.monotonic()))
        surplus = [_idle.pop() for _ in range(len(_idle) - _MOST_IDLE)]
    _close(surplus)


def _drop_older_than(instant: float) -> None:
    with _lock:
        old = [each for each in _idle if each.since < instant]
        _idle[:] = [each for each in _idle if each.since >= instant]
    _close(old)


def _close(gone: list[_Idle]) -> None:
    for each in gone:
        each.link.close()


def close_all() -> None:
    """What lies idle; whoever has taken one keeps it until she is done."""
    with _lock:
        gone = list(_idle)
        _idle.clear()
    _close(gone)


def _leave_to_the_parent() -> None:
    """A process that was forked must neither use nor close what its parent talks through."""
    global _lock  # noqa: PLW0603 (another thread of the parent may have held it)
    _lock = threading.Lock()
    _of_a_parent.extend(_idle)
    _idle.clear()


atexit.register(close_all)
os.register_at_fork(after_in_child=_leave_to_the_parent)
