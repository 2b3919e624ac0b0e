"""A conversation with a mail server in which every reply has a total time, not one for each byte.

The standard library waits anew for each byte, so a server that sends one now and then could hold
a sender for hours. Sending has a total time already (Python's `sendall`).
"""

from __future__ import annotations

import select
import smtplib
import socket
import time
from typing import Any

LONGEST_REPLY = 64 * 1024
UNDER_WAY = 16 * 1024  # bytes that this machine holds for the other side; Linux takes it twice
NO_REPLY = -1  # what came is no reply of SMTP


class _Timed:
    """Mixed into the standard library's clients: small writes leave at once, replies are timed."""

    sock: Any
    reply_seconds: float = 10.0
    _heard: bytes = b""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        # A dot of three bytes must not wait until the body before it is acknowledged.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Nor may a long body be on its way unseen when the dot is written: then a server that cuts
        # it off would leave doubt.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, UNDER_WAY)
        return made

    def starttls(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        answer: tuple[int, bytes] = super().starttls(*arguments, **options)  # type: ignore[misc]
        self._heard = b""  # whatever was said before the secret began may be anybody's
        return answer

    def getreply(self) -> tuple[int, bytes]:
        """Code and text of the next reply. Raises TimeoutError, or SMTPServerDisconnected."""
        deadline = time.monotonic() + self.reply_seconds
        lines: list[bytes] = []
        size = 0
        while size < LONGEST_REPLY:
            line = self._line(deadline)
            size += len(line)
            lines.append(line[4:].strip(b" \t\r\n"))
            if not line[:3].isdigit() or not line[:3].isascii():
                return NO_REPLY, line.strip(b"\r\n")
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(lines)
        raise smtplib.SMTPServerDisconnected("it talks without end")

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._heard:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
            more = self.sock.recv(4096)
            if not more or len(self._heard) > LONGEST_REPLY:
                raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
            self._heard += more
        line, end, self._heard = self._heard.partition(b"\n")
        return line + end


class Plain(_Timed, smtplib.SMTP):
    """Begins in the clear."""


class Encrypted(_Timed, smtplib.SMTP_SSL):
    """TLS from the first byte."""


Conversation = Plain | Encrypted


def is_alive(conversation: Conversation) -> bool:
    """Between letters a server has nothing to say but goodbye."""
    if not isinstance(conversation.sock, socket.socket) or conversation._heard:  # noqa: SLF001
        return False
    poll = select.poll()
    poll.register(conversation.sock, select.POLLIN)
    return not poll.poll(0)
