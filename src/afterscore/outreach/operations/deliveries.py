"""What the reader of a message does, and what somebody decides about it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Q, Value, When

from afterscore.customers.models import Contact
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.outreach import queries
from afterscore.outreach.models import Delivery, Message, State, Suppression
from afterscore.outreach.operations.planning import cancel_messages
from afterscore.outreach.operations.suppressions import suppress
from afterscore.workspaces.models import Workspace

ANSWERED = "Answered."


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


def suppress_reader(*, message: Message, reason: Suppression.Reason, now: datetime) -> bool:
    """The address it went to and the contact's address of today. True when one of them is new."""
    new = [
        suppress(
            workspace=message.workspace,
            email=email,
            reason=reason,
            source=message.public_id,
            now=now,
        )
        for email in sorted({message.to_email, message.contact.email or ""} - {""})
    ]
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


def mark_answered(*, workspace: Workspace, stream: str, contact: Contact) -> None:
    """The contact has answered: what still waits is cancelled, what was in doubt has arrived.

    One statement, and no fact of its own: the answer is the fact.
    """
    in_doubt = Q(state=State.IN_DOUBT)
    Message.objects.filter(
        workspace=workspace,
        stream=stream,
        contact=contact,
        state__in=(*queries.NOT_HANDED_OVER, State.IN_DOUBT),
    ).update(
        state=Case(When(in_doubt, then=Value(State.SENT)), default=Value(State.CANCELLED)),
        sent_at=Case(When(in_doubt, then=F("handed_at")), default=F("sent_at")),
        reason=Case(When(in_doubt, then=Value("")), default=Value(ANSWERED)),
        is_held=False,
    )


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
