"""From the raw bytes to what they are about."""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser

from afterscore.outreach.inlet import automatic, complaints, notices, reports, wording
from afterscore.outreach.inlet.findings import (
    About,
    Cover,
    Finding,
    Other,
    Returned,
)
from afterscore.outreach.inlet.parts import Mail, addresses, header, take_apart

_TOKEN = re.compile(rb"\b(?:bounce|unsubscribe)\+([a-z2-7]{20,50})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
UNRECOGNISED = "Not a bounce, a complaint or an automatic reply."
_MOST = 20  # of anything a stranger can write many of


def read(raw: bytes) -> Returned:
    try:
        mail = take_apart(raw)
    except RecursionError:
        return Returned((Other("Parts within parts, too many of them."),), About())
    content = notices.parse(mail.whole) if "{" in mail.whole else None
    if content is not None:
        findings = notices.read(content)
        about = About(message_ids=tuple(notices.message_ids(content)))
        return Returned(tuple(findings) or (Other("A notification of another kind."),), about)
    own = _ids(header(mail.headers, "Message-ID"))
    return Returned(
        tuple(_findings(mail)),
        _about(mail, raw),
        own_id=own[0] if own else "",
        hops=len(mail.headers.get_all("Received", [])),
    )


def cover(raw: bytes) -> Cover:
    """Of the beginning of a mail, or of all of it."""
    mail = BytesHeaderParser().parsebytes(raw)
    return Cover(sender=header(mail, "From"), subject=header(mail, "Subject"))


def words_of(raw: bytes) -> str:
    """What its writer says, as plain text; empty where there is none."""
    try:
        return take_apart(raw).whole.strip()
    except RecursionError:
        return ""


def _findings(mail: Mail) -> list[Finding]:
    feedback = complaints.find(mail)
    if feedback is not None:
        return [feedback]
    for report in (*mail.reports, mail.whole):
        if reports.stands_in(report):
            found = reports.read(report, notice=mail.notice)
            if found:
                return found
    reply = automatic.read(mail)
    if wording.is_notice(mail) and not (reply and reply.kind == automatic.ABSENCE):
        return list(wording.read(mail))
    if reply is not None:
        return [reply]
    return [Other(UNRECOGNISED)]


def _about(mail: Mail, raw: bytes) -> About:
    ids = [found for each in mail.originals for found in _ids(header(each, "Message-ID"))]
    ids += _ids(header(mail.headers, "In-Reply-To")) + _ids(header(mail.headers, "References"))
    people = [each for original in mail.originals for each in addresses(original, "To")]
    tokens = [found.decode().lower() for found in _TOKEN.findall(raw)]
    return About(
        message_ids=tuple(dict.fromkeys(ids))[:_MOST],
        tokens=tuple(dict.fromkeys(tokens))[:_MOST],
        recipients=tuple(dict.fromkeys(people))[:_MOST],
    )


def _ids(value: str) -> list[str]:
    return _MESSAGE_ID.findall(value)
