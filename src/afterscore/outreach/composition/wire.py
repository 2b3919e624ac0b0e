"""A composed mail as the bytes that go over the wire."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr

_ADDRESSES = frozenset({"From", "To", "Reply-To"})
_ENCODED = (
    b'MIME-Version: 1.0\r\nContent-Type: text/%s; charset="utf-8"\r\n'
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file in a mail. With a `content_id` the HTML shows it in its place (cid:...)."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    sender: str  # the address alone, for the envelope
    enclosed: tuple[Enclosed, ...] = ()


def as_bytes(composed: Composed, *, date: datetime) -> bytes:
    """RFC 5322 with both parts, lines ended by CRLF. The same mail gives the same bytes.

    Written by hand: the standard library takes ten times as long, most of it to fold headers that
    are short already.
    """
    lines = [_header(name, value) for name, value in composed.headers.items()]
    lines += [f"Date: {format_datetime(date)}".encode(), b"MIME-Version: 1.0", _body(composed)]
    return b"\r\n".join(lines)


def _body(composed: Composed) -> bytes:
    """Text and HTML; around them what the HTML shows, and around that what is only enclosed."""
    boundary = _boundary(composed)
    parts = [_part(b"plain", composed.text), _part(b"html", composed.html)]
    body = _together(b"alternative", boundary, parts)
    shown = [_file(each) for each in composed.enclosed if each.content_id]
    others = [_file(each) for each in composed.enclosed if not each.content_id]
    if shown:
        kind = b'related; type="multipart/alternative"'
        body = _together(kind, boundary + b"_r", [body, *shown])
    return _together(b"mixed", boundary + b"_m", [body, *others]) if others else body


def _together(kind: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    opened = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    head = b"Content-Type: multipart/" + kind + b'; boundary="' + boundary + b'"\r\n\r\n'
    return head + opened + b"--" + boundary + b"--\r\n"


def _boundary(composed: Composed) -> bytes:
    """Neither quoted-printable nor base64 ever has an equals sign before an underscore."""
    named = composed.headers.get("Message-ID", composed.subject)
    return b"=_" + hashlib.blake2s(named.encode(), digest_size=16).hexdigest().encode()


def _file(enclosed: Enclosed) -> bytes:
    how = "inline" if enclosed.content_id else "attachment"
    lines = [
        f"Content-Type: {enclosed.content_type}",
        "Content-Transfer-Encoding: base64",
        f'Content-Disposition: {how}; filename="{enclosed.name}"',
        *([f"Content-ID: <{enclosed.content_id}>"] if enclosed.content_id else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + _base64(enclosed.content)


def _base64(content: bytes) -> bytes:
    """In lines of 76, as RFC 2045 has them."""
    return base64.encodebytes(content).replace(b"\n", b"\r\n").rstrip()


def _header(name: str, value: str) -> bytes:
    if value.isascii():
        return f"{name}: {value}".encode()
    if name in _ADDRESSES:
        return f"{name}: {formataddr(parseaddr(value), 'utf-8')}".encode()
    encoded = Header(value, "utf-8", header_name=name).encode(linesep="\r\n")
    return f"{name}: {encoded}".encode()


def _part(subtype: bytes, text: str) -> bytes:
    """Seven bits: every server takes it, and nothing on the way recodes it."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    return _ENCODED % subtype + binascii.b2a_qp(lines, istext=True)
