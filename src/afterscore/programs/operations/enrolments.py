"""What becomes of a person who was asked: an answer, or a reason to stop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from afterscore.customers.models import Contact
from afterscore.outreach import operations as outreach
from afterscore.programs import queries
from afterscore.programs.models import Enrolment
from afterscore.workspaces.models import Workspace

WHY_LENGTH = 120


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


def stop_enrolments(*, contact: Contact, program: str = "", why: str, now: datetime) -> int:
    """Takes the contact out of every open wave, or out of those of one program (by its public
    id); returns of how many. Safe to repeat.

    `why` is a sentence for the wave's page. The fact is the one that brought this about.
    """
    since = {contact.pk: now}
    return stop_asking(workspace=contact.workspace, since=since, program=program, why=why, now=now)


@transaction.atomic
def stop_asking(
    *,
    workspace: Workspace,
    since: Mapping[int, datetime],
    program: str = "",
    why: str,
    now: datetime,
) -> int:
    """The same for many contacts (by their keys), each out of what began before an instant of
    their own: who was spoken to last year may be reminded of what they were asked today."""
    waiting = Enrolment.objects.select_related("workspace", "wave", "contact").filter(
        workspace=workspace,
        contact__in=list(since),
        state=Enrolment.State.ENROLLED,
        wave__state__in=queries.OPEN_STATES,
    )
    if program:
        waiting = waiting.filter(wave__program__public_id=program)
    locked = waiting.order_by("pk").select_for_update(of=("self",))
    stopped = [each for each in locked if each.created_at <= since[each.contact_id]]
    for enrolment in stopped:
        outreach.cancel_messages(
            workspace=workspace,
            stream=enrolment.wave.public_id,
            contact=enrolment.contact,
            why=why,
            now=now,
        )
    Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in stopped]).update(
        state=Enrolment.State.STOPPED, stopped_why=why[:WHY_LENGTH]
    )
    return len(stopped)


def note_view(*, enrolment: Enrolment, now: datetime) -> bool:
    """The survey page was opened by the link in a mail, so that mail has arrived."""
    return outreach.note_view(
        workspace=enrolment.workspace,
        stream=enrolment.wave.public_id,
        contact=enrolment.contact,
        now=now,
    )
