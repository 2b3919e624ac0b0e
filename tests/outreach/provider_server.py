"""A mail provider's interface on loopback that does what the test tells it.

It speaks Resend's dialect, with its idempotency keys, and Postmark's, which has none.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from afterscore.outreach.channels import Way

KEY = "re_the_key_of_the_test"


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: Any

    @property
    def recipient(self) -> str:
        to = self.body.get("to") or self.body.get("To") or ""
        return to[0] if isinstance(to, list) else to


@dataclass
class ProviderServer:
    """`mode` is what it does with a request; `taken` are the letters that really go out."""

    mode: str = "ok"
    status: int = 500
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)  # of an answer that is no yes
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    taken: list[Request] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)  # name by idempotency key
    takes_before_failing: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def way(self, provider: str = "resend", **options: str) -> Way:
        secret = "server_token" if provider == "postmark" else "api_key"
        return Way(
            "test",
            "provider",
            options={"provider": provider, "api_url": self.url, **options},
            secrets={secret: KEY},
        )

    def take(self, request: Request) -> str:
        """The same key again is the same letter."""
        key = request.headers.get("idempotency-key", "")
        with self.lock:
            if key and key in self.known:
                return self.known[key]
            self.taken.append(request)
            name = f"esp-{len(self.taken)}"
            if key:
                self.known[key] = name
            return name

    def answer(self, request: Request) -> tuple[int, bytes]:
        with self.lock:
            self.requests.append(request)
        if self.mode == "ok":
            name = self.take(request)
            said = {"id": name, "MessageID": name, "ErrorCode": 0, "Message": "OK"}
            said |= {"To": request.recipient, "SubmittedAt": "2026-05-04T09:00:00Z"}
            return 200, json.dumps(said).encode()
        if self.takes_before_failing:
            self.take(request)
        if self.mode == "silent":
            self.stopped.wait(20)
        return self.status, self.text.encode()


def _handler(server: ProviderServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            content = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.path, headers, json.loads(content))
            status, said = server.answer(request)
            if server.mode in {"silent", "hang up"}:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            if 300 <= status < 400:
                self.send_header("Location", server.url)
            for name, value in server.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    return Handler


@contextmanager
def running(**values: Any) -> Iterator[ProviderServer]:
    server = ProviderServer(**values)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    server.port = http.server_port
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        http.shutdown()
        http.server_close()
        thread.join()
