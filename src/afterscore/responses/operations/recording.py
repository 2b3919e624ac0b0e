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
from afterscore.domain import events, scanners
from afterscore.domain.scanners import Act, Counting, Judgement, Means, Validity, Verdict
from afterscore.outreach import queries as outreach
from afterscore.programs.models import Enrolment
from afterscore.responses.models import Response
from afterscore.responses.operations import judging, refusing, standing
from afterscore.responses.operations.checking import Answer, check, plausible_seconds

MOST_EDITS_COUNTED = 32_767


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
    act: Act | None = None,
) -> Recorded:
    """Opens the response with the first score; later calls extend or change it.

    What is None stays as it was; `drivers`, once given, are all of them. Saying the same again
    changes nothing, so a call may be repeated. `complete` means that the person has pressed Send.
    `act` is how it came by a link in a mail: then it is judged whether it was a person, and what
    looks automated is set aside; it never changes an answer that counts.
    Raises Refused when the wave is closed or something may not be written down.
    """
    answer = check(enrolment=enrolment, score=score, comment=comment, drivers=drivers, now=now)
    judgement = scanners.TRUSTED
    if act is not None:
        act = judging.with_hand_over(act, enrolment=enrolment)
        judgement = judging.judge(enrolment=enrolment, act=act, now=now)
    opening = _opening(enrolment, answer, channel, now)
    opening.seconds_to_answer = plausible_seconds(seconds)
    opening.completed_at = now if complete else None
    _give_standing(opening, judgement, act)
    # The unique key decides between simultaneous calls: the others wait here, then find the row.
    Response.objects.bulk_create([opening], ignore_conflicts=True)
    response = Response.objects.select_for_update().get(enrolment=enrolment)
    is_new = response.public_id == opening.public_id
    if is_new:
        standing.tell(enrolment, response, now=now)
    elif response.is_counted and judgement.verdict is not Verdict.AUTOMATED:
        _extend(enrolment, response, answer, complete=complete, now=now)
    elif not response.is_counted and _replaces(response, opening):
        _renew(enrolment, response, opening, answer, now=now)
    else:
        changes = _changes(response, answer, complete=complete, now=now)
        refusing.note(enrolment, response, judgement, changes=changes, score=score, now=now)
    return Recorded(response=response, is_new=is_new)


@transaction.atomic
def record_opening(
    *, enrolment: Enrolment, score: int, channel: str, act: Act, now: datetime
) -> Response | None:
    """Somebody looked at the page of a score's link for a while, and pressed nothing.

    Kept apart as provisional, if nothing speaks against a person; else, and where there is an
    answer already, nothing is written. A second look of a person at the same score confirms it.
    """
    answer = check(enrolment=enrolment, score=score, comment=None, drivers=None, now=now)
    act = judging.with_hand_over(act, enrolment=enrolment)
    judgement = judging.judge(enrolment=enrolment, act=act, now=now)
    if any(finding.is_strong for finding in judgement.findings):
        return None
    opening = _opening(enrolment, answer, channel, now)
    _give_standing(opening, judgement, act)
    Response.objects.bulk_create([opening], ignore_conflicts=True)
    response = Response.objects.select_for_update().get(enrolment=enrolment)
    if response.public_id == opening.public_id:
        standing.tell(enrolment, response, now=now)
    elif _is_second_look(response, opening, act):
        opening.validity, opening.settles_at = Validity.COUNTED, None
        _renew(enrolment, response, opening, answer, now=now)
    return response


def _is_second_look(response: Response, opening: Response, act: Act) -> bool:
    return (
        response.validity == Validity.PROVISIONAL
        and response.evidence.get("means") == Means.OPENED
        and response.score == opening.score
        and act.is_human
        and act.at - response.changed_at > scanners.SITTING
        and opening.workspace.answers_count != Counting.SENT
    )


def _give_standing(opening: Response, judgement: Judgement, act: Act | None) -> None:
    """Whether it counts now, waits for what follows within the next minute, or is set aside.

    A page that was only looked at always waits: it is a scanner's first deed too.
    """
    counting = Counting(opening.workspace.answers_count)
    opening.validity = scanners.standing_of(judgement, counting=counting)
    opening.evidence = judging.evidence_of(judgement)
    if act is None or opening.validity == Validity.QUARANTINED:
        return
    if judgement.verdict is Verdict.WAIT or judgement.means is Means.OPENED:
        opening.validity = Validity.PROVISIONAL
        opening.settles_at = act.at + scanners.SETTLING
        opening.evidence |= judging.act_as_data(act)


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
            state__in=judging.GONE_OUT,
            handed_at__lte=now,
        )
        .order_by("-handed_at", "-id")
    )
    return Coalesce(Subquery(sent.values("kind")[:1]), Value(""))


RENEWED = (
    "account_id", "score", "first_score", "comment", "drivers", "channel", "touch", "language",
    "frozen", "seconds_to_answer", "received_at", "commented_at", "completed_at", "changed_at",
    "validity", "evidence", "settles_at",
)  # fmt: skip


def _replaces(response: Response, opening: Response) -> bool:
    """Whether what came now takes the place of what does not count. A person's word always does;
    what looks automated takes only its own place, and that of what waits for a second look."""
    if opening.validity != Validity.QUARANTINED:
        return True
    return response.validity == Validity.QUARANTINED or response.settles_at is not None


def _renew(
    enrolment: Enrolment, response: Response, opening: Response, answer: Answer, *, now: datetime
) -> None:
    """As if it were the first; what the same person has said before without counting stays."""
    is_same_person = opening.validity == response.validity == Validity.QUARANTINED or (
        response.validity == Validity.PROVISIONAL
    )
    changes: dict[str, Any] = {name: getattr(opening, name) for name in RENEWED}
    changes["edits"] = 0
    if is_same_person:
        changes |= _said_before(response, answer)
        changes["completed_at"] = opening.completed_at or response.completed_at
    if _is_repetition(response, changes):
        return
    Response.objects.filter(pk=response.pk).update(**changes)
    response.refresh_from_db()
    standing.tell(enrolment, response, now=now)


def _said_before(response: Response, answer: Answer) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if answer.comment is None:
        kept |= {"comment": response.comment, "commented_at": response.commented_at}
    if answer.drivers is None:
        kept["drivers"] = response.drivers
    return kept


def _is_repetition(response: Response, changes: Mapping[str, Any]) -> bool:
    said = ("score", "comment", "drivers", "validity")
    is_said = all(getattr(response, name) == changes[name] for name in said)
    return is_said and (changes["completed_at"] is None) == (response.completed_at is None)


def _extend(
    enrolment: Enrolment, response: Response, answer: Answer, *, complete: bool, now: datetime
) -> None:
    changes = _changes(response, answer, complete=complete, now=now)
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
        changed=standing.names_of(changes),
        old_score=old_score,
        score=response.score,
    )
    standing.record(enrolment, event, now=now)


def _changes(
    response: Response, answer: Answer, *, complete: bool, now: datetime
) -> dict[str, Any]:
    said = {"score": answer.score, "comment": answer.comment, "drivers": answer.drivers}
    changes: dict[str, Any] = {
        name: value
        for name, value in said.items()
        if value is not None and value != getattr(response, name)
    }
    if complete and response.completed_at is None:
        changes["completed_at"] = now
    return changes


def _replaces_something(response: Response, changes: Mapping[str, object]) -> bool:
    """An edit takes something back; a first comment after the score does not."""
    return "score" in changes or any(
        getattr(response, name) for name in ("comment", "drivers") if name in changes
    )
