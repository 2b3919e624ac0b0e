"""Reading what mail servers say."""

from __future__ import annotations

import re
import smtplib

_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# RFC 3463: bad mailbox, bad system, bad syntax, moved, and (RFC 7505) a domain without mail.
# 5.1.7 and 5.1.8 blame the sender's address instead.
_DEAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.1.351"})
_NO_SUCH_USER = re.compile(
    r"user unknown|unknown user|no such (user|recipient|mailbox|address)|"
    r"(user|mailbox|recipient|account|address) (does not|doesn't|not) exist|"
    r"(user|mailbox) not found|invalid recipient",
    re.IGNORECASE,
)
# Some servers give these the code of a dead address.
_PASSING = re.compile(r"too many|try again|preferences|\brate\b|temporar", re.IGNORECASE)


def blames_address(reply: str) -> bool:
    """Whether a refusal says that the address does not work, and not that the mail displeased."""
    if _PASSING.search(reply) is not None:
        return False
    status = _ENHANCED.search(reply)
    if status is not None:
        return status[0] in _DEAD_ADDRESS
    return _NO_SUCH_USER.search(reply) is not None


def text(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode('utf-8', 'replace')}"


def reason(error: Exception) -> str:
    """What went wrong with a connection, in words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return text(error.smtp_code, said if isinstance(said, bytes) else said.encode())
    return str(error) or type(error).__name__
