"""What customers answer when they are asked whether it is solved.

A mail scanner that follows links, runs scripts and presses buttons must neither reopen cases nor
confirm that they are solved: answers are judged as those of surveys are (docs/desk.md).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from afterscore.cases.models import Case, CheckBack, Entry
from afterscore.cases.operations import history, opening, steps, writing
from afterscore.domain import check_backs, events, scanners
from afterscore.domain.check_backs import Answer
from afterscore.domain.events import SYSTEM, Actor
from afterscore.domain.scanners import Act, Judgement, Validity, Verdict
from afterscore.kit.errors import Refused
from afterscore.responses import operations as responses
from afterscore.responses.operations import judging

VALIDITIES = {
    Verdict.PERSON: Validity.COUNTED,
    Verdict.WAIT: Validity.PROVISIONAL,
    Verdict.AUTOMATED: Validity.QUARANTINED,
}


def is_open_to_answer(*, check_back: CheckBack, now: datetime) -> bool:
    """Whether it may still be answered, or the answer changed."""
    is_erased = check_back.case.contact.erased_at is not None
    return now <= check_back.due_at + check_backs.STAYS_OPEN and not is_erased


@transaction.atomic
def answer_check_back(
    *, check_back: CheckBack, answer: Answer, comment: str = "", act: Act, now: datetime
) -> CheckBack:
    """What the customer says. Anything but yes brings the case back; saying the same again does
    nothing. What looks automated changes nothing; it never takes the place of a person's answer.
    Raises Refused when it is too late, and for a comment that is too long.
    """
    comment = _checked(check_back, comment, now=now)
    case = history.lock(check_back.case)
    row = (
        CheckBack.objects.select_for_update(of=("self",))
        .select_related("message")
        .get(pk=check_back.pk)
    )
    row.case = case
    handed_at = row.message.handed_at if row.message else None
    act = replace(act, has_comment=bool(comment), handed_over_at=handed_at)
    judgement = judging.judge(enrolment=case.response.enrolment, act=act, now=now)
    validity = VALIDITIES[judgement.verdict]
    if _is_said(row, answer, comment, validity):
        return row
    row.answer, row.comment, row.answered_at = answer, comment, now
    row.evidence = judging.evidence_of(judgement)
    row.validity, row.settles_at = validity, None
    if validity is Validity.PROVISIONAL:
        row.settles_at = act.at + scanners.SETTLING
        row.evidence |= judging.act_as_data(act)
    row.save()
    return _follow(row, judgement, now=now)


def _checked(check_back: CheckBack, comment: str, *, now: datetime) -> str:
    if not is_open_to_answer(check_back=check_back, now=now):
        raise Refused("This question is closed.")
    comment = comment.replace("\x00", "").strip()
    if len(comment) > responses.LONGEST_COMMENT:
        raise Refused("Please shorten your comment.", field="comment")
    return comment


def _is_said(row: CheckBack, answer: Answer, comment: str, validity: Validity) -> bool:
    """It was said before by a person; what a person said stands against anything automated."""
    if row.validity != Validity.COUNTED:
        return False
    return validity is not Validity.COUNTED or (row.answer, row.comment) == (answer, comment)


def _follow(row: CheckBack, judgement: Judgement, *, now: datetime) -> CheckBack:
    """What an answer sets off, once it is known what it is worth."""
    if row.validity == Validity.COUNTED:
        _hear(row, now=now)
    elif row.validity == Validity.QUARANTINED:
        _set_aside(row, judgement, now=now)
    return row


def _hear(row: CheckBack, *, now: datetime) -> None:
    case, answer = row.case, Answer(row.answer)
    if answer.wakes:
        opening.hear_customer(case, now=now)
        case.customer_wrote_at = now
        writing.cancel_follow_ups(case, why="The customer answered.", now=now)
        steps.note_conversation(case, now=now)
    text = f"Is it solved? {CheckBack.Answer(answer).label}."
    _enter(case, Entry.Kind.CUSTOMER, f"{text}\n{row.comment}".strip(), now=now)
    history.keep(
        case,
        event=events.CheckBackAnswered(row.public_id, case=case.public_id, answer=answer),
        actor=Actor("contact", case.contact.public_id),
        now=now,
    )


def _set_aside(row: CheckBack, judgement: Judgement, *, now: datetime) -> None:
    case = row.case
    signs = "\n".join(finding.why for finding in judgement.findings)
    label = CheckBack.Answer(row.answer).label
    text = f"An answer looks automated and was set aside: is it solved? {label}.\n{signs}"
    _enter(case, Entry.Kind.CHANGE, text, now=now)
    event = events.CheckBackSetAside(
        row.public_id,
        case=case.public_id,
        answer=row.answer,
        signs=tuple(finding.sign.value for finding in judgement.findings),
    )
    history.keep(case, event=event, actor=SYSTEM, now=now)


def _enter(case: Case, kind: Entry.Kind, text: str, *, now: datetime) -> None:
    history.add_entry(case, kind=kind, author=None, text=text, now=now)


def settle_check_backs(*, now: datetime) -> int:
    """The second look at answers of which no hand was seen; returns how many. Safe to repeat."""
    waiting = CheckBack.objects.filter(settles_at__lte=now).select_related("case__workspace")
    return sum(_settle(row, now=now) for row in waiting.order_by("settles_at", "id"))


@transaction.atomic
def _settle(check_back: CheckBack, *, now: datetime) -> bool:
    case = history.lock(check_back.case)
    row = CheckBack.objects.select_for_update().get(pk=check_back.pk)
    act = judging.act_in(row.evidence, has_comment=bool(row.comment))
    if row.settles_at is None or row.settles_at > now or act is None:
        return False
    row.case = case
    judgement = judging.judge(enrolment=case.response.enrolment, act=act, now=now)
    row.evidence = judging.evidence_of(judgement)
    row.validity, row.settles_at = VALIDITIES[judgement.verdict], None
    row.save()
    _follow(row, judgement, now=now)
    return True
