"""What becomes of a person who was asked: an answer, or a reason to stop."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.customers.models import Contact
from afterscore.outreach import operations as outreach
from afterscore.programs import queries
from afterscore.programs.models import Enrolment


@transaction.atomic
def mark_answered(*, enrolment: Enrolment, now: datetime) -> None:
    """Nobody is reminded of what they have answered. The first call counts, later ones do nothing.

    The fact is `response.received`, written by the caller in the same transaction.
    """
    answered = (
        Enrolment.objects.filter(pk=enrolment.pk)
        .exclude(state=Enrolment.State.ANSWERED)
        .update(state=Enrolment.State.ANSWERED, answered_at=now)
    )
    if not answered:
        return
    enrolment.state = Enrolment.State.ANSWERED
    enrolment.answered_at = now
    outreach.mark_answered(
        workspace=enrolment.workspace,
        stream=enrolment.wave.public_id,
        contact=enrolment.contact,
    )


@transaction.atomic
def stop_enrolments(*, contact: Contact, why: str, now: datetime) -> int:
    """Takes the contact out of every open wave; returns how many. Safe to repeat.

    `why` is a sentence for the wave's page. The fact is the one that brought this about.
    """
    waiting = Enrolment.objects.select_related("workspace", "wave").filter(
        contact=contact,
        state=Enrolment.State.ENROLLED,
        wave__state__in=queries.OPEN_STATES,
    )
    stopped = list(waiting.select_for_update(of=("self",)))
    for enrolment in stopped:
        outreach.cancel_messages(
            workspace=enrolment.workspace,
            stream=enrolment.wave.public_id,
            contact=contact,
            why=why,
            now=now,
        )
    Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in stopped]).update(
        state=Enrolment.State.STOPPED, stopped_why=why
    )
    return len(stopped)
