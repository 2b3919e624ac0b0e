"""What comes back to `bounce+<token>@` and `unsubscribe+<token>@`, and what follows from it.

Whose message it is about: the token says; where the address bears none, a Message-ID of ours that
the mail quotes; else the reader it names, if exactly one message went there of late.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterscore.domain.refusals import Fault
from afterscore.kit import mailboxes
from afterscore.outreach import inlet, queries
from afterscore.outreach.composition import BOUNCE, UNSUBSCRIBE
from afterscore.outreach.inlet import (
    UNRECOGNISED,
    About,
    AutoReply,
    Bounce,
    Complaint,
    Delivered,
    Finding,
    Other,
    Returned,
)
from afterscore.outreach.models import Delivery, InboundEvent, Message
from afterscore.outreach.operations.hearing import hear
from afterscore.outreach.registry import Outcome, offer
from afterscore.workspaces.models import Workspace

RECENT = timedelta(days=30)
MOST_HOPS = 50
FOR_A_PERSON = queries.FOR_A_PERSON
LOOP = "One of our own mails came round again. Nothing was done with it."
UNKNOWN = "It is about no message that was sent from here, or does not say which. Nothing was done."
MOST_OF_A_REPORT = 1_000_000  # bytes
_OWN_ID = re.compile(r"<(msg_\w+)@")
_NO_COMPLAINTS = ("not-spam", "auth-failure", "dmarc")
_BOUNCED = {
    Fault.ADDRESS: f"the address does not work. {queries.STOPS}",
    Fault.MAILBOX: "the mailbox is full or disabled.",
    Fault.MAIL: "the mail was turned away for what it is, not for its address.",
    Fault.SYSTEM: "a mail server on the way did not work.",
    Fault.UNKNOWN: "nothing says why.",
}


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one finding means for a message; without a kind, nothing."""

    words: str
    kind: Delivery.Kind | None = None
    is_permanent: bool = True
    blames_address: bool = False
    detail: str = ""


class Bounces:
    prefix = "msg"
    most_bytes = MOST_OF_A_REPORT

    def find_owner(self, *, token: str, raw: bytes, now: datetime) -> Workspace | None:
        if token:
            message = _by_token(BOUNCE, token)
            return None if message is None else message.workspace
        returned = inlet.read(raw)
        message, _is_certain = _without_token(returned, now)
        if message is not None:
            return message.workspace
        return queries.find_only_workspace() if is_report(returned) else None

    def read(self, *, token: str, event: InboundEvent, raw: bytes, now: datetime) -> Outcome:
        returned = inlet.read(raw)
        if is_loop(returned):
            return Outcome(LOOP)
        if token:
            message, is_certain = _by_token(BOUNCE, token), True
        else:
            message, is_certain = _without_token(returned, event.received_at)
        if message is None:
            return Outcome(UNKNOWN)
        taken = None
        if is_certain and is_answer(returned):
            taken = offer(message=message, event=event, raw=raw, now=now)
        told = [
            _follow(
                _meaning(finding, message, is_certain=is_certain),
                message,
                event,
                number=number,
                now=now,
            )
            for number, finding in enumerate(returned.findings)
            if taken is None or not isinstance(finding, Other)
        ]
        told += [] if taken is None else [taken.words]
        return Outcome(" ".join(dict.fromkeys(told)), message)


class Requests:
    """The mail that mail programs send for readers who press "unsubscribe". What it says does not
    matter; only that it is no report about another mail."""

    prefix = "msg"
    most_bytes = MOST_OF_A_REPORT

    def find_owner(self, *, token: str, raw: bytes, now: datetime) -> Workspace | None:
        message = _by_token(UNSUBSCRIBE, token)
        return None if message is None else message.workspace

    def read(self, *, token: str, event: InboundEvent, raw: bytes, now: datetime) -> Outcome:
        returned = inlet.read(raw)
        message = _by_token(UNSUBSCRIBE, token)
        if is_loop(returned):
            return Outcome(LOOP)
        if message is None:
            return Outcome(UNKNOWN)
        if any(isinstance(each, Bounce | Delivered) for each in returned.findings):
            return Outcome("A delivery report, not a request. Nothing was done.", message)
        heard = _Heard("The reader unsubscribed by mail.", Delivery.Kind.UNSUBSCRIBED)
        return Outcome(_follow(heard, message, event, number=0, now=now), message)


def _follow(
    heard: _Heard, message: Message, event: InboundEvent, *, number: int, now: datetime
) -> str:
    if heard.kind is None:
        return heard.words
    hear(
        message=message,
        kind=heard.kind,
        is_permanent=heard.is_permanent,
        blames_address=heard.blames_address,
        event_id=f"{event.source}:{event.event_id}:{number}",
        occurred_at=event.received_at,
        detail=heard.detail,
        now=now,
    )
    return heard.words


def _meaning(finding: Finding, message: Message, *, is_certain: bool) -> _Heard:
    match finding:
        case Bounce():
            return _bounce(finding, message, is_certain=is_certain)
        case Complaint(kind=kind):
            return _complaint(kind)
        case AutoReply(kind=kind):
            words = f"An automatic reply ({kind}): it counts as no answer."
            return _Heard(words, Delivery.Kind.AUTO_REPLIED)
        case Delivered():
            return _Heard("It was delivered.", Delivery.Kind.DELIVERED)
        case other:
            return _Heard(f"{other.why} {FOR_A_PERSON}")


def _complaint(kind: str) -> _Heard:
    if kind in _NO_COMPLAINTS:
        return _Heard(f"A feedback report that complains of nothing ({kind}).")
    if kind == "opt-out":
        return _Heard("The reader unsubscribed by mail.", Delivery.Kind.UNSUBSCRIBED)
    return _Heard("The reader reported the mail as spam.", Delivery.Kind.COMPLAINED)


def _bounce(bounce: Bounce, message: Message, *, is_certain: bool) -> _Heard:
    """A report about somebody else than the reader comes from a forwarding: the address itself
    works. Neither does one stop an address that was matched by its name alone."""
    if not bounce.is_final:
        return _Heard("Not delivered yet; a mail server is still trying.")
    is_theirs = bounce.address in ("", message.to_email.lower())
    fault = bounce.fault
    if fault is Fault.ADDRESS and not (is_theirs and is_certain):
        fault = Fault.UNKNOWN
    whom = "" if is_theirs else f" (forwarded to {bounce.address})"
    return _Heard(
        words=f"It came back{whom}: {_BOUNCED[fault]}",
        kind=Delivery.Kind.BOUNCED,
        is_permanent=fault in (Fault.ADDRESS, Fault.MAIL),
        blames_address=fault is Fault.ADDRESS,
        detail=bounce.diagnostic,
    )


def is_report(returned: Returned) -> bool:
    """About a mail, that is, and not one of the many that anybody writes to any address."""
    return any(isinstance(each, Bounce | Complaint | Delivered) for each in returned.findings)


def is_answer(returned: Returned) -> bool:
    """Written by a person, as far as one can tell, or by a machine for one."""
    return all(
        isinstance(each, AutoReply) or (isinstance(each, Other) and each.why == UNRECOGNISED)
        for each in returned.findings
    )


def is_loop(returned: Returned) -> bool:
    own = _OWN_ID.match(returned.own_id)
    is_ours = own is not None and queries.find_message(public_id=own[1]) is not None
    return is_ours or returned.hops > MOST_HOPS


def _by_token(kind: str, token: str) -> Message | None:
    public_id = mailboxes.read(kind, token, prefix="msg")
    return None if public_id is None else queries.find_handed_over(public_id=public_id)


def _without_token(returned: Returned, now: datetime) -> tuple[Message | None, bool]:
    """The message, and whether that is certain: a name alone could be anybody's guess."""
    about = returned.about
    for kind, token in _tokens(about):
        message = _by_token(kind, token)
        if message is not None:
            return message, True
    for quoted in about.message_ids:
        own = _OWN_ID.match(quoted)
        message = queries.find_handed_over(public_id=own[1]) if own else None
        if message is not None:
            return message, True
    named = {each.address for each in returned.findings if isinstance(each, Bounce | Complaint)}
    if len(named) != 1 or named == {""}:
        return None, False
    return queries.find_only_message_to(email=named.pop(), since=now - RECENT), False


def _tokens(about: About) -> list[tuple[str, str]]:
    return [(kind, token) for token in about.tokens for kind in (BOUNCE, UNSUBSCRIBE)]
