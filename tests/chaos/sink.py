"""A mail server in a process of its own: the oracle. What it writes down is what has happened.

`python -m tests.chaos.sink LOG [--host H] [--seed N] [--haste F] [--certificate PEM] [--narrow]
[--pause S]` prints its port. Each line on its standard input changes the mode: JSON of `mode`
and `share`; a recipient whose address names a mode meets that one. A line of the log is written
before the reply that it tells of: instant, what, recipient, Message-ID.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import socket
import ssl
import sys
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from tests.chaos import behaviour
from tests.chaos.behaviour import KIND, MODES, Action, Mode, Moment

MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n.\r\n"
FINE = Action(say="250 2.0.0 fine")


@dataclass
class House:
    """What all connections share."""

    log: int
    chance: random.Random
    haste: float
    certificate: ssl.SSLContext | None
    pause: float = 0.0  # seconds for each mail, as a server that writes it to its disk takes
    running: set[asyncio.Task[None]] = field(default_factory=set)
    mode: Mode = KIND
    share: float = 1.0  # of the greetings
    met: Counter[str] = field(default_factory=Counter)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    def listen_to(self, line: str) -> None:
        asked = json.loads(line)
        self.mode = MODES.get(asked["mode"], KIND)
        self.share = asked.get("share", 1.0)

    def mode_for(self, recipient: str) -> Mode:
        return behaviour.named_by(recipient) or self.mode

    def write(self, what: str, recipient: str, message_id: str = "") -> None:
        os.write(self.log, f"{time.time():.6f}\t{what}\t{recipient}\t{message_id}\n".encode())

    def action(self, moment: Moment, recipient: str = "") -> Action | None:
        """What goes wrong now, if anything. A mode with several moments chooses one of them."""
        mode = self.mode_for(recipient)
        choices = mode.at.get(moment, ())
        if not choices or not self._meets(recipient):
            return None
        if len(mode.at) > 1 and self.chance.random() > 0.4:
            return None
        self.met[recipient] += 1
        return self.chance.choice(choices)

    def breaks_tls(self) -> bool:
        return self.mode.breaks_tls and self._meets("")

    def _meets(self, who: str) -> bool:
        if not who:
            return self.chance.random() < self.share
        most = self.mode_for(who).tries
        return not most or self.met[who] < most


class Session(asyncio.Protocol):
    def __init__(self, house: House) -> None:
        self.house = house
        self.transport: asyncio.Transport
        self.buffer = bytearray()
        self.recipient = ""
        self.has_recipient = False
        self.is_in_body = False
        self.searched = 0
        self.is_silent = False  # nothing more is read or said: hung, reset, or still to answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if transport.get_extra_info("sslcontext") is not None:
            return  # the same conversation goes on under TLS
        action = self.house.action(Moment.CONNECT)
        if action is None:
            self._do(Action(say="220 sink.example ESMTP"))
            return
        self._refuse(action)
        if action.say.startswith("421"):
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self._work()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.is_in_body:
            self.house.write("cut", self.recipient)

    def _work(self) -> None:
        while not self.is_silent:
            if self.is_in_body:
                if not self._take_body():
                    return
            else:
                end = self.buffer.find(b"\r\n")
                if end < 0:
                    return
                line = bytes(self.buffer[:end])
                del self.buffer[: end + 2]
                self._obey(line)

    def _obey(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._do(Action(say=self._greeting()))
        elif verb == b"RCPT":
            self.recipient = line[line.find(b"<") + 1 : line.find(b">")].decode("utf-8", "replace")
            action = self.house.action(Moment.RCPT, self.recipient)
            self.has_recipient = action is None
            self._refuse(action) if action else self._do(FINE)
        elif verb == b"DATA":
            self._begin_body()
        elif verb == b"STAR":
            self._start_tls()
        elif verb == b"QUIT":
            self._do(Action(say="221 2.0.0 bye"))
            self.transport.close()
        else:
            self._do(FINE)

    def _greeting(self) -> str:
        words = ["sink.example", "8BITMIME", "PIPELINING"]
        if self.house.certificate and self.transport.get_extra_info("sslcontext") is None:
            words.append("STARTTLS")
        marks = ["250-"] * (len(words) - 1) + ["250 "]
        return "\r\n".join(mark + word for mark, word in zip(marks, words, strict=True))

    def _start_tls(self) -> None:
        self._do(Action(say="220 2.0.0 go ahead"))
        self.is_silent = True
        if self.house.breaks_tls():
            self.house.write("broken", "")
            self.transport.write(b"\x15\x03\x01\x00\x02\x02\x28")  # an alert: handshake failure
            self.transport.close()
            return
        self.house.run(self._wrap())

    async def _wrap(self) -> None:
        assert self.house.certificate is not None
        try:
            wrapped = await asyncio.get_running_loop().start_tls(
                self.transport, self, self.house.certificate, server_side=True
            )
        except (OSError, ssl.SSLError):
            return
        assert isinstance(wrapped, asyncio.Transport)
        self.transport, self.is_silent = wrapped, False

    def _begin_body(self) -> None:
        if not self.has_recipient:  # commands that travelled together (RFC 2920)
            self._do(Action(say="554 5.5.1 no valid recipients"))
            return
        self.has_recipient = False
        action = self.house.action(Moment.DATA, self.recipient)
        if action:
            self._refuse(action)
            return
        self._do(Action(say="354 go ahead"))
        self.is_in_body, self.searched = True, 0

    def _refuse(self, action: Action) -> None:
        word = {"4": "later", "5": "never"}.get(action.say[:1], "broken")
        self.house.write(word, self.recipient)
        self._do(action)

    def _take_body(self) -> bool:
        end = self.buffer.find(END, max(0, self.searched - len(END)))
        if end < 0:
            self.searched = len(self.buffer)
            if self.searched and (action := self.house.action(Moment.BODY, self.recipient)):
                self.house.write("cut", self.recipient)
                self._do(action)
            return False
        if action := self.house.action(Moment.BODY, self.recipient):
            self.house.write("dropped", self.recipient)
            self._do(action)
            return False
        found = MESSAGE_ID.search(self.buffer, 0, end)
        message_id = found[1].decode() if found else ""
        del self.buffer[: end + len(END)]
        self.is_in_body = False
        self._end_mail(message_id)
        return True

    def _end_mail(self, message_id: str) -> None:
        action = self.house.action(Moment.DOT, self.recipient)
        if action is None:
            self.house.write("accepted", self.recipient, message_id)
            self._do(Action(say="250 2.0.0 queued", after=self.house.pause * self.house.haste))
            return
        is_good = action.say.startswith("250")
        word = {"4": "later", "5": "never"}.get(action.say[:1], "dropped")
        if action.keeps:
            word = "accepted" if is_good else "silent"
        self.house.write(word, self.recipient, message_id)
        self._do(action)

    def _do(self, action: Action) -> None:
        if self.transport.is_closing():
            self.is_silent = True
        elif action.resets:
            self.is_silent = True
            self.is_in_body = False
            self._reset()
        elif not action.say:
            self.is_silent = True
        elif action.after or self.house.mode_for(self.recipient).seconds_per_byte:
            self.is_silent = True
            self.house.run(self._say_slowly(action))
        else:
            self.transport.write(action.say.encode("latin-1") + b"\r\n")

    async def _say_slowly(self, action: Action) -> None:
        haste = self.house.haste
        await asyncio.sleep(action.after / haste)
        reply = action.say.encode("latin-1") + b"\r\n"
        pause = self.house.mode_for(self.recipient).seconds_per_byte / haste
        for start in range(0, len(reply), 1 if pause else len(reply)):
            if self.transport.is_closing():
                return
            self.transport.write(reply[start : start + (1 if pause else len(reply))])
            await asyncio.sleep(pause)
        self.is_silent = False
        self._work()

    def _reset(self) -> None:
        """RST instead of FIN: what the kernel does with no time left to linger."""
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.transport.abort()


def make_narrow(door: socket.socket) -> None:
    """So little room on the way that a long mail is still leaving when its connection breaks."""
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)


async def _serve(options: argparse.Namespace) -> None:
    context = None
    if options.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate)
    house = House(
        log=os.open(options.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        chance=random.Random(options.seed),
        haste=options.haste,
        certificate=context,
        pause=options.pause,
    )
    loop = asyncio.get_running_loop()
    door = socket.create_server((options.host, options.port))
    if options.narrow:
        make_narrow(door)
    server = await loop.create_server(lambda: Session(house), sock=door)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        house.listen_to(line.decode())
        print("ready", flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--haste", type=float, default=1.0)
    parser.add_argument("--certificate")
    parser.add_argument("--narrow", action="store_true")
    parser.add_argument("--pause", type=float, default=0.0)
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
