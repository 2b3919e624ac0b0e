"""One answer for each invitation, however often and however fast it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce

from afterscore.customers import queries as customers
from afterscore.domain import events
from afterscore.domain.events import Actor, Event
from afterscore.journal import operations as journal
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import State
from afterscore.programs import operations as programs
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Response
from afterscore.responses.operations.checking import Answer, check, plausible_seconds

MOST_EDITS_COUNTED = 32_767
GONE_OUT = (State.SENT, State.IN_DOUBT)  # in doubt, it may well be the one that was answered


@dataclass(frozen=True, slots=True)
class Recorded:
    response: Response
    is_new: bool


@transaction.atomic
def record_response(
    *,
    enrolment: Enrolment,
    score: int,
    channel: str,
    now: datetime,
    seconds: float | None = None,
    comment: str | None = None,
    drivers: Mapping[str, object] | None = None,
    complete: bool = False,
) -> Recorded:
    """Opens the response with the first score; later calls extend or change it.

    What is None stays as it was; `drivers`, once given, are all of them. Saying the same again
    changes nothing, so a call may be repeated. `complete` means that the person has pressed Send.
    Raises Refused when the wave is closed or something may not be written down.
    """
    answer = check(enrolment=enrolment, score=score, comment=comment, drivers=drivers, now=now)
    opening = _opening(enrolment, answer, channel, now)
    opening.seconds_to_answer = plausible_seconds(seconds)
    opening.completed_at = now if complete else None
    # The unique key decides between simultaneous calls: the others wait here, then find the row.
    Response.objects.bulk_create([opening], ignore_conflicts=True)
    response = Response.objects.select_for_update().get(enrolment=enrolment)
    is_new = response.public_id == opening.public_id
    if is_new:
        event: Event = events.ResponseReceived(response.public_id, score=response.score)
        _record(enrolment, event, now)
        programs.mark_answered(enrolment=enrolment, now=now)
    else:
        _extend(enrolment, response, answer, complete=complete, now=now)
    return Recorded(response=response, is_new=is_new)


def _opening(enrolment: Enrolment, answer: Answer, channel: str, now: datetime) -> Response:
    contact = enrolment.contact
    return Response(
        workspace=enrolment.workspace,
        enrolment=enrolment,
        wave=enrolment.wave,
        contact=contact,
        account_id=contact.account_id,
        score=answer.score,
        first_score=answer.score,
        comment=answer.comment or "",
        drivers=answer.drivers or {},
        channel=channel,
        touch=_last_touch(enrolment, now),
        language=enrolment.language,
        frozen=customers.freeze(contact),
        received_at=now,
        commented_at=now if answer.comment else None,
        changed_at=now,
    )


def _last_touch(enrolment: Enrolment, now: datetime) -> Coalesce:
    """The kind of the last message that went out before the answer, looked up by the insert."""
    sent = (
        outreach.list_messages(workspace=enrolment.workspace)
        .filter(
            stream=enrolment.wave.public_id,
            contact=enrolment.contact,
            state__in=GONE_OUT,
            handed_at__lte=now,
        )
        .order_by("-handed_at", "-id")
    )
    return Coalesce(Subquery(sent.values("kind")[:1]), Value(""))


def _extend(
    enrolment: Enrolment, response: Response, answer: Answer, *, complete: bool, now: datetime
) -> None:
    changes = _changes(response, answer)
    if complete and response.completed_at is None:
        changes["completed_at"] = now
    if not changes:
        return
    old_score = response.score
    if _replaces_something(response, changes):
        response.edits = min(response.edits + 1, MOST_EDITS_COUNTED)
    if changes.get("comment"):
        response.commented_at = response.commented_at or now
    response.changed_at = now
    for name, value in changes.items():
        setattr(response, name, value)
    response.save(update_fields=[*changes, "edits", "commented_at", "changed_at"])
    event = events.ResponseChanged(
        response.public_id,
        changed=tuple(sorted(name.removesuffix("_at") for name in changes)),
        old_score=old_score,
        score=response.score,
    )
    _record(enrolment, event, now)


def _changes(response: Response, answer: Answer) -> dict[str, Any]:
    said = {"score": answer.score, "comment": answer.comment, "drivers": answer.drivers}
    return {
        name: value
        for name, value in said.items()
        if value is not None and value != getattr(response, name)
    }


def _replaces_something(response: Response, changes: Mapping[str, object]) -> bool:
    """An edit takes something back; a first comment after the score does not."""
    return "score" in changes or any(
        getattr(response, name) for name in ("comment", "drivers") if name in changes
    )


def _record(enrolment: Enrolment, event: Event, now: datetime) -> None:
    journal.record(
        workspace=enrolment.workspace,
        event=event,
        actor=Actor("contact", enrolment.contact.public_id),
        now=now,
    )
