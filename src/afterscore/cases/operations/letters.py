"""Mail that is written to a case: the customer's answer, a colleague's, or a machine's.

What a customer writes wakes the case, opens a finished one again and stops follow-ups. What a
machine writes is noted and changes nothing. Who wrote is told by the address in From, which anybody
may write: it stands beside the words, and whoever writes from an unknown address is named so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from afterscore.cases import queries
from afterscore.cases.models import Attachment, Case, Entry
from afterscore.cases.operations import addresses, history, opening, steps, timing, writing
from afterscore.domain import casework, events
from afterscore.domain.events import SYSTEM, Actor
from afterscore.outreach import inlet
from afterscore.outreach import operations as outreach
from afterscore.outreach.inlet import AutoReply, Letter
from afterscore.outreach.models import Delivery, InboundEvent, Message
from afterscore.outreach.operations import returns
from afterscore.outreach.registry import Outcome
from afterscore.workspaces.models import Member, Workspace

SEALED = "This mail is encrypted. Only the mail program of the person it was meant for can open it."
AGAIN = "It stands in the case already: the same mail came before."
CLOSED_NOW = "Nothing was done: the case it was about is gone."
NESTED = f"Parts within parts, too many of them. {returns.FOR_A_PERSON}"
REOPENED = "Open again: the customer wrote."


@dataclass(frozen=True, slots=True)
class _Writer:
    """Who wrote, by the address in From."""

    is_contact: bool = False
    member: Member | None = None


class CaseMail:
    prefix = addresses.PREFIX
    most_bytes = outreach.MAX_BYTES

    def find_owner(self, *, token: str, raw: bytes, now: datetime) -> Workspace | None:
        case = _case_of(token)
        return None if case is None else case.workspace

    def read(self, *, token: str, event: InboundEvent, raw: bytes, now: datetime) -> Outcome:
        found = _case_of(token)
        if found is None:
            return Outcome(CLOSED_NOW)
        returned = inlet.read(raw)
        case = history.lock(found)
        try:
            letter = inlet.open_letter(raw)
        except RecursionError:
            return Outcome(NESTED, queries.find_latest_message(case=case))
        if returns.is_loop(returned):
            return Outcome(returns.LOOP, queries.find_latest_message(case=case))
        automatic = inlet.automatic_reply(raw)
        is_report = returns.is_report(returned)
        if is_report and automatic is None and not _writer(case, letter).is_contact:
            return returns.Bounces().read(token="", event=event, raw=raw, now=now)
        return take_letter(case=case, letter=letter, automatic=automatic, event=event, now=now)


def take_answer(
    *, message: Message, event: InboundEvent, raw: bytes, now: datetime
) -> Outcome | None:
    """What was written to the address for bounces of a mail that belongs to a case: some mail
    programs, and most automatic replies, write there."""
    found = queries.find_case_of_message(message=message)
    if found is None:
        return None
    try:
        letter = inlet.open_letter(raw)
    except RecursionError:
        return None
    return take_letter(
        case=history.lock(found),
        letter=letter,
        automatic=inlet.automatic_reply(raw),
        event=event,
        now=now,
    )


def _case_of(token: str) -> Case | None:
    """None for a forged token, and for a customer whose data was erased."""
    public_id = addresses.case_named_by(token) if token else None
    return queries.find_case_written_to(public_id=public_id) if public_id else None


def take_letter(
    *,
    case: Case,
    letter: Letter,
    automatic: AutoReply | None,
    event: InboundEvent,
    now: datetime,
) -> Outcome:
    """Puts a mail into the history of its case, with what follows from it. The case is locked."""
    about = queries.find_latest_message(case=case, among=letter.references)
    if queries.has_mail(case=case, mail_id=letter.message_id):
        return Outcome(AGAIN, about)
    if automatic is not None:
        words = _note_machine(case, letter, automatic, event, now=now)
        return Outcome(words, about)
    writer = _writer(case, letter)
    if writer.member is not None:
        return Outcome(_hear_colleague(case, writer.member, letter, event, now=now), about)
    return Outcome(_hear_customer(case, writer, letter, event, about=about, now=now), about)


def _writer(case: Case, letter: Letter) -> _Writer:
    if letter.sender and letter.sender == (case.contact.email or "").lower():
        return _Writer(is_contact=True)
    return _Writer(member=queries.find_member_writing(case=case, email=letter.sender))


def _note_machine(
    case: Case, letter: Letter, automatic: AutoReply, event: InboundEvent, *, now: datetime
) -> str:
    _enter(case, Entry.Kind.AUTOMATIC, letter, event)
    fact = events.CaseNoted(case.public_id, kind=Entry.Kind.AUTOMATIC)
    history.keep(case, event=fact, actor=SYSTEM, now=now)
    return f"An automatic reply ({automatic.kind}): noted in the case; it counts as no answer."


def _hear_customer(
    case: Case,
    writer: _Writer,
    letter: Letter,
    event: InboundEvent,
    *,
    about: Message | None,
    now: datetime,
) -> str:
    was_finished = case.next_due_at is None
    opening.hear_customer(case, now=event.received_at)
    writing.cancel_follow_ups(case, why="The customer replied.", now=now)
    steps.note_conversation(case, now=event.received_at)
    if was_finished:
        history.add_entry(
            case, kind=Entry.Kind.CHANGE, author=None, text=REOPENED, now=event.received_at
        )
    entry = _enter(case, Entry.Kind.CUSTOMER, letter, event)
    actor = Actor("contact", case.contact.public_id) if writer.is_contact else SYSTEM
    fact = events.CustomerReplied(case.public_id, entry=entry.public_id)
    history.keep(case, event=fact, actor=actor, now=now)
    told = "The customer’s words are in the case."
    if not writer.is_contact:
        told = f"The words of {letter.sender or 'somebody'} are in the case."
    if _wants_no_more(letter) and writer.is_contact and about is not None:
        _unsubscribe(about, event, now=now)
        told += " The wish for no more mail holds from now on."
    return told


def _wants_no_more(letter: Letter) -> bool:
    return letter.subject.strip().lower() in ("unsubscribe", "unsubscribe me")


def _unsubscribe(about: Message, event: InboundEvent, *, now: datetime) -> None:
    outreach.hear(
        message=about,
        kind=Delivery.Kind.UNSUBSCRIBED,
        event_id=f"{event.source}:{event.event_id}:0",
        occurred_at=event.received_at,
        now=now,
    )


def _hear_colleague(
    case: Case, member: Member, letter: Letter, event: InboundEvent, *, now: datetime
) -> str:
    """A mail of ours that went to the customer answers the case; any other is a note."""
    at = event.received_at
    if (case.contact.email or "").lower() not in letter.recipients:
        _enter(case, Entry.Kind.NOTE, letter, event, author=member)
        fact: events.Event = events.CaseNoted(case.public_id, kind=Entry.Kind.NOTE)
        history.keep(case, event=fact, actor=Actor("member", member.public_id), now=now)
        return f"A note by {member}: it was not sent to the customer."
    if casework.Action.REPLY in casework.allowed_actions(casework.State(case.state)):
        history.move(case, casework.Action.REPLY)
        history.come_up(case, timing.check_back_at(case.workspace, since=at, owner=case.owner))
    writing.cancel_follow_ups(case, why="A personal reply took its place.", now=now)
    case.first_reply_at = case.first_reply_at or at
    case.customer_wrote_at = None
    steps.note_reply(case, author=member, now=at)
    _enter(case, Entry.Kind.REPLY, letter, event, author=member)
    fact = events.CaseReplied(case.public_id)
    history.keep(case, event=fact, actor=Actor("member", member.public_id), now=now)
    return f"The reply that {member} sent is in the case."


def _enter(
    case: Case,
    kind: Entry.Kind,
    letter: Letter,
    event: InboundEvent,
    *,
    author: Member | None = None,
) -> Entry:
    entry = history.add_entry(
        case,
        kind=kind,
        author=author,
        text=letter.said.text or (SEALED if letter.is_sealed else ""),
        now=event.received_at,
        **_as_mail(letter, event),
    )
    Attachment.objects.bulk_create(
        Attachment(
            workspace_id=case.workspace_id,
            entry=entry,
            name=file.name,
            content_type=file.content_type,
            size=len(file.content),
            digest=file.digest,
            caution=file.caution,
            content=file.content,
        )
        for file in letter.files
    )
    return entry


def _as_mail(letter: Letter, event: InboundEvent) -> dict[str, Any]:
    return {
        "subject": letter.subject,
        "quoted": letter.said.rest,
        "sender": letter.sender,
        "mail_id": letter.message_id,
        "inbound": event,
    }
