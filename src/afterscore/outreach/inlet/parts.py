"""The parts of a mail: what its writer says, and what it carries of the original."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

MAX_TEXT = 60_000
_ORIGINAL = re.compile(
    r"^[ \t>*_#=-]*(?:"
    r"-{2,} ?(?:this is a copy|below this line|the header of|original message|unsent message|"
    r"returned message|message header|original mail|included is|undelivered message|"
    r"returned (?:mail|content)|the body of|copy of|start of)"
    r"|original message:[ \t]*$|message headers? follow|original message (?:follows|headers)"
    r"|the original message (?:follows|is over)"
    r"|(?:below|attached|enclosed|following) (?:is|are) (?:a copy|the (?:original|first|headers))"
    r"|here is a copy|your (?:original )?message (?:reads|follows|begins|headers)"
    r"|(?:received|return-path|dkim-signature|x-google-smtp-source):[ \t]*\S"
    r").*$",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGE_ID = re.compile(r"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(r"^to:[ \t]*(.+)$", re.IGNORECASE | re.MULTILINE)
_HEADERS = ("text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")


@dataclass(frozen=True, slots=True)
class Mail:
    headers: Message
    notice: str  # what the writer says, without the original
    whole: str  # the first text, uncut
    reports: tuple[str, ...]  # RFC 3464, as written
    feedback: Message | None  # RFC 5965
    originals: tuple[Message, ...]  # what it carries of the original mail: at least headers


def take_apart(raw: bytes) -> Mail:
    mail = message_from_bytes(raw)
    parts = [(part.get_content_type(), part) for part in _own_parts(mail)]
    reports = [_inner_text(part) for kind, part in parts if kind in _REPORTS]
    feedback = [part for kind, part in parts if kind == "message/feedback-report"]
    originals = [each for kind, part in parts for each in _originals(kind, part)]
    texts = (_text(kind, part) for kind, part in parts)
    whole = next((text for text in texts if text.strip()), "")[:MAX_TEXT]
    notice, rest = _cut(whole)
    if rest.strip():
        originals.append(message_from_string(_from_first_header(rest)))
    return Mail(
        headers=mail,
        notice=notice,
        whole=whole,
        reports=tuple(reports),
        feedback=message_from_string(_inner_text(feedback[0]).lstrip()) if feedback else None,
        originals=tuple(originals),
    )


def _originals(kind: str, part: Message) -> list[Message]:
    if kind in _HEADERS:
        return [message_from_string(text_of(part).lstrip())]
    is_mail = kind.startswith("message/") and kind not in (*_REPORTS, "message/feedback-report")
    return _carried(part) if is_mail else []


def _text(kind: str, part: Message) -> str:
    if kind == "text/html":
        return _bare(text_of(part))
    is_frame = kind.startswith("multipart/")  # one without its parts
    return text_of(part) if kind == "text/plain" or is_frame else ""


def header(mail: Message, name: str) -> str:
    """Decoded, on one line; empty where there is none or it cannot be decoded."""
    found = mail.get(name)
    if found is None:
        return ""
    try:
        text = str(make_header(decode_header(str(found))))
    except (LookupError, UnicodeError, ValueError):
        text = str(found)
    return " ".join(text.split())


def addresses(mail: Message, *names: str) -> list[str]:
    values = [str(value) for name in names for value in mail.get_all(name, [])]
    return [email.strip().lower() for _name, email in getaddresses(values) if "@" in email]


def text_of(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload())
    for charset in (part.get_content_charset(), "utf-8"):
        try:
            return payload.decode(charset or "utf-8")
        except (LookupError, UnicodeError):
            continue
    return payload.decode("latin-1")


def _own_parts(mail: Message) -> list[Message]:
    """Depth first, without looking into the mail that is carried."""
    if not mail.is_multipart() or mail.get_content_maintype() == "message":
        return [mail]
    payload = mail.get_payload()
    return [each for part in payload if isinstance(part, Message) for each in _own_parts(part)]


def _inner_text(part: Message) -> str:
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(str(each).strip() for each in payload)
    return text_of(part)


def _carried(part: Message) -> list[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        return [each for each in payload if isinstance(each, Message)]
    return [message_from_string(text_of(part).lstrip())]


def _cut(text: str) -> tuple[str, str]:
    start = _ORIGINAL.search(text)
    return (text, "") if start is None else (text[: start.start()], text[start.start() :])


def _from_first_header(text: str) -> str:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"[A-Za-z][A-Za-z0-9-]*:\s", line):
            return "\n".join(lines[number:])
    return text


def _bare(html: str) -> str:
    without = re.sub(r"(?is)<(style|script)\b.*?</\1>", " ", html[:MAX_TEXT])
    return re.sub(r"<[^<>@]*>", "\n", without)
