"""What is heard of a message after it left: from a mail server, a provider, or its reader.

Everything comes through `hear`, in any order and any number of times: what is kept is a set, and
what follows from it follows from the set (docs/algorithms/bounces.md).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from afterscore.domain import deliveries, events
from afterscore.domain.events import SYSTEM
from afterscore.journal import operations as journal
from afterscore.outreach import queries, registry
from afterscore.outreach.models import Delivery, Message, Suppression
from afterscore.outreach.operations.deliveries import (
    confirm_arrival,
    stop_writing,
    suppress_reader,
)
from afterscore.outreach.operations.planning import cancel_messages
from afterscore.outreach.operations.suppressions import lift, suppress

WORN_OUT = "soft bounces"  # the source of a suppression that later news may lift
_ARRIVALS = (Delivery.Kind.DELIVERED, Delivery.Kind.UNSUBSCRIBED, Delivery.Kind.AUTO_REPLIED)
_MAX_EVENT = 150
_JUDGING = 0x6A756467  # a number of our own for the lock


@transaction.atomic
def hear(
    *,
    message: Message,
    kind: Delivery.Kind,
    is_permanent: bool = True,
    blames_address: bool = False,
    event_id: str,
    occurred_at: datetime,
    detail: str = "",
    now: datetime,
) -> bool:
    """True for news. False, and nothing done, for what is known already or cannot be: nothing is
    heard of a message that never left.

    `blames_address` belongs to a permanent bounce: the address itself does not work, so that
    nothing more is sent to it.
    """
    if not _has_left(message):
        return False
    row, is_new = Delivery.objects.get_or_create(
        workspace=message.workspace,
        event_id=_own_event(message, kind, event_id),
        defaults={
            "message": message,
            "kind": kind,
            "detail": detail,
            "is_permanent": is_permanent,
            "occurred_at": occurred_at,
        },
    )
    if is_new:
        _follow(row, blames_address=blames_address, now=now)
    return is_new


def _has_left(message: Message) -> bool:
    left = Q(handed_at__isnull=False) | Q(state__in=queries.LEFT)
    rows = Message.objects.filter(workspace=message.workspace, pk=message.pk)
    return rows.filter(left).exists()


def _own_event(message: Message, kind: str, event_id: str) -> str:
    """Within the workspace, whatever the length of the sender's own."""
    if len(event_id) > _MAX_EVENT:
        event_id = hashlib.sha256(event_id.encode()).hexdigest()
    return f"{message.public_id}:{Delivery.Kind(kind).value}:{event_id}"


def _follow(heard: Delivery, *, blames_address: bool, now: datetime) -> None:
    """Nothing here looks at what was heard before, except `_judge_address`, which looks at all."""
    message = heard.message
    is_refusal = heard.kind == Delivery.Kind.BOUNCED
    if heard.kind == Delivery.Kind.UNSUBSCRIBED:
        stop_writing(message=message, now=now)
        return
    confirm_arrival(message=message, actor=SYSTEM, now=now)
    if heard.kind == Delivery.Kind.COMPLAINED:
        _complain(message, now=now)
        registry.tell_watchers(message=message, now=now)
    elif is_refusal and heard.is_permanent:
        _bounce(heard, blames_address=blames_address, now=now)
        registry.tell_watchers(message=message, now=now)
    else:
        if is_refusal:
            _tell_bounce(heard, now=now)
        _judge_address(message, now=now)


def _complain(message: Message, *, now: datetime) -> None:
    suppress_reader(message=message, reason=Suppression.Reason.COMPLAINED, now=now)
    cancel_messages(
        workspace=message.workspace,
        contact=message.contact,
        why="The reader reported an earlier mail as spam.",
        now=now,
    )
    _record(message, events.MessageComplained(message.public_id), now)


def _bounce(heard: Delivery, *, blames_address: bool, now: datetime) -> None:
    message = heard.message
    if blames_address:
        _one_at_a_time(message)
        suppress(
            workspace=message.workspace,
            email=message.to_email,
            reason=Suppression.Reason.BOUNCED,
            source=message.public_id,
            now=now,
        )
        cancel_messages(
            workspace=message.workspace,
            contact=message.contact,
            why="Mail to this address came back.",
            now=now,
        )
        # Were it there for soft bounces alone, later news could lift it: not any longer.
        _bounced_by(message, source=WORN_OUT).update(source=message.public_id)
    _tell_bounce(heard, now=now)


def _tell_bounce(heard: Delivery, *, now: datetime) -> None:
    event = events.MessageBounced(
        heard.message.public_id, permanent=heard.is_permanent, reply=heard.detail[:300]
    )
    _record(heard.message, event, now)


def _judge_address(message: Message, *, now: datetime) -> None:
    """Five soft bounces without an arrival in between: nothing more is sent until somebody says
    so, or until an arrival in between is heard of after all."""
    _one_at_a_time(message)
    heard = Delivery.objects.filter(
        workspace=message.workspace,
        message__contact=message.contact,
        message__to_email=message.to_email,
    )
    soft = Q(kind=Delivery.Kind.BOUNCED, is_permanent=False)
    if deliveries.is_worn_out(
        soft_bounces=heard.filter(soft).values_list("occurred_at", flat=True),
        arrivals=heard.filter(kind__in=_ARRIVALS).values_list("occurred_at", flat=True),
    ):
        suppress(
            workspace=message.workspace,
            email=message.to_email,
            reason=Suppression.Reason.BOUNCED,
            source=WORN_OUT,
            now=now,
        )
    else:
        lift(rows=_bounced_by(message, source=WORN_OUT))


def _one_at_a_time(message: Message) -> None:
    """Whoever judges this address waits here. The last lock that is taken, so nobody waits for
    somebody who waits for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
            [_JUDGING, f"{message.workspace_id}:{message.to_email}"],
        )


def _bounced_by(message: Message, *, source: str) -> QuerySet[Suppression]:
    return Suppression.objects.filter(
        workspace=message.workspace,
        address_hash=queries.address_hash(message.to_email),
        reason=Suppression.Reason.BOUNCED,
        source=source,
    )


def _record(message: Message, event: events.Event, now: datetime) -> None:
    journal.record(workspace=message.workspace, event=event, actor=SYSTEM, now=now)
