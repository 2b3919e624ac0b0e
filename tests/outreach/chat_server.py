"""A chat on loopback that takes posts, refuses them, or does what a hostile address would do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ChatServer:
    """`mode`: "ok", "refuse" (with `status` and `text`), "redirect", "hang_up", "drip"."""

    mode: str = "ok"
    status: int = 404
    text: str = "no_service"
    location: str = ""
    port: int = 0
    posts: list[Any] = field(default_factory=list)
    requests: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/T0123/the-secret-part"


class _Handler(BaseHTTPRequestHandler):
    chat: ChatServer

    def do_POST(self) -> None:
        self.chat.requests += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.chat.mode == "hang_up":
            self.close_connection = True
        elif self.chat.mode == "drip":
            self._drip()
        else:
            self._answer(body)

    def _answer(self, body: bytes) -> None:
        status, text = self.chat.status, self.chat.text
        if self.chat.mode == "ok":
            self.chat.posts.append(json.loads(body))
            status, text = 200, self.chat.text if self.chat.status == 200 else "ok"
        self.send_response(302 if self.chat.mode == "redirect" else status)
        if self.chat.mode == "redirect":
            self.send_header("Location", self.chat.location)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.chat.stopped.is_set():
            try:
                self.wfile.write(b".")
            except OSError:
                return
            time.sleep(0.05)

    def log_message(self, *_arguments: Any) -> None:
        """Quiet."""


@contextmanager
def running(**options: Any) -> Iterator[ChatServer]:
    server = ChatServer(**options)
    listening = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), {"chat": server})
    )
    server.port = listening.server_address[1]
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
