"""Failure notices in plain words, from the times and places without RFC 3464."""

from __future__ import annotations

import re

from afterscore.domain import refusals
from afterscore.domain.refusals import Fault
from afterscore.outreach.inlet.findings import Bounce
from afterscore.outreach.inlet.parts import Mail, addresses, header
from afterscore.outreach.inlet.sections import readers_in, sections

_SENDERS = re.compile(
    r"mailer.?daemon|postmaster|poostmaster|mail ?delivery|mail ?system|mail ?administrator|"
    r"symantec|bounce",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"undeliver|returned mail|(?:mail|message) returned|fail(?:ure|ed)\b|delivery status|"
    r"delivery (?:problem|error|report|notification|delay)|could not be delivered|delayed mail|"
    r"warning: (?:could not|message)|mail system error|unzustellbar|non remis|no entregado|"
    r"non recapitat|não entregue|onbestelbaar|niedostarcz|недостав|配信|送信できません|退信",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?:could not|cannot|can'?t|was not|wasn't|unable to|not been) (?:be )?deliver|undeliver|"
    r"deliver\w* (?:to .{1,80} )?(?:has )?fail|unzustellbar|non remis|"
    r"送信できません|配信できません",
    re.IGNORECASE,
)
_STILL_TRIED = re.compile(
    r"warning (?:message )?only|has not yet been delivered|still being retried|will (?:be retried|"
    r"keep trying|continue to)|has been delayed|\(delay\)|delayed mail",
    re.IGNORECASE,
)


def is_notice(mail: Mail) -> bool:
    """By who wrote it or how they call it; a person's "Re: Failure" is none."""
    if mail.headers.get("X-Failed-Recipients"):
        return True
    subject = header(mail.headers, "Subject")
    if re.match(r"\s*(re|aw|fwd?|sv|antw):", subject, re.IGNORECASE):
        return False
    if header(mail.headers, "In-Reply-To") and not _SUBJECTS.search(subject):
        return False
    sender = header(mail.headers, "From").strip("<> ")
    if _SENDERS.search(sender):
        return True
    is_called_so = _SUBJECTS.search(subject) is not None
    if (mail.originals or is_called_so) and _FAILED.search(mail.notice):
        return True
    return is_called_so and not sender


def read(mail: Mail) -> list[Bounce]:
    subject = header(mail.headers, "Subject")
    is_final = _STILL_TRIED.search(f"{subject}\n{mail.notice}") is None
    ours = addresses(mail.headers, "To", "Delivered-To")
    found = sections(mail.notice, besides=ours) or {_one_address(mail): mail.notice}
    whole = mail.notice if len(found) == 1 else ""
    bounces = []
    for address, said in found.items():
        status = refusals.status_in(said) or refusals.status_in(whole)
        fault = _judge(said, whole, subject, status=status)
        text = " ".join((said or whole).split())[:1000]
        bounces.append(Bounce(address, fault, status, text, is_final))
    return bounces


def _judge(said: str, whole: str, subject: str, *, status: str) -> Fault:
    """By what is said of this reader; else by all of it; else by what it is called."""
    for text in (said, whole, subject):
        fault = refusals.judge(text, status=status, transcript=whole)
        if fault is not Fault.UNKNOWN:
            return fault
    return Fault.UNKNOWN


def _one_address(mail: Mail) -> str:
    failed = addresses(mail.headers, "X-Failed-Recipients")
    if failed:
        return failed[0]
    ours = set(addresses(mail.headers, "To", "Delivered-To", "From"))
    named = next((each for each in readers_in(mail.notice) if each not in ours), "")
    if named:
        return named
    for original in mail.originals:
        written_to = addresses(original, "To")
        if len(written_to) == 1:
            return written_to[0]
    return ""
