"""A door for mail that comes back: LMTP, for the mail server next door.

One recipient a mail, so that every reply is about one. A mail is stored before it is answered;
while the database is away the answer is "later", and the mail server keeps it.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session
from django.db import connections

from afterscore.kit import clock
from afterscore.outreach import operations
from afterscore.outreach.operations import MAX_BYTES, NotOurs, TooLarge

logger = logging.getLogger(__name__)
AT_ONCE = 4
LATER = "451 4.3.0 The database does not answer. Please try again later."
ONE_AT_A_TIME = "452 4.5.3 One recipient at a time, please."
OPENING_SECONDS = 10.0
IDLE_SECONDS = 60.0


class _Protocol(LMTP):
    line_length_limit = 100_000  # reports quote mails of every kind


@dataclass
class _Door:
    threads: ThreadPoolExecutor

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's names and order)
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            return ONE_AT_A_TIME
        try:
            operations.check_recipient(address=address)
        except NotOurs as error:
            return f"550 5.1.1 {error.message}"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Fine."

    async def handle_DATA(  # noqa: N802
        self, _server: LMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self.threads, _receive, envelope.rcpt_tos[0], bytes(content)
        )


def _receive(recipient: str, raw: bytes) -> str:
    """Whatever goes wrong on our side, the mail is not lost: it comes again."""
    try:
        event = operations.receive(recipient=recipient, raw=raw, now=clock.now())
    except NotOurs as error:
        return f"550 5.1.1 {error.message}"
    except TooLarge as error:
        return f"552 5.3.4 {error.message}"
    except Exception:
        logger.exception("A mail for %s could not be stored; it comes again", recipient)
        return LATER
    finally:
        connections.close_all()  # mails are rare, threads are many
    return f"250 2.0.0 Kept as {event.public_id}."


@dataclass
class Listening:
    """A server in a thread of its own, from `start` to `stop`."""

    host: str
    port: int  # 0: any; afterwards the one that was found
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Raises OSError where something else listens already."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        door = socket.create_server((self.host, self.port), family=family)
        self.port = door.getsockname()[1]
        self._loop = loop = asyncio.new_event_loop()
        is_open = threading.Event()
        self._thread = threading.Thread(target=_serve, args=(loop, door, is_open), name="inlet")
        self._thread.start()
        if not is_open.wait(OPENING_SECONDS):
            raise OSError(f"Nothing listens at {self.host}:{self.port} yet.")

    def stop(self) -> None:
        """Mails that are being stored are stored; of the rest the mail server hears no answer, and
        brings them again."""
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._thread = self._loop = None


def _serve(loop: asyncio.AbstractEventLoop, door: socket.socket, is_open: threading.Event) -> None:
    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="inlet")
    server = loop.run_until_complete(loop.create_server(_protocol(loop, threads), sock=door))
    is_open.set()
    loop.run_forever()
    server.close()
    loop.run_until_complete(_hang_up(asyncio.all_tasks(loop)))
    threads.shutdown(wait=True)
    loop.close()


async def _hang_up(tasks: Collection[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _protocol(loop: asyncio.AbstractEventLoop, threads: ThreadPoolExecutor) -> Callable[[], LMTP]:
    def make() -> LMTP:
        return _Protocol(
            _Door(threads),
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            hostname="afterscore",
            ident="Afterscore",
            timeout=IDLE_SECONDS,
            loop=loop,
        )

    return make


def listen_quietly(address: tuple[str, int] | None) -> Listening | None:
    """Without an address nobody listens; neither where another worker of this machine does."""
    if address is None:
        return None
    listening = Listening(*address)
    try:
        listening.start()
    except OSError as error:
        logger.warning("No inlet at %s:%s: %s", *address, error)
        return None
    return listening
