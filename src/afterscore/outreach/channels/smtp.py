"""A small SMTP client that knows whether the final dot has left.

The standard library raises the same error before and after the dot, and Django's backend hides
the difference: before it a message certainly was not taken, after it nobody knows.
"""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings

from afterscore.kit import crash, haste
from afterscore.kit.errors import Refused
from afterscore.outreach.channels import (
    Accepted,
    Declined,
    HandOff,
    Letter,
    Outcome,
    Unknown,
    Unreachable,
    Untried,
    Way,
    replies,
)

OK = 250
CLOSING = 421
_DOTS = re.compile(rb"^\.", re.MULTILINE)

PORTS = {"none": 25, "starttls": 587, "tls": 465}
SCHEMES = frozenset({"smtp", "smtps"})


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    security: str  # none, starttls or tls


def parse_url(url: str) -> Server:
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host` (TLS at once).

    Without a user and another port, `smtp://host` is a relay next door, spoken to in the clear;
    `?security=none`, `starttls` or `tls` overrides. Raises Refused.
    """
    parts = urlsplit(url)
    security = parse_qs(parts.query).get("security", [_usual_security(parts)])[0]
    if parts.scheme not in SCHEMES or security not in PORTS or not parts.hostname:
        raise Refused(
            "The mail server is written like smtp://user:password@mail.example.com:587, "
            "or smtps://… where TLS starts at once."
        )
    return Server(
        host=parts.hostname,
        port=parts.port or PORTS[security],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security=security,
    )


def _usual_security(parts: SplitResult) -> str:
    if parts.scheme == "smtps":
        return "tls"
    return "starttls" if parts.username or parts.port == PORTS["starttls"] else "none"


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for the other side."""

    connect: float = 10.0 / haste.FACTOR
    command: float = 30.0 / haste.FACTOR
    dot: float = 120.0 / haste.FACTOR
    # No new letter is begun after `batch`: the lease must cover the last one.
    batch: float = 20.0 / haste.FACTOR


class _Lost(Exception):
    """The connection broke before the dot: nothing was taken."""


class Smtp:
    """One connection a round, one recipient a letter."""

    batch_size = 10
    needs_content = True
    repeat_window = None

    def __init__(self, way: Way) -> None:
        self.server = parse_url(way.secrets["url"])
        self.patience = Patience()
        self._connection: smtplib.SMTP | None = None

    def open(self) -> None:
        if self._connection is not None and _is_alive(self._connection):
            return
        self._drop()
        try:
            self._connection = self._connect()
            self._greet(self._connection)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Unreachable(
                f"The mail server {self.server.host}:{self.server.port} cannot be used: "
                f"{replies.reason(error)}"
            ) from error

    def _connect(self) -> smtplib.SMTP:
        name = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        if self.server.security == "tls":
            return smtplib.SMTP_SSL(
                self.server.host,
                self.server.port,
                local_hostname=name,
                timeout=self.patience.connect,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(
            self.server.host,
            self.server.port,
            local_hostname=name,
            timeout=self.patience.connect,
        )

    def _greet(self, connection: smtplib.SMTP) -> None:
        self._wait(connection, self.patience.command)
        connection.ehlo_or_helo_if_needed()
        if self.server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if self.server.user:
            connection.login(self.server.user, self.server.password)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()  # the other side has gone already

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        ends = time.monotonic() + self.patience.batch
        for letter in letters:
            if self._connection is None or time.monotonic() > ends:
                yield [Untried(letter.number)]
            else:
                yield [self._transfer(self._connection, letter, hand_off)]

    def _transfer(self, connection: smtplib.SMTP, letter: Letter, hand_off: HandOff) -> Outcome:
        try:
            crash.point("smtp.before_announcing")
            declined = self._announce(connection, letter)
            if declined is not None:
                return declined
            crash.point("smtp.after_announcing")
            if letter.number not in hand_off([letter.number]):
                self._drop()  # in the middle of DATA there is no other way to take it back
                return Untried(letter.number)
            crash.point("smtp.before_body")
            self._send_body(connection, letter)
            crash.point("smtp.after_body")
            self._send_dot(connection)
        except _Lost as error:
            self._drop()
            reply = f"The connection broke before the message was handed over: {error}"
            return Declined(letter.number, reply, is_permanent=False)
        return self._hear_end(connection, letter)

    def _announce(self, connection: smtplib.SMTP, letter: Letter) -> Declined | None:
        """MAIL, RCPT and DATA up to the 354. What the server declines here it has not taken."""
        for command, good, is_about_us in (
            (f"MAIL FROM:<{letter.sender}>", {250}, True),
            (f"RCPT TO:<{letter.recipient}>", {250, 251}, False),
            ("DATA", {354}, False),
        ):
            code, reply = self._say(connection, command)
            if code not in good:
                self._reset(connection, code)
                # A sender that is refused is ours to mend, not the end of every message.
                is_permanent = code >= 500 and not is_about_us
                return _declined(letter, reply, answers=command, is_permanent=is_permanent)
        return None

    def _say(self, connection: smtplib.SMTP, command: str) -> tuple[int, str]:
        try:
            code, reply = connection.docmd(command)
        except (OSError, smtplib.SMTPException) as error:
            raise _Lost(replies.reason(error)) from error
        return code, replies.text(code, reply)

    def _reset(self, connection: smtplib.SMTP, code: int) -> None:
        """Ready for the next letter, or without a connection: 421 says that it will be closed."""
        if code == CLOSING or self._say_quietly(connection, "RSET") != OK:
            self._drop()

    def _say_quietly(self, connection: smtplib.SMTP, command: str) -> int | None:
        try:
            return self._say(connection, command)[0]
        except _Lost:
            return None

    def _send_body(self, connection: smtplib.SMTP, letter: Letter) -> None:
        try:
            connection.send(_DOTS.sub(b"..", letter.content))
        except (OSError, smtplib.SMTPException) as error:
            raise _Lost(replies.reason(error)) from error

    def _send_dot(self, connection: smtplib.SMTP) -> None:
        """What this machine would not even take, the other side has not seen whole."""
        try:
            self._wait(connection, self.patience.dot)
            connection.send(b".\r\n")
            crash.point("smtp.after_dot")
        except (OSError, smtplib.SMTPException) as error:
            raise _Lost(replies.reason(error)) from error

    def _hear_end(self, connection: smtplib.SMTP, letter: Letter) -> Outcome:
        """Once the dot has left, silence means doubt."""
        try:
            code, reply = connection.getreply()
            crash.point("smtp.after_reply")
            self._wait(connection, self.patience.command)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Unknown(letter.number, replies.reason(error))
        return self._judge(connection, letter, code, replies.text(code, reply))

    def _judge(self, connection: smtplib.SMTP, letter: Letter, code: int, reply: str) -> Outcome:
        if 200 <= code < 300:
            return Accepted(letter.number, reply)
        if 400 <= code < 600:
            self._reset(connection, code)
            return _declined(letter, reply, answers="DATA", is_permanent=code >= 500)
        self._drop()
        return Unknown(letter.number, reply)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _wait(self, connection: smtplib.SMTP, seconds: float) -> None:
        if isinstance(connection.sock, socket.socket):
            connection.sock.settimeout(seconds)


def _is_alive(connection: smtplib.SMTP) -> bool:
    """Between letters a server has nothing to say but goodbye."""
    if not isinstance(connection.sock, socket.socket):
        return False
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return not poll.poll(0)


def _declined(letter: Letter, reply: str, *, answers: str, is_permanent: bool) -> Declined:
    return Declined(
        letter.number,
        reply,
        is_permanent=is_permanent,
        blames_address=is_permanent and replies.blames_address(reply, answers=answers),
    )
