"""Deferred work. A job deferred inside a transaction commits or vanishes with its rows.

`@jobs.task("cases.open")` names a function of keyword arguments that JSON can carry.
`jobs.defer("cases.open", response="rsp_…")` asks for it. Tasks must be safe to run twice.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.db import connections
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as procrastinate_app

Task = TypeVar("Task", bound=Callable[..., None])

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)
_tasks: dict[str, Callable[..., None]] = {}
_queue: contextvars.ContextVar[InlineQueue | None] = contextvars.ContextVar("queue", default=None)


class InlineQueue:
    """Jobs kept in memory, run in order by `run` in the caller's own time and thread."""

    def __init__(self) -> None:
        self.jobs: deque[tuple[str, dict[str, Any]]] = deque()

    def run(self) -> int:
        """Runs until nothing is left, jobs deferred by jobs included; returns how many ran."""
        count = 0
        while self.jobs:
            name, arguments = self.jobs.popleft()
            _tasks[name](**arguments)
            count += 1
        return count


def task(name: str, *, queue: str = "default") -> Callable[[Task], Task]:
    def register(function: Task) -> Task:
        _tasks[name] = function
        procrastinate_app.task(name=name, queue=queue, retry=RETRY)(_with_own_connection(function))
        return function

    return register


def _with_own_connection(function: Task) -> Task:
    """A worker runs jobs in threads of its own, and a thread that ends takes nobody's place:
    each job leaves with its connection closed, and none meets one that a restart has cut."""

    @functools.wraps(function)
    def run(**arguments: Any) -> None:
        try:
            function(**arguments)
        finally:
            connections.close_all()

    return run  # type: ignore[return-value]


def defer_on_schedule(app: App, *, cron: str, name: str) -> None:
    """Asks for this job at the instants of `cron`, one at a time whatever the number of workers."""

    def start(timestamp: int) -> None:
        defer(name)

    task = app.task(name=f"schedule.{name}", queueing_lock=f"schedule.{name}")
    app.periodic(cron=cron, periodic_id=name)(task(_with_own_connection(start)))


def names() -> frozenset[str]:
    return frozenset(_tasks)


def defer(name: str, *, lock: str | None = None, **arguments: Any) -> None:
    """Asks for a job, in the transaction that is open. Jobs of one `lock` run one after another."""
    inline = _queue.get()
    if inline is not None:
        inline.jobs.append((name, arguments))
        return
    procrastinate_app.configure_task(name, lock=lock).defer(**arguments)


@contextlib.contextmanager
def inline() -> Iterator[InlineQueue]:
    """Inside, jobs go to memory and run when `queue.run()` is called (demo data, tests)."""
    queue = InlineQueue()
    token = _queue.set(queue)
    try:
        yield queue
    finally:
        _queue.reset(token)
