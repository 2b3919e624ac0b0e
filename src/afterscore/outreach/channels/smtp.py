"""A small SMTP client that knows whether the final dot has left.

The standard library raises the same error before and after the dot, and Django's backend hides
the difference: before it a message certainly was not taken, after it nobody knows.

Where the server lets commands travel together (RFC 2920), MAIL, RCPT and DATA of a letter go out in
one write, and behind the dot of the letter before it: one round trip for each letter. With several
connections one letter leaves by each of them at a time, and their hand-over is one commit.
"""

from __future__ import annotations

import smtplib
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
    conversations,
    replies,
)
from afterscore.outreach.channels.conversations import Conversation

OK = 250
GO_AHEAD = 354
CLOSING = 421
DOT = b".\r\n"

MOST_CONNECTIONS = 16
PORTS = {"none": 25, "starttls": 587, "tls": 465}
SCHEMES = frozenset({"smtp", "smtps"})


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    user: str
    password: str
    security: str  # none, starttls or tls
    connections: int = 1  # letters that leave at a time, and that a crash may leave in doubt


def parse_url(url: str) -> Server:
    """`smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host` (TLS at once).

    Without a user and another port, `smtp://host` is a relay next door, spoken to in the clear;
    `?security=none`, `starttls` or `tls` overrides; `?connections=4` sends faster. Raises Refused.
    """
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    security = asked.get("security", [_usual_security(parts)])[0]
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
        connections=_connections(asked.get("connections", ["1"])[0]),
    )


def _connections(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= MOST_CONNECTIONS:
        raise Refused(f"One worker opens from 1 to {MOST_CONNECTIONS} connections.")
    return number


def _usual_security(parts: SplitResult) -> str:
    if parts.scheme == "smtps":
        return "tls"
    return "starttls" if parts.username or parts.port == PORTS["starttls"] else "none"


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait for the other side."""

    connect: float = 10.0 / haste.FACTOR
    command: float = 30.0 / haste.FACTOR
    body: float = 60.0 / haste.FACTOR
    dot: float = 120.0 / haste.FACTOR
    goodbye: float = 2.0
    # No new letter is begun after `batch`: the lease must cover the last one.
    batch: float = 20.0 / haste.FACTOR


class _Lost(Exception):
    """The connection broke before the dot: nothing was taken."""


@dataclass(slots=True)
class _Desk:
    """One connection, and the letter whose commands are already on their way by it."""

    conversation: Conversation | None = None
    announced: int | None = None

    @property
    def takes_many(self) -> bool:
        """Whether the server reads commands that travel together (RFC 2920)."""
        return self.conversation is not None and self.conversation.has_extn("pipelining")

    def drop(self) -> None:
        conversation, self.conversation = self.conversation, None
        self.announced = None
        if conversation is not None:
            conversation.close()

    def write(self, data: bytes, seconds: float) -> None:
        if self.conversation is None:
            raise _Lost("the connection is closed")
        try:
            self.conversation.sock.settimeout(seconds)
            self.conversation.sock.sendall(data)
        except (OSError, smtplib.SMTPException) as error:
            raise _Lost(replies.reason(error)) from error

    def refuse_to_end_what_was_answered(self) -> None:
        """In the middle of a body a server has nothing to say but that it goes away."""
        if self.conversation is None or not conversations.is_alive(self.conversation):
            raise _Lost("the connection was closed in the middle of the message")

    def hear(self, seconds: float) -> tuple[int, str]:
        if self.conversation is None:
            raise _Lost("the connection is closed")
        self.conversation.reply_seconds = seconds
        try:
            code, reply = self.conversation.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise _Lost(replies.reason(error)) from error
        return code, replies.text(code, reply)


class Smtp:
    """One recipient a letter; as many letters at a time as there are connections."""

    batch_size = 50
    handful = 10  # a slow server holds up few; after a restore few are in doubt
    needs_content = True
    repeat_window = None

    def __init__(self, way: Way) -> None:
        self.server = parse_url(way.secrets["url"])
        self.patience = Patience()
        self.desks = [_Desk() for _ in range(self.server.connections)]

    def open(self) -> None:
        """One connection is enough to begin with; a server may allow fewer than we would like."""
        for number, desk in enumerate(self.desks):
            if desk.conversation is not None and conversations.is_alive(desk.conversation):
                continue
            desk.drop()
            try:
                desk.conversation = self._connect()
                self._greet(desk.conversation)
            except (OSError, smtplib.SMTPException) as error:
                desk.drop()
                if number == 0:
                    self.close()
                    raise Unreachable(
                        f"The mail server {self.server.host}:{self.server.port} cannot be used: "
                        f"{replies.reason(error)}."
                    ) from error
                break

    def _connect(self) -> Conversation:
        name = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        if self.server.security == "tls":
            return conversations.Encrypted(
                self.server.host,
                self.server.port,
                local_hostname=name,
                timeout=self.patience.connect,
                context=ssl.create_default_context(),
            )
        return conversations.Plain(
            self.server.host,
            self.server.port,
            local_hostname=name,
            timeout=self.patience.connect,
        )

    def _greet(self, connection: Conversation) -> None:
        connection.reply_seconds = self.patience.command
        connection.ehlo_or_helo_if_needed()
        if self.server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if self.server.user:
            connection.login(self.server.user, self.server.password)

    def close(self) -> None:
        for desk in self.desks:
            conversation, desk.conversation = desk.conversation, None
            desk.announced = None
            if conversation is None:
                continue
            conversation.reply_seconds = self.patience.goodbye
            try:
                conversation.quit()
            except (OSError, smtplib.SMTPException):
                conversation.close()  # the other side has gone already

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        ends = time.monotonic() + self.patience.batch
        waiting = list(letters)
        while waiting:
            open_desks = [desk for desk in self.desks if desk.conversation is not None]
            if not open_desks or time.monotonic() > ends:
                yield [Untried(letter.number) for letter in waiting]
                break
            pairs = _seated(open_desks, waiting)
            taken = {letter.number for _desk, letter in pairs}
            waiting = [letter for letter in waiting if letter.number not in taken]
            yield self._send_volley(pairs, waiting, hand_off)
        for desk in self.desks:
            if desk.announced is not None:
                desk.drop()  # announced and not handed over after all: there is no other way back

    def _send_volley(
        self,
        pairs: Sequence[tuple[_Desk, Letter]],
        following: Sequence[Letter],
        hand_off: HandOff,
    ) -> list[Outcome]:
        """One letter by each desk: announced, handed over in one commit, sent, heard."""
        outcomes = self._announce_all(pairs)
        ready = [(desk, letter) for desk, letter in pairs if letter.number not in outcomes]
        allowed = self._ask(hand_off, ready)
        leaving = []
        for desk, letter in ready:
            if letter.number in allowed:
                leaving.append((desk, letter))
            else:
                desk.drop()  # in the middle of DATA there is no other way to take it back
                outcomes[letter.number] = Untried(letter.number)
        sent = []
        for position, (desk, letter) in enumerate(leaving):
            lost = self._send(desk, letter, next(iter(following[position : position + 1]), None))
            if lost is None:
                sent.append((desk, letter))
            else:
                outcomes[letter.number] = lost
        for desk, letter in sent:
            outcomes[letter.number] = self._hear_end(desk, letter)
        return [outcomes[letter.number] for _desk, letter in pairs]

    def _ask(self, hand_off: HandOff, ready: Sequence[tuple[_Desk, Letter]]) -> frozenset[int]:
        """Who may leave. A server that waits for a body must not be spoken to again when nobody
        can say so."""
        try:
            return hand_off([letter.number for _desk, letter in ready]) if ready else frozenset()
        except BaseException:
            for desk in self.desks:
                desk.drop()
            raise

    def _announce_all(self, pairs: Sequence[tuple[_Desk, Letter]]) -> dict[int, Outcome]:
        """MAIL, RCPT and DATA up to the 354. What a server declines here it has not taken."""
        crash.point("smtp.before_announcing")
        outcomes: dict[int, Outcome] = {}
        for desk, letter in pairs:
            if desk.takes_many and desk.announced != letter.number:
                try:
                    desk.write(b"".join(_commands(letter)), self.patience.command)
                except _Lost as error:
                    outcomes[letter.number] = _lost(desk, letter, error)
        for desk, letter in pairs:
            if letter.number in outcomes:
                continue
            try:
                declined = self._hear_announcement(desk, letter)
            except _Lost as error:
                declined = _lost(desk, letter, error)
            if declined is not None:
                outcomes[letter.number] = declined
        crash.point("smtp.after_announcing")
        return outcomes

    def _hear_announcement(self, desk: _Desk, letter: Letter) -> Declined | None:
        together = desk.takes_many
        desk.announced = None
        heard = []
        for command, good in zip(_commands(letter), ({250}, {250, 251}, {GO_AHEAD}), strict=True):
            if not together:
                desk.write(command, self.patience.command)
            code, reply = desk.hear(self.patience.command)
            heard.append((code, reply, code in good))
            if not together and code not in good:
                break
        return self._weigh(desk, letter, heard)

    def _weigh(
        self, desk: _Desk, letter: Letter, heard: Sequence[tuple[int, str, bool]]
    ) -> Declined | None:
        refused = next((place for place, each in enumerate(heard) if not each[2]), None)
        if refused is None:
            return None
        code, reply, _is_good = heard[refused]
        if heard[-1][0] == GO_AHEAD:
            desk.drop()  # it waits for a body that it must not get
        else:
            self._reset(desk, code)
        # A sender that is refused is ours to mend, not the end of every message.
        is_permanent = code >= 500 and refused != 0
        command = _commands(letter)[refused].decode().strip()
        return _declined(letter, code, reply, answers=command, is_permanent=is_permanent)

    def _reset(self, desk: _Desk, code: int) -> None:
        """Ready for the next letter, or without a connection: 421 says that it will be closed."""
        try:
            if code != CLOSING:
                desk.write(b"RSET\r\n", self.patience.command)
                if desk.hear(self.patience.command)[0] == OK:
                    return
        except _Lost:
            pass  # the drop below says it
        desk.drop()

    def _send(self, desk: _Desk, letter: Letter, following: Letter | None) -> Declined | None:
        """Body and dot, and behind it the commands of the next letter, where the server reads
        ahead. What this machine would not even take, the other side has not seen whole."""
        crash.point("smtp.before_body")
        end = DOT
        if following is not None and desk.takes_many:
            end += b"".join(_commands(following))
        try:
            desk.write(letter.content.replace(b"\r\n.", b"\r\n.."), self.patience.body)
            crash.point("smtp.after_body")
            desk.refuse_to_end_what_was_answered()
            desk.write(end, self.patience.command)
        except _Lost as error:
            return _lost(desk, letter, error)
        desk.announced = following.number if following is not None and desk.takes_many else None
        crash.point("smtp.after_dot")
        return None

    def _hear_end(self, desk: _Desk, letter: Letter) -> Outcome:
        """Once the dot has left, silence means doubt."""
        try:
            code, reply = desk.hear(self.patience.dot)
        except _Lost as error:
            desk.drop()
            return Unknown(letter.number, str(error))
        crash.point("smtp.after_reply")
        if 200 <= code < 300:
            return Accepted(letter.number, reply)
        if 400 <= code < 600:
            if code == CLOSING:
                desk.drop()
            return _declined(letter, code, reply, answers="DATA", is_permanent=code >= 500)
        desk.drop()
        return Unknown(letter.number, reply)


def _seated(desks: Sequence[_Desk], waiting: Sequence[Letter]) -> list[tuple[_Desk, Letter]]:
    """A letter for each desk; one whose commands are on their way stays where it was announced."""
    by_number = {letter.number: letter for letter in waiting}
    announced = {desk.announced for desk in desks}
    free = iter([letter for letter in waiting if letter.number not in announced])
    seated = []
    for desk in desks:
        letter = by_number.get(desk.announced or 0) or next(free, None)
        if letter is not None:
            seated.append((desk, letter))
    return seated


def _commands(letter: Letter) -> tuple[bytes, bytes, bytes]:
    return (
        f"MAIL FROM:<{letter.sender}>\r\n".encode(),
        f"RCPT TO:<{letter.recipient}>\r\n".encode(),
        b"DATA\r\n",
    )


def _lost(desk: _Desk, letter: Letter, error: _Lost) -> Declined:
    desk.drop()
    reply = f"The connection broke before the message was handed over: {error}"
    return Declined(letter.number, reply, is_permanent=False, is_last=True)


def _declined(
    letter: Letter, code: int, reply: str, *, answers: str, is_permanent: bool
) -> Declined:
    return Declined(
        letter.number,
        reply,
        is_permanent=is_permanent,
        is_last=code == CLOSING,
        blames_address=is_permanent and replies.blames_address(reply, answers=answers),
    )
