"""A mail that somebody wrote: who, what, and the files that came with it. Bytes in, values out.

Nothing here trusts the mail. Text loses what steers a terminal or a page; names of files lose
whatever hides what they are; nothing is opened, unpacked or run.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from afterscore.outreach.inlet import dangers, flowed, plaintext, quoting
from afterscore.outreach.inlet.parts import addresses, header, text_of
from afterscore.outreach.inlet.quoting import Divided

LONGEST_TEXT = 100_000  # characters of what was written, and as many of what is quoted
MOST_FILES = 50
LONGEST_NAME = 160
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>")
_MOST_REFERENCES = 10
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature",
               "application/x-pkcs7-signature")  # fmt: skip
_SEALED = ("multipart/encrypted", "application/pgp-encrypted")
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "application/pdf": ".pdf",
    "text/calendar": ".ics", "message/rfc822": ".eml", "text/plain": ".txt", "text/html": ".html",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def caution(self) -> str:
        return dangers.caution(self.name, self.content)


@dataclass(frozen=True, slots=True)
class Letter:
    sender: str  # the address, lower-case; "" where there is none
    sender_name: str
    recipients: tuple[str, ...]  # of To and Cc
    subject: str
    message_id: str  # with its angle brackets, or ""
    references: tuple[str, ...]  # what it answers, the oldest first
    said: Divided
    files: tuple[File, ...]
    left_out: int = 0  # files beyond the most that are kept
    is_sealed: bool = False  # encrypted: only its reader's own mail program can open it


def open_letter(raw: bytes) -> Letter:
    """Raises RecursionError for parts within parts without end."""
    mail = message_from_bytes(raw)
    name, _address = parseaddr(header(mail, "From"))
    leaves = list(_leaves(mail))
    files = _unique([_file(part) for part in leaves if _is_file(part)])
    kept = files[:MOST_FILES]
    return Letter(
        sender=next(iter(addresses(mail, "From")), "")[:254],
        sender_name=_one_line(name)[:120],
        recipients=tuple(addresses(mail, "To", "Cc"))[:100],
        subject=_one_line(header(mail, "Subject"))[:300],
        message_id=next(iter(_ids(mail, "Message-ID")), ""),
        references=tuple(dict.fromkeys(_ids(mail, "References", "In-Reply-To")))[
            -_MOST_REFERENCES:
        ],
        said=_clipped(_divide(mail, may_be_empty=bool(kept))),
        files=tuple(kept),
        left_out=len(files) - len(kept),
        is_sealed=any(part.get_content_type() in _SEALED for part in (mail, *leaves)),
    )


def clean_text(text: str) -> str:
    """Without control characters; line ends as one sort."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return "".join(
        each for each in text if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs")
    )


def _divide(mail: Message, *, may_be_empty: bool) -> Divided:
    """By the plain text, unless only the HTML says what is quoted, or is all there is."""
    plain = _body(mail, "text/plain")
    divided = quoting.divide(plain, may_be_empty=may_be_empty)
    if divided.quoted:
        return divided
    rich = _body(mail, "text/html")
    by_marks = quoting.divide(rich, may_be_empty=may_be_empty)
    return by_marks if rich.strip() and (by_marks.quoted or not plain.strip()) else divided


def _body(mail: Message, kind: str) -> str:
    """Every text of this kind that is no file, in order. A mail may carry several around its
    pictures."""
    texts = [_text(part) for part in _leaves(mail) if _is_text(part, kind)]
    return clean_text("\n".join(texts))[: 4 * LONGEST_TEXT]


def _text(part: Message) -> str:
    text = text_of(part)
    if part.get_content_type() == "text/html":
        return plaintext.from_html(text)
    is_flowed = str(part.get_param("format") or "").lower() == "flowed"
    deletes = str(part.get_param("delsp") or "").lower() == "yes"
    return flowed.unfold(text, deletes_space=deletes) if is_flowed else text


def _is_text(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and not _is_file(part)


def _leaves(mail: Message) -> list[Message]:
    """Depth first; a mail within the mail is one leaf."""
    if not mail.is_multipart() or mail.get_content_maintype() == "message":
        return [mail]
    payload = mail.get_payload()
    return [leaf for part in payload if isinstance(part, Message) for leaf in _leaves(part)]


def _is_file(part: Message) -> bool:
    kind = part.get_content_type()
    if kind in _SIGNATURES or kind.startswith("multipart/"):
        return False
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return kind not in ("text/plain", "text/html", "text/x-amp-html", "text/enriched")


def _file(part: Message) -> File:
    kind = part.get_content_type()
    payload = part.get_payload()
    if kind.startswith("message/") and isinstance(payload, list):
        inner = payload[0] if payload and isinstance(payload[0], Message) else None
        content = b"" if inner is None else inner.as_bytes()
        given = part.get_filename() or (header(inner, "Subject") if inner is not None else "")
        return File(clean_name(f"{given or 'mail'}.eml".replace(".eml.eml", ".eml")), kind, content)
    decoded = part.get_payload(decode=True)
    content = decoded if isinstance(decoded, bytes) else b""
    return File(clean_name(_decoded(part.get_filename() or ""), kind), kind[:100], content)


def _decoded(name: str) -> str:
    try:
        return str(make_header(decode_header(name)))
    except (LookupError, UnicodeError, ValueError):
        return name


def clean_name(name: str, kind: str = "") -> str:
    """The last part of a path, without control and direction characters, never empty; as long a
    name as a page can show, with its ending."""
    visible = "".join(
        c for c in name if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029"
    )
    base = " ".join(re.split(r"[/\\]", visible)[-1].split()).strip(". ")
    stem, dot, ending = base.rpartition(".")
    if not stem:
        return f"{base or 'attachment'}{_ENDINGS.get(kind, '')}"[:LONGEST_NAME]
    ending = f"{dot}{ending}"[:20]
    return stem[: LONGEST_NAME - len(ending)] + ending


def _unique(files: list[File]) -> list[File]:
    """The same picture twice, as signatures have it, is one file."""
    return list({(file.name, file.content): file for file in files if file.content}.values())


def _clipped(said: Divided) -> Divided:
    return Divided(
        said.text[:LONGEST_TEXT], said.signature[:LONGEST_TEXT], said.quoted[:LONGEST_TEXT]
    )


def _ids(mail: Message, *names: str) -> list[str]:
    return [found for name in names for found in _MESSAGE_ID.findall(str(mail.get(name, "")))]


def _one_line(text: str) -> str:
    return " ".join(clean_text(text).split())
