"""What a mail can turn out to be."""

from __future__ import annotations

from dataclasses import dataclass

from afterscore.domain.refusals import Fault


@dataclass(frozen=True, slots=True)
class About:
    """By what the mail can be told to belong to one of ours."""

    message_ids: tuple[str, ...] = ()  # with their angle brackets
    tokens: tuple[str, ...] = ()  # of our own addresses, `bounce+<token>@`, unchecked
    recipients: tuple[str, ...] = ()  # whom the original was written to


@dataclass(frozen=True, slots=True)
class Bounce:
    address: str  # "" where the mail names none
    fault: Fault
    status: str = ""
    diagnostic: str = ""
    is_final: bool = True  # False: it is still being tried

    @property
    def blames_address(self) -> bool:
        return self.is_final and self.fault is Fault.ADDRESS


@dataclass(frozen=True, slots=True)
class Complaint:
    address: str
    kind: str = "abuse"  # RFC 5965: abuse, fraud, virus, other, not-spam, auth-failure, opt-out


@dataclass(frozen=True, slots=True)
class AutoReply:
    kind: str  # "absence", "automatic"
    address: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    address: str


@dataclass(frozen=True, slots=True)
class Other:
    why: str


Finding = Bounce | Complaint | AutoReply | Delivered | Other


@dataclass(frozen=True, slots=True)
class Cover:
    """How a mail introduces itself: whoever wrote it may say anything here."""

    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class Returned:
    findings: tuple[Finding, ...]
    about: About
    own_id: str = ""  # the Message-ID of this very mail
    hops: int = 0
