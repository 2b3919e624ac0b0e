"""Planning, holding back and cancelling messages; who gets no more mail.

The sender moves messages through their states; these operations say what there is to send.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from afterscore.customers.models import Contact
from afterscore.domain import events, identity
from afterscore.domain.events import SYSTEM, Actor
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.outreach import queries
from afterscore.outreach.composition import headers
from afterscore.outreach.models import Delivery, Message, State, Suppression
from afterscore.workspaces.models import Workspace

CHUNK = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message to plan. Address and name are the contact's unless they are given.

    `fields` is what the text may name (composition.FIELDS) beside the names of reader and sender:
    company, account, days, minutes, score, comment, and `survey_path`, which becomes the link.
    """

    workspace: Workspace
    kind: str
    stream: str
    step: int
    contact: Contact
    sender_name: str
    sender_email: str
    language: str
    time_zone: str
    due_at: datetime
    to_email: str = ""
    to_name: str = ""
    reply_to: str = ""
    subject: str = ""
    body: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    send_window: str = "business_hours"
    valid_until: datetime | None = None


def plan_messages(*, drafts: Iterable[Draft], now: datetime) -> int:
    """Adds the messages that are not there yet and returns how many those are.

    A message is the same when stream, contact, kind and step are: planning twice plans once.
    Contacts without an address (erased meanwhile) are left out. The caller is in a transaction.
    """
    rows = (_row(draft, now) for draft in drafts if draft.to_email or draft.contact.email)
    return sum(_insert(chunk) for chunk in _chunks(rows))


def _chunks(rows: Iterator[Message]) -> Iterator[list[Message]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _insert(rows: list[Message]) -> int:
    """How many were new: a public id that is found afterwards is one that went in."""
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return Message.objects.filter(public_id__in=[row.public_id for row in rows]).count()


def _row(draft: Draft, now: datetime) -> Message:
    row = Message(
        workspace=draft.workspace,
        kind=draft.kind,
        stream=draft.stream,
        step=draft.step,
        contact=draft.contact,
        to_email=draft.to_email or draft.contact.email or "",
        to_name=identity.clean_name(draft.to_name or draft.contact.name),
        sender_name=identity.clean_name(draft.sender_name),
        sender_email=draft.sender_email,
        reply_to=draft.reply_to,
        language=draft.language,
        subject=_one_line(draft.subject)[:300],
        body=draft.body,
        fields=dict(draft.fields),
        send_window=draft.send_window,
        time_zone=draft.time_zone,
        due_at=draft.due_at,
        valid_until=draft.valid_until,
        created_at=now,
    )
    row.message_id = headers.message_id(row)
    return row


def _one_line(text: str) -> str:
    return " ".join(text.split())


def cancel_messages(
    *,
    workspace: Workspace,
    why: str,
    now: datetime,
    stream: str | None = None,
    contact: Contact | None = None,
) -> int:
    """Cancels what is not yet handed over, of a stream, of a contact, or of both together."""
    if stream is None and contact is None:
        raise ValueError("say the stream, the contact or both: not every message at once")
    waiting = _waiting(workspace, stream=stream, contact=contact)
    return waiting.update(state=State.CANCELLED, reason=why[:300], is_held=False)


def hold_messages(*, workspace: Workspace, stream: str) -> int:
    """Keeps everything of the stream that is not yet handed over where it is, until released."""
    return _waiting(workspace, stream=stream).filter(is_held=False).update(is_held=True)


def release_messages(*, workspace: Workspace, stream: str) -> int:
    return _waiting(workspace, stream=stream).filter(is_held=True).update(is_held=False)


def _waiting(
    workspace: Workspace, *, stream: str | None = None, contact: Contact | None = None
) -> QuerySet[Message]:
    """What is not yet handed over."""
    found = Message.objects.filter(workspace=workspace, state__in=queries.NOT_HANDED_OVER)
    if stream is not None:
        found = found.filter(stream=stream)
    return found if contact is None else found.filter(contact=contact)


def suppress(
    *, workspace: Workspace, email: str, reason: str, source: str = "", now: datetime
) -> bool:
    """No more mail to this address, also after erasure and re-import. True when that is new."""
    _row, created = Suppression.objects.get_or_create(
        workspace=workspace,
        address_hash=queries.address_hash(email),
        reason=Suppression.Reason(reason),
        defaults={"source": source[:120], "created_at": now},
    )
    return created


@transaction.atomic
def unsubscribe(*, message: Message, now: datetime) -> bool:
    """The reader of this message wants no more mail. Safe to repeat; True the first time.

    Holds for the address it went to and for the contact's address of today. Whoever unsubscribes
    has read the message: if it was in doubt, it is not any longer.
    """
    new = [
        suppress(
            workspace=message.workspace,
            email=email,
            reason=Suppression.Reason.UNSUBSCRIBED,
            source=message.public_id,
            now=now,
        )
        for email in sorted({message.to_email, message.contact.email or ""} - {""})
    ]
    _record_delivery(message, Delivery.Kind.UNSUBSCRIBED, "unsubscribe", detail="", now=now)
    cancel_messages(
        workspace=message.workspace,
        contact=message.contact,
        why="The reader has unsubscribed.",
        now=now,
    )
    reader = Actor("contact", message.contact.public_id)
    confirm_arrival(message=message, actor=reader, now=now)
    if any(new):
        journal.record(
            workspace=message.workspace,
            event=events.ContactUnsubscribed(message.contact.public_id),
            actor=reader,
            now=now,
        )
    return any(new)


@transaction.atomic
def confirm_arrival(*, message: Message, actor: Actor, now: datetime) -> bool:
    """A message in doubt has arrived after all. False, and nothing done, in any other state."""
    doubtful = Message.objects.filter(
        workspace=message.workspace, pk=message.pk, state=State.IN_DOUBT
    )
    if not doubtful.update(state=State.SENT, sent_at=F("handed_at"), reason=""):
        return False
    journal.record(
        workspace=message.workspace,
        event=events.MessageConfirmed(message.public_id),
        actor=actor,
        now=now,
    )
    return True


@transaction.atomic
def send_again(*, message: Message, actor: Actor, now: datetime) -> None:
    """Somebody's decision about a message that failed or is in doubt; Refused for any other."""
    ended = Message.objects.filter(
        workspace=message.workspace, pk=message.pk, state__in=queries.PROBLEMS
    )
    if not ended.update(
        state=State.DUE, due_at=now, failures=0, reason="", valid_until=None, claimed_by=""
    ):
        raise Refused("Only a message that failed or is in doubt can be sent again.")
    journal.record(
        workspace=message.workspace,
        event=events.MessageRequeued(message.public_id, was=message.state),
        actor=actor,
        now=now,
    )


@transaction.atomic
def record_bounce(
    *,
    message: Message,
    detail: str,
    now: datetime,
    is_permanent: bool = True,
    blames_address: bool = False,
    event_id: str = "",
) -> None:
    """A mail server said, now or later, that this message did not arrive. Safe to repeat.

    `blames_address`: the address itself does not work (5.1.x), so nothing more is sent to it.
    """
    created = _record_delivery(
        message, Delivery.Kind.BOUNCED, event_id or "bounce", detail=detail, now=now,
        is_permanent=is_permanent,
    )  # fmt: skip
    if not created:
        return
    if is_permanent and blames_address:
        suppress(
            workspace=message.workspace,
            email=message.to_email,
            reason=Suppression.Reason.BOUNCED,
            source=message.public_id,
            now=now,
        )
    journal.record(
        workspace=message.workspace,
        event=events.MessageBounced(message.public_id, permanent=is_permanent, reply=detail[:300]),
        actor=SYSTEM,
        now=now,
    )


def _record_delivery(
    message: Message,
    kind: str,
    event: str,
    *,
    detail: str,
    now: datetime,
    is_permanent: bool = True,
) -> bool:
    _row, created = Delivery.objects.get_or_create(
        workspace=message.workspace,
        event_id=f"{message.public_id}:{event}",
        defaults={
            "message": message,
            "kind": kind,
            "detail": detail,
            "is_permanent": is_permanent,
            "occurred_at": now,
        },
    )
    return created
