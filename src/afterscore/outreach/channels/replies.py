"""Reading what mail servers say."""

from __future__ import annotations

import smtplib

from afterscore.domain import refusals
from afterscore.domain.refusals import Fault


def blames_address(reply: str, *, answers: str = "") -> bool:
    """Whether a refusal says that the address does not work, and not that the mail displeased.

    `answers` is the command it answers, where that is known: filters call a reader unknown after
    they have read the mail.
    """
    return refusals.judge(reply, transcript=answers) is Fault.ADDRESS


def text(code: int, reply: bytes) -> str:
    said = reply.decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return f"{code} {said}"


def reason(error: Exception) -> str:
    """What went wrong with a connection, in words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return text(error.smtp_code, said if isinstance(said, bytes) else said.encode())
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return str(error) or type(error).__name__
