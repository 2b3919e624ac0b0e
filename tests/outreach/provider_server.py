"""A mail provider's interface on loopback that does what the test tells it.

It speaks Resend's dialect, with its idempotency keys, and those of Postmark, Mailjet and Mailtrap,
which have none but take many letters in one request.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parseaddr
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
        return _recipient(self.body)


def _recipient(letter: Any) -> str:
    """The bare address, in whichever dialect."""
    to = letter.get("to") or letter.get("To") or ""
    first = to[0] if isinstance(to, list) else to
    named = first if isinstance(first, str) else first.get("email") or first.get("Email")
    return parseaddr(str(named))[1]


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
    refused: set[str] = field(default_factory=set)  # addresses to which it will not write
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def way(self, provider: str = "resend", **options: str) -> Way:
        keys = {
            "postmark": ("server_token",),
            "mailtrap": ("api_token",),
            "mailjet": ("api_key", "secret_key"),
        }.get(provider, ("api_key",))
        return Way(
            "test",
            "provider",
            options={"provider": provider, "api_url": self.url, **options},
            secrets=dict.fromkeys(keys, KEY),
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
        if self.mode == "ok" and request.path in _DIALECTS:
            status, said = _DIALECTS[request.path](self, request)
            return status, json.dumps(said).encode()
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


def _take_each(server: ProviderServer, request: Request, letters: list[Any]) -> Iterator[Any]:
    """The name each letter gets, or None where it is refused."""
    for letter in letters:
        to = _recipient(letter)
        one = Request(request.path, request.headers, letter)
        yield to, None if to in server.refused else server.take(one)


def _postmark(server: ProviderServer, request: Request) -> tuple[int, Any]:
    return 200, [
        {"ErrorCode": 0, "Message": "OK", "MessageID": name, "To": to}
        if name
        else {
            "ErrorCode": 406,
            "Message": f"You tried to send to a recipient that has been marked as inactive.\n"
            f"Found inactive addresses: {to}.\nInactive recipients are ones that have generated "
            "a hard bounce or a spam complaint.",
        }
        for to, name in _take_each(server, request, request.body)
    ]


def _mailjet(server: ProviderServer, request: Request) -> tuple[int, Any]:
    letters = [{**request.body.get("Globals", {}), **each} for each in request.body["Messages"]]
    said = [
        {"Status": "success", "To": [{"Email": to, "MessageID": name}]}
        if name
        else {"Status": "error", "Errors": [{"StatusCode": 400, "ErrorMessage": f"{to} is odd"}]}
        for to, name in _take_each(server, request, letters)
    ]
    return (400 if any("Errors" in each for each in said) else 200), {"Messages": said}


def _mailtrap(server: ProviderServer, request: Request) -> tuple[int, Any]:
    said = [
        {"success": True, "message_ids": [name]}
        if name
        else {"success": False, "errors": [f"'to' address {to} is invalid"]}
        for to, name in _take_each(server, request, request.body["requests"])
    ]
    return 200, {"success": True, "responses": said}


def _mailtrap_alone(server: ProviderServer, request: Request) -> tuple[int, Any]:
    return 200, {"success": True, "message_ids": [server.take(request)]}


_DIALECTS: dict[str, Callable[[ProviderServer, Request], tuple[int, Any]]] = {
    "/email/batch": _postmark,
    "/send": lambda server, request: (
        _mailjet(server, request)
        if "Messages" in request.body
        else _mailtrap_alone(server, request)
    ),
    "/batch": _mailtrap,
}


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
