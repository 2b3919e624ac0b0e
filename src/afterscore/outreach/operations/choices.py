"""What readers choose for themselves on the page behind the link at the foot of every mail.

Each choice holds at once, is recorded with its source and date, and may be made again.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from afterscore.customers import operations as customers
from afterscore.domain import calendars, events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.outreach import queries
from afterscore.outreach.models import Message, Suppression
from afterscore.outreach.operations.deliveries import confirm_arrival, suppress_reader, unsubscribe
from afterscore.outreach.operations.planning import waiting_messages
from afterscore.outreach.operations.suppressions import lift

SOURCE = "Their own choice, by the link in a mail"
OPTED_IN = "opt_in"


class Choice(StrEnum):
    OPT_IN = "opt_in"
    TWICE = "twice"
    ONCE = "once"
    NOT_THIS = "not_this"
    NOTHING = "nothing"


GAPS = {Choice.TWICE: 182, Choice.ONCE: 365}
"""Days between two askings, of any program."""


@transaction.atomic
def choose(*, message: Message, choice: Choice, now: datetime) -> None:
    """The reader of this message decides how often they are asked."""
    confirm_arrival(message=message, actor=_reader(message), now=now)
    match choice:
        case Choice.NOTHING:
            unsubscribe(message=message, now=now)
        case Choice.NOT_THIS:
            leave_program(message=message, now=now)
        case Choice.OPT_IN:
            _opt_in(message, now)
        case Choice.TWICE | Choice.ONCE:
            _wish(message, {"ask_gap_days": GAPS[choice]}, now)


@transaction.atomic
def leave_program(*, message: Message, now: datetime) -> bool:
    """No more of the program that this message belongs to; all others may still write. True the
    first time. A message of no program stands for all mail."""
    if not message.scope:
        return unsubscribe(message=message, now=now)
    is_new = suppress_reader(
        message=message,
        reason=Suppression.Reason.UNSUBSCRIBED,
        scope=message.scope,
        now=now,
    )
    waiting = waiting_messages(message.workspace, contact=message.contact)
    waiting.filter(scope=message.scope).update(
        state="cancelled", reason="The reader wants no more of this program.", is_held=False
    )
    if is_new:
        event = events.ContactUnsubscribed(message.contact.public_id, scope=message.scope)
        _record(message, event, now)
    return is_new


def _opt_in(message: Message, now: datetime) -> None:
    """Gladly, in every program: an earlier "no more" of their own is taken back with it, whereas
    an address that does not work stays one."""
    zone = calendars.zone_or(message.workspace.time_zone, "UTC")
    changes = {
        "consent_basis": OPTED_IN,
        "consent_source": SOURCE,
        "consent_on": calendars.local_day(now, zone),
        "ask_gap_days": None,
    }
    _wish(message, changes, now)
    emails = {message.to_email, message.contact.email or ""} - {""}
    own = Suppression.objects.filter(
        workspace=message.workspace,
        address_hash__in=[queries.address_hash(email) for email in emails],
        reason=Suppression.Reason.UNSUBSCRIBED,
    )
    if own.exists():
        lift(rows=own)
        _record(message, events.ContactResubscribed(message.contact.public_id), now)


def _wish(message: Message, changes: dict[str, object], now: datetime) -> None:
    """Of somebody who was erased meanwhile there is nothing left to change."""
    if message.contact.erased_at is None:
        customers.change_contact(
            contact=message.contact, changes=changes, actor=_reader(message), now=now
        )


def _reader(message: Message) -> Actor:
    return Actor("contact", message.contact.public_id)


def _record(message: Message, event: events.Event, now: datetime) -> None:
    journal.record(workspace=message.workspace, event=event, actor=_reader(message), now=now)
