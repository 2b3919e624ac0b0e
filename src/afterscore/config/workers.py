"""The worker process: deferred jobs, the schedule, the sender, and the inlet for mail."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections, connections

from afterscore.config import lmtp
from afterscore.kit import haste
from afterscore.outreach import sender

logger = logging.getLogger(__name__)
SENDER_POLL_SECONDS = max(0.05, 1.0 / haste.FACTOR)
RECOVER_SECONDS = 2.0
JOBS_REST_SECONDS = 1.0
JOBS_AT_ONCE = 4
SHUTDOWN_SECONDS = 8.0
REFRESH_SECONDS = 15.0


def run(*, once: bool) -> None:
    """Until SIGTERM or SIGINT; with `once`, until nothing is left to do."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    if once:
        run_jobs(wait=False)
        sender.drain(worker=name)
        run_jobs(wait=False)
        return
    stopping = threading.Event()
    thread = threading.Thread(target=_send_until, args=(stopping, name), name="sender")
    thread.start()
    listening = lmtp.listen_quietly(settings.AFTERSCORE_INLET)
    try:
        _work_on_jobs()
    finally:
        stopping.set()
        if listening is not None:
            listening.stop()
        thread.join()


def _work_on_jobs() -> None:
    """Until a signal. When the database goes away, so does their machinery, with an error or
    without a word: it is made anew."""
    while True:
        try:
            if run_jobs(wait=True):
                return
            logger.error("The jobs ended by themselves; they go on in %s s", JOBS_REST_SECONDS)
        except Exception:
            logger.exception("The jobs stumbled; they go on in %s s", JOBS_REST_SECONDS)
        threading.Event().wait(JOBS_REST_SECONDS)


def _send_until(stopping: threading.Event, name: str) -> None:
    """The sender's own thread. What goes wrong in one round is logged; the next one comes.

    Every few seconds it also takes up what dead workers left, whether or not the schedule runs.
    """
    recovered = 0.0
    while not stopping.is_set():
        close_old_connections()
        try:
            if time.monotonic() - recovered > RECOVER_SECONDS:
                sender.recover()
                recovered = time.monotonic()
            busy = sender.send_some(worker=name) > 0
        except Exception:
            logger.exception("The sender stumbled; it goes on in %s s", SENDER_POLL_SECONDS)
            busy = False
        if not busy:
            stopping.wait(SENDER_POLL_SECONDS)
    close_old_connections()


def run_jobs(*, wait: bool) -> bool:
    """Deferred jobs, until a signal; without `wait`, until none is due. True after a signal."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("jobs live in Django's database")
    # A twin of the app does the fetching; the app itself keeps Django's connection, so that a
    # job deferred by a job commits with that job's rows.
    twin = app.with_connector(connector.get_worker_connector())

    async def work() -> None:
        async with twin.open_async(), _fresh_connection():
            await twin.run_worker_async(
                wait=wait,
                concurrency=JOBS_AT_ONCE,
                install_signal_handlers=False,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=SHUTDOWN_SECONDS,
            )

    if wait:
        return asyncio.run(_until_signal(work()))
    asyncio.run(work())
    return False


@contextlib.asynccontextmanager
async def _fresh_connection() -> AsyncIterator[None]:
    """The schedule writes through Django's connection in a thread that never ends. After a restart
    of the database nobody else would open it anew."""

    async def refresh() -> None:
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            await sync_to_async(close_old_connections)()

    refreshing = asyncio.ensure_future(refresh())
    try:
        yield
    finally:
        refreshing.cancel()
        await sync_to_async(connections.close_all)()


async def _until_signal(work: Coroutine[Any, Any, None]) -> bool:
    """Ends the work in good order on SIGTERM or SIGINT, and in any order if that takes too long:
    without a database there is nobody left to report to, and what was claimed is recovered."""
    task = asyncio.ensure_future(work)
    is_told = False

    def stop() -> None:
        nonlocal is_told
        is_told = True
        deadline = threading.Timer(SHUTDOWN_SECONDS + 5, os._exit, args=[1])
        deadline.daemon = True
        deadline.start()
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return is_told
