"""What the reader of a message does, and what somebody decides about it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, PositiveSmallIntegerField, Value, When

from afterscore.customers.models import Contact
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.outreach import queries
from afterscore.outreach.models import Delivery, Message, State, Suppression
from afterscore.outreach.operations.planning import cancel_messages
from afterscore.outreach.operations.suppressions import lift, suppress
from afterscore.workspaces.models import Workspace

ANSWERED = "Answered."
ONCE_MORE = "In doubt for a day, without a sign that it arrived: sent once more."


@transaction.atomic
def unsubscribe(*, message: Message, now: datetime) -> bool:
    """The reader of this message wants no more mail. Safe to repeat; True the first time."""
    Delivery.objects.get_or_create(
        workspace=message.workspace,
        event_id=f"{message.public_id}:unsubscribe",
        defaults={
            "message": message, "kind": Delivery.Kind.UNSUBSCRIBED, "occurred_at": now,
        },
    )  # fmt: skip
    return stop_writing(message=message, now=now)


def stop_writing(*, message: Message, now: datetime) -> bool:
    """Holds for the address it went to and for the contact's address of today. Whoever
    unsubscribes has read the message: if it was in doubt, it is not any longer."""
    reader = Actor("contact", message.contact.public_id)
    is_new = suppress_reader(message=message, reason=Suppression.Reason.UNSUBSCRIBED, now=now)
    cancel_messages(
        workspace=message.workspace,
        contact=message.contact,
        why="The reader has unsubscribed.",
        now=now,
    )
    confirm_arrival(message=message, actor=reader, now=now)
    if is_new:
        journal.record(
            workspace=message.workspace,
            event=events.ContactUnsubscribed(message.contact.public_id),
            actor=reader,
            now=now,
        )
    return is_new


def suppress_reader(
    *, message: Message, reason: Suppression.Reason, scope: str = "", now: datetime
) -> bool:
    """The address it went to and the contact's address of today. True when one of them is new."""
    new = [
        suppress(
            workspace=message.workspace,
            email=email,
            reason=reason,
            scope=scope,
            source=message.public_id,
            now=now,
        )
        for email in sorted({message.to_email, message.contact.email or ""} - {""})
    ]
    return any(new)


@transaction.atomic
def confirm_arrival(*, message: Message, actor: Actor, now: datetime) -> bool:
    """A message in doubt has arrived after all, so it is not sent once more either. False, and
    nothing done, for any other."""
    doubtful = Message.objects.filter(queries.DOUBTFUL, workspace=message.workspace, pk=message.pk)
    if not doubtful.update(
        state=State.SENT, sent_at=F("handed_at"), reason="", claimed_by="", lease_until=None
    ):
        return False
    journal.record(
        workspace=message.workspace,
        event=events.MessageConfirmed(message.public_id),
        actor=actor,
        now=now,
    )
    return True


def mark_answered(*, workspace: Workspace, stream: str, contact: Contact) -> None:
    """The contact has answered: what still waits is cancelled, what was in doubt has arrived.

    One statement, and no fact of its own: the answer is the fact.
    """
    doubtful = queries.DOUBTFUL
    Message.objects.filter(
        workspace=workspace,
        stream=stream,
        contact=contact,
        state__in=(*queries.NOT_HANDED_OVER, State.IN_DOUBT),
    ).update(
        state=Case(When(doubtful, then=Value(State.SENT)), default=Value(State.CANCELLED)),
        sent_at=Case(When(doubtful, then=F("handed_at")), default=F("sent_at")),
        reason=Case(When(doubtful, then=Value("")), default=Value(ANSWERED)),
        is_held=False,
    )


@transaction.atomic
def trust_address(*, message: Message, actor: Actor, now: datetime) -> None:
    """Somebody knows that mail to this address arrives again. What its reader said, that they want
    no mail or that it is spam, stays; Refused where nothing came back."""
    came_back = Suppression.objects.filter(
        workspace=message.workspace,
        address_hash=queries.address_hash(message.to_email),
        reason=Suppression.Reason.BOUNCED,
    )
    if not came_back.exists():
        raise Refused("Mail to this address is not held back because of a mail that came back.")
    lift(rows=came_back)
    journal.record(
        workspace=message.workspace,
        event=events.AddressTrusted(message.public_id),
        actor=actor,
        now=now,
    )


@transaction.atomic
def send_again(*, message: Message, actor: Actor, now: datetime) -> None:
    """Somebody's decision about a message that failed or is in doubt; Refused for any other."""
    ended = Message.objects.filter(
        workspace=message.workspace, pk=message.pk, state__in=queries.PROBLEMS
    )
    once_more = When(state=State.IN_DOUBT, then=Value(1))
    if not ended.update(
        state=State.DUE, due_at=now, failures=0, reason="", valid_until=None, claimed_by="",
        repeat_until=None,
        resends=Case(once_more, default=F("resends"), output_field=PositiveSmallIntegerField()),
    ):  # fmt: skip
        raise Refused("Only a message that failed or is in doubt can be sent again.")
    journal.record(
        workspace=message.workspace,
        event=events.MessageRequeued(message.public_id, was=message.state),
        actor=actor,
        now=now,
    )


@transaction.atomic
def resend(*, message: Message, now: datetime) -> bool:
    """Once more, and never a third time, by the workspace's own choice; False where somebody or
    something has settled the doubt meanwhile."""
    doubtful = Message.objects.filter(
        workspace=message.workspace, pk=message.pk, state=State.IN_DOUBT, resends=0
    )
    if not doubtful.update(
        state=State.DUE,
        due_at=now,
        failures=0,
        claimed_by="",
        resends=1,
        reason=ONCE_MORE,
        repeat_until=None,
    ):
        return False
    journal.record(
        workspace=message.workspace,
        event=events.MessageRequeued(message.public_id, was=State.IN_DOUBT),
        actor=events.SYSTEM,
        now=now,
    )
    return True


@transaction.atomic
def note_view(*, workspace: Workspace, stream: str, contact: Contact, now: datetime) -> bool:
    """Somebody, or a mail scanner, has opened the link that stands in this stream's messages. If
    only one of them has ever left, then that one has arrived; True when that is news."""
    left = Message.objects.filter(
        workspace=workspace,
        stream=stream,
        contact=contact,
        kind__in=queries.ASKING,
        handed_at__isnull=False,
    )
    messages = list(left.select_related("workspace", "contact")[:2])
    if len(messages) != 1:
        return False
    if messages[0].state != State.HANDOFF:
        is_open = messages[0].state in (State.IN_DOUBT, *queries.NOT_HANDED_OVER)
        reader = Actor("contact", contact.public_id)
        return is_open and confirm_arrival(message=messages[0], actor=reader, now=now)
    # Its transfer may yet end in doubt: that it was seen is kept beside it.
    _, is_new = Delivery.objects.get_or_create(
        workspace=workspace,
        event_id=f"{messages[0].public_id}:viewed",
        defaults={
            "message": messages[0], "kind": Delivery.Kind.DELIVERED, "occurred_at": now,
            "detail": "Its link was opened.",
        },
    )  # fmt: skip
    return is_new
