"""Invitations and reminders of which nobody knows whether they arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from afterscore.domain import doubts
from afterscore.domain.doubts import Policy
from afterscore.domain.events import SYSTEM
from afterscore.outreach import operations as outreach
from afterscore.outreach import queries as messages
from afterscore.outreach.models import Message
from afterscore.programs.models import Enrolment, Wave

LONGEST = timedelta(days=60)  # no wave is open for longer than that after its last message


def settle_doubts(*, now: datetime) -> None:
    """What was heard of, or answered, has arrived; the rest is sent once more where the workspace
    wants that. Safe to repeat."""
    doubtful = messages.list_in_doubt(since=now - LONGEST)
    enrolments = _enrolments_of([message for message, _ in doubtful])
    for message, doubt in doubtful:
        enrolment = enrolments.get((message.stream, message.contact_id))
        if doubt.is_heard_of:
            outreach.confirm_arrival(message=message, actor=SYSTEM, now=now)
        elif enrolment is not None and enrolment.state == Enrolment.State.ANSWERED:
            outreach.mark_answered(
                workspace=message.workspace, stream=message.stream, contact=message.contact
            )
        elif _is_asking(enrolment) and doubts.may_resend(doubt, _policy(message), now):
            outreach.resend(message=message, now=now)


def _enrolments_of(doubtful: Sequence[Message]) -> dict[tuple[str, int], Enrolment]:
    found = Enrolment.objects.select_related("wave").filter(
        wave__public_id__in={message.stream for message in doubtful},
        contact__in={message.contact_id for message in doubtful},
    )
    return {(row.wave.public_id, row.contact_id): row for row in found}


def _is_asking(enrolment: Enrolment | None) -> bool:
    return (
        enrolment is not None
        and enrolment.state == Enrolment.State.ENROLLED
        and enrolment.wave.state == Wave.State.RUNNING
    )


def _policy(message: Message) -> Policy:
    return Policy(message.workspace.doubt_policy)
