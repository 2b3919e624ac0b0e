"""Calls before asking: planned at the launch, made by the account's owner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit import ids
from afterscore.kit.errors import Refused
from afterscore.outreach import operations as outreach
from afterscore.programs.models import Enrolment, HeadsUpCall, Wave

PREFIX = "call"
NOTE_LENGTH = 2_000
DECLINED = "Said on the phone that they do not want to be asked."


def plan_calls(*, wave: Wave, due: Iterable[tuple[str, datetime]]) -> int:
    """A call for each of these enrolments, by public id, until the moment of their invitation.

    The invitation does not wait for it: a call that was not made by then is simply not made.
    """
    until = dict(due)
    rows = Enrolment.objects.filter(wave=wave, public_id__in=list(until))
    planned = HeadsUpCall.objects.bulk_create(
        HeadsUpCall(
            workspace_id=wave.workspace_id,
            public_id=ids.make(PREFIX),
            enrolment_id=pk,
            owner_id=owner,
            due_at=until[public_id],
        )
        for pk, public_id, owner in rows.values_list("pk", "public_id", "owner_id")
    )
    return len(planned)


@transaction.atomic
def record_call(
    *, call: HeadsUpCall, outcome: str, note: str = "", actor: Actor, now: datetime
) -> None:
    """What came of the call. Whoever does not want to be asked is not asked in this wave.

    May be corrected while the wave is open, except that a "no" stays a "no".
    """
    calls = HeadsUpCall.objects.select_related("workspace", "enrolment__wave", "enrolment__contact")
    call = calls.select_for_update(of=("self",)).get(pk=call.pk)
    if outcome not in HeadsUpCall.Outcome.values:
        raise Refused("Say what came of the call.", field="outcome")
    if call.enrolment.wave.state == Wave.State.CLOSED:
        raise Refused("This wave is closed; nobody is asked any more.")
    if call.outcome == HeadsUpCall.Outcome.DECLINED and outcome != call.outcome:
        raise Refused("They do not want to be asked, and the invitation was taken back.")
    call.outcome, call.note = outcome, note.strip()[:NOTE_LENGTH]
    call.done_by, call.done_at = str(actor), now
    call.save(update_fields=["outcome", "note", "done_by", "done_at"])
    if outcome == HeadsUpCall.Outcome.DECLINED:
        _decline(call, now)
    journal.record(
        workspace=call.workspace,
        event=events.HeadsUpCalled(
            call.public_id, outcome=outcome, contact=call.enrolment.contact.public_id
        ),
        actor=actor,
        now=now,
    )


def _decline(call: HeadsUpCall, now: datetime) -> None:
    enrolment = call.enrolment
    outreach.cancel_messages(
        workspace=call.workspace,
        stream=enrolment.wave.public_id,
        contact=enrolment.contact,
        why=DECLINED,
        now=now,
    )
    Enrolment.objects.filter(pk=enrolment.pk, state=Enrolment.State.ENROLLED).update(
        state=Enrolment.State.STOPPED, stopped_why=DECLINED
    )
