"""What follows from an answer's worth: the fact, and that nobody is reminded of what counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from afterscore.domain import events
from afterscore.domain.events import Actor, Event
from afterscore.domain.scanners import Validity
from afterscore.journal import operations as journal
from afterscore.programs import operations as programs
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Response


def tell(enrolment: Enrolment, response: Response, *, now: datetime) -> None:
    """In the transaction that gave the answer its present worth."""
    record(enrolment, _event(response), now=now)
    if response.is_counted:
        programs.mark_answered(enrolment=enrolment, now=response.received_at)


def record(enrolment: Enrolment, event: Event, *, now: datetime) -> None:
    journal.record(
        workspace=enrolment.workspace,
        event=event,
        actor=Actor("contact", enrolment.contact.public_id),
        now=now,
    )


def names_of(changes: Iterable[str]) -> tuple[str, ...]:
    """Of an answer's fields, as facts tell them."""
    return tuple(sorted(name.removesuffix("_at") for name in changes))


def _event(response: Response) -> Event:
    if response.validity == Validity.QUARANTINED:
        signs = tuple(str(sign) for sign, _why in response.evidence.get("signs", ()))
        return events.ResponseQuarantined(response.public_id, score=response.score, signs=signs)
    if response.validity == Validity.PROVISIONAL:
        means = str(response.evidence.get("means", ""))
        return events.ResponseHeld(response.public_id, score=response.score, means=means)
    return events.ResponseReceived(response.public_id, score=response.score)
