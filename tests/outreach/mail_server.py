"""A mail server that does what the test tells it: reply, stay silent, or hang up, at any step."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

HANG_UP = "hang up"
SILENCE = "silence"
FINE = {
    "greeting": "220 mail.example.com ESMTP",
    "EHLO": "250 mail.example.com",
    "MAIL": "250 2.1.0 fine",
    "RCPT": "250 2.1.5 fine",
    "DATA": "354 go ahead",
    "dot": "250 2.0.0 queued as 4711",
    "RSET": "250 2.0.0 fine",
    "QUIT": "221 2.0.0 bye",
    "AUTH": "535 5.7.8 wrong password",
}


@dataclass
class MailServer:
    """`says` changes the reply to a step; `says_to` the reply to RCPT for one address."""

    says: Mapping[str, str] = field(default_factory=dict)
    says_to: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    accepted: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                try:
                    self._converse(connection)
                except OSError:
                    continue

    def _converse(self, connection: socket.socket) -> None:
        stream = connection.makefile("rb")
        if not self._reply(connection, self._answer("greeting")):
            return
        while line := stream.readline():
            command = line.decode("latin-1").strip()
            self.commands.append(command)
            verb = command.split(" ")[0].split(":")[0].upper()
            answer = self._answer(verb)
            if verb == "RCPT":
                answer = self.says_to.get(command[9:-1], answer)
            if not self._reply(connection, answer) or verb == "QUIT" or answer[:3] == "421":
                return
            if verb == "DATA" and answer[:3] == "354" and not self._take(connection, stream):
                return

    def _take(self, connection: socket.socket, stream) -> bool:
        lines = []
        while True:
            line = stream.readline()
            if not line:
                return False  # the other side went away before the dot: nothing was sent
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        answer = self._answer("dot")
        if answer[:1] == "2" or answer in {HANG_UP, SILENCE}:
            self.accepted.append(b"".join(lines))
        return self._reply(connection, answer)

    def _answer(self, step: str) -> str:
        return self.says.get(step, FINE.get(step, "502 5.5.2 what?"))

    def _reply(self, connection: socket.socket, answer: str) -> bool:
        if answer == SILENCE:
            self.stopped.wait(5)
            return False
        if answer == HANG_UP:
            return False
        connection.sendall(answer.encode() + b"\r\n")
        return True


@contextmanager
def running(
    *, says: Mapping[str, str] | None = None, says_to: Mapping[str, str] | None = None
) -> Iterator[MailServer]:
    server = MailServer(says=says or {}, says_to=says_to or {})
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    thread = threading.Thread(target=server.serve, args=(listener,))
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
