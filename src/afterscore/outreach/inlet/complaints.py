"""Readers who pressed "spam": feedback reports (RFC 5965), and the two older forms of them."""

from __future__ import annotations

import re
from email import message_from_string
from email.message import Message

from afterscore.outreach.inlet.findings import Complaint
from afterscore.outreach.inlet.parts import Mail, addresses, header

_FIELDS = re.compile(
    r"^(?:Feedback-Type|User-Agent):[^\n]*(?:\n[A-Za-z][\w-]*:[^\n]*)*",
    re.MULTILINE | re.IGNORECASE,
)
_NAMED = ("Original-Rcpt-To", "Removal-Recipient", "Final-Recipient")
_CARRIED = ("X-HmXmrOriginalRecipient", "X-Original-To", "Delivered-To", "To")
_SUBJECT = re.compile(
    r"complaint about (?:a )?message|(?:abuse|spam|feedback loop) (?:report|complaint)",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"this is an? (?:e-?mail )?(?:abuse|spam) (?:report|complaint)"
    r"|reported (?:it )?as (?:spam|junk)",
    re.IGNORECASE,
)
_REQUESTS = ("unsubscribe", "unsubscribe me", "[unsubscribe]")
OPT_OUT = "opt-out"
_REDACTED = re.compile(r"redact|^[^@]*$|^@")


def find(mail: Mail) -> Complaint | None:
    if _is_request(mail):
        return Complaint(next(iter(addresses(mail.headers, "From")), ""), OPT_OUT)
    feedback = mail.feedback or _in_text(mail)
    if feedback is None and not _is_without_fields(mail):
        return None
    named = addresses(feedback, *_NAMED) if feedback is not None else []
    for original in mail.originals:
        for name in _CARRIED:
            named += addresses(original, name)
    kind = header(feedback, "Feedback-Type").lower() if feedback is not None else ""
    return Complaint(
        next((each for each in named if not _REDACTED.search(each)), ""), kind or "abuse"
    )


def _is_request(mail: Mail) -> bool:
    """What mail programs send for their readers to the address in List-Unsubscribe."""
    subject = header(mail.headers, "Subject").strip().lower()
    return subject in _REQUESTS and (
        mail.headers.get("X-Apple-Unsubscribe") is not None or len(mail.notice.strip()) < 400
    )


def _in_text(mail: Mail) -> Message | None:
    if not re.search(r"^Feedback-Type:", mail.whole, re.MULTILINE | re.IGNORECASE):
        return None
    found = _FIELDS.search(mail.whole)
    return None if found is None else message_from_string(found[0])


def _is_without_fields(mail: Mail) -> bool:
    """A complaint that carries the mail and nothing else: by its type, its subject or its text."""
    kind = str(mail.headers.get_param("report-type") or "").lower()
    if kind == "feedback-report":
        return True
    is_said = _SUBJECT.search(header(mail.headers, "Subject")) or _SAID.search(mail.notice[:600])
    marked = any(each.get("X-HmXmrOriginalRecipient") for each in mail.originals)
    return bool(mail.originals) and (marked or is_said is not None)
