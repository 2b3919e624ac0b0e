"""A composed mail as the bytes that go over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from io import BytesIO

# The older of Python's two mail interfaces: the newer one loses spaces when it folds long subjects
# in other scripts, and takes three times as long.
_POLICY = compat32.clone(linesep="\r\n", max_line_length=998)
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP  # seven bits: every server takes it, and nothing on the way recodes it
_ADDRESSES = frozenset({"From", "To", "Reply-To"})


@dataclass(frozen=True, slots=True)
class Composed:
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    sender: str  # the address alone, for the envelope


def as_bytes(composed: Composed, *, date: datetime) -> bytes:
    """RFC 5322 with both parts, lines ended by CRLF."""
    mail = MIMEMultipart("alternative")
    for name, value in composed.headers.items():
        mail[name] = _encoded(name, value)
    mail["Date"] = format_datetime(date)
    mail.attach(_part("plain", composed.text))
    mail.attach(_part("html", composed.html))
    return _written(mail)


def _encoded(name: str, value: str) -> str:
    if name in _ADDRESSES:
        return formataddr(parseaddr(value), "utf-8")
    if value.isascii():
        return value
    return Header(value, "utf-8", header_name=name).encode()


def _part(subtype: str, text: str) -> Message:
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part.set_payload(text, charset=_UTF8)
    return part


def _written(mail: Message) -> bytes:
    buffer = BytesIO()
    BytesGenerator(buffer, mangle_from_=False, policy=_POLICY).flatten(mail)
    return buffer.getvalue()
