"""What becomes of answers that do not count: a second look, or a person's decision."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.domain import events, scanners
from afterscore.domain.events import Actor, Event
from afterscore.domain.scanners import Counting, Validity
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.programs import operations as programs
from afterscore.responses import queries
from afterscore.responses.models import Response
from afterscore.responses.operations import judging, standing

AT_ONCE = 1_000
LONGEST_WHY = 300


def settle(*, now: datetime) -> int:
    """Looks again at the answers that waited for what would follow; returns at how many."""
    waiting = list(queries.list_to_settle(now=now)[:AT_ONCE].values_list("pk", flat=True))
    return sum(_settle_one(pk, now=now) for pk in waiting)


@transaction.atomic
def _settle_one(pk: int, *, now: datetime) -> bool:
    found = queries.list_to_settle(now=now).filter(pk=pk).select_for_update(of=("self",)).first()
    if found is None:  # somebody was faster, or the person has answered
        return False
    before = found.validity
    act = judging.act_in(found.evidence, has_comment=bool(found.comment))
    if act is not None:
        judgement = judging.judge(enrolment=found.enrolment, act=act, now=now)
        counting = Counting(found.workspace.answers_count)
        found.validity = scanners.standing_of(judgement, counting=counting)
        found.evidence = judging.evidence_of(judgement)
    found.settles_at = None
    found.save(update_fields=["validity", "evidence", "settles_at"])
    if found.validity != before:
        standing.tell(found.enrolment, found, now=now)
    return True


@transaction.atomic
def accept_answer(*, response: Response, why: str, actor: Actor, now: datetime) -> Response:
    """It was a person: from now on it counts, and has a case. Raises Refused without a reason."""
    locked = _locked(response, (Validity.QUARANTINED, Validity.DISCARDED), why)
    event = events.ResponseAccepted(locked.public_id, score=locked.score, why=why.strip())
    _decide(locked, Validity.COUNTED, event, why=why, actor=actor, now=now)
    programs.mark_answered(enrolment=locked.enrolment, now=locked.received_at)
    return locked


@transaction.atomic
def discard_answer(*, response: Response, why: str, actor: Actor, now: datetime) -> Response:
    """It was no person. Kept, but decided; an answer of the customer still takes its place."""
    locked = _locked(response, (Validity.QUARANTINED,), why)
    event = events.ResponseDiscarded(locked.public_id, score=locked.score, why=why.strip())
    _decide(locked, Validity.DISCARDED, event, why=why, actor=actor, now=now)
    return locked


def _locked(response: Response, states: tuple[Validity, ...], why: str) -> Response:
    if not why.strip():
        raise Refused("Say why, so that others can follow the decision.", field="why")
    if len(why.strip()) > LONGEST_WHY:
        raise Refused(f"At most {LONGEST_WHY} characters.", field="why")
    found = (
        Response.objects.select_related("workspace", "enrolment__wave", "enrolment__contact")
        .select_for_update(of=("self",))
        .get(workspace=response.workspace_id, pk=response.pk)
    )
    if found.validity not in states:
        raise Refused("This answer has been decided about meanwhile, or the customer answered.")
    return found


def _decide(
    response: Response, validity: Validity, event: Event, *, why: str, actor: Actor, now: datetime
) -> None:
    response.validity = validity
    response.evidence = {**response.evidence, "decided_why": why.strip()}
    response.changed_at = now
    response.save(update_fields=["validity", "evidence", "changed_at"])
    journal.record(workspace=response.workspace, event=event, actor=actor, now=now)
