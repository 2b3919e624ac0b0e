"""A mail server for tests, and how a reader finds the links in what arrived."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Takes every mail; `mails` holds them as parsed messages, `envelopes` their recipients."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients.extend(envelope.rcpt_tos)
        return "250 2.0.0 Ok: queued as TEST"

    def to(self, address: str) -> list[EmailMessage]:
        return [
            mail for mail, got in zip(self.mails, self.recipients, strict=True) if got == address
        ]


@contextlib.contextmanager
def running() -> Iterator[tuple[Mailbox, str]]:
    """The mailbox and the address to put into AFTERSCORE_SMTP_URL."""
    mailbox = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.extend(value for name, value in attrs if name == "href" and value)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None, f"no {kind} part"
    content = body.get_content()
    assert isinstance(content, str)
    return content


def links(mail: EmailMessage) -> list[str]:
    parser = _Links()
    parser.feed(part(mail, "html"))
    return parser.found


def score_links(mail: EmailMessage) -> dict[int, str]:
    """The eleven links of the scale."""
    found = {}
    for link in links(mail):
        if match := re.search(r"[?&]score=(\d+)$", link):
            found[int(match[1])] = link
    return found


def path(link: str) -> str:
    """What a browser asks the server for."""
    return re.sub(r"^https?://[^/]+", "", link)
