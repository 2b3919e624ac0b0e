"""Calls, notes, and what the customer said outside the survey."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.cases.models import Case, Entry
from afterscore.cases.operations import history, mentioning, opening, steps, timing, writing
from afterscore.domain import casework, events
from afterscore.domain.events import Actor
from afterscore.kit.errors import Refused
from afterscore.programs import operations as programs

SPOKEN_TO = "Somebody spoke with them personally."


@transaction.atomic
def log_call(
    *,
    case: Case,
    outcome: Entry.Call,
    text: str = "",
    minutes: int = 0,
    actor: Actor,
    now: datetime,
) -> Case:
    """A call that reached the customer answers the case; an attempt only starts it."""
    case = history.lock(case)
    if outcome == Entry.Call.REACHED:
        history.move(case, casework.Action.REPLY)
        case.first_reply_at = case.first_reply_at or now
        history.come_up(case, timing.check_back_at(case.workspace, since=now, owner=case.owner))
        case.customer_wrote_at = None
        writing.cancel_follow_ups(case, why="Somebody spoke with the customer.", now=now)
        programs.stop_enrolments(contact=case.response.contact, why=SPOKEN_TO, now=now)
        author = history.author_of(case, actor)
        steps.note_spoken(case, author=author, text=text, now=now)
    else:
        _start(case)
        steps.note_attempt(case, result=outcome, text=text, now=now)
    return _enter(
        case, kind=Entry.Kind.CALL, text=text, call=outcome, minutes=minutes, actor=actor, now=now
    )


def _start(case: Case) -> None:
    state = casework.State(case.state)
    if state in {casework.State.IN_PROGRESS, casework.State.WAITING}:
        return
    history.move(case, casework.Action.START)


@transaction.atomic
def add_note(*, case: Case, text: str, minutes: int = 0, actor: Actor, now: datetime) -> Case:
    """For colleagues; the customer never sees it. Changes neither state nor deadline."""
    if not text.strip():
        raise Refused("Write a note first.", field="text")
    return _enter(
        history.lock(case), kind=Entry.Kind.NOTE, text=text, minutes=minutes, actor=actor, now=now
    )


@transaction.atomic
def record_customer_message(*, case: Case, text: str, actor: Actor, now: datetime) -> Case:
    """What the customer wrote or said back. It reopens a finished case and stops follow-ups."""
    if not text.strip():
        raise Refused("Write down what the customer said.", field="text")
    case = history.lock(case)
    opening.hear_customer(case, now=now)
    writing.cancel_follow_ups(case, why="The customer replied.", now=now)
    steps.note_conversation(case, now=now)
    return _enter(case, kind=Entry.Kind.CUSTOMER, text=text, actor=actor, now=now)


def _enter(
    case: Case,
    *,
    kind: Entry.Kind,
    text: str,
    actor: Actor,
    now: datetime,
    call: str = "",
    minutes: int = 0,
) -> Case:
    history.add_minutes(case, minutes)
    entry = history.add_entry(
        case,
        kind=kind,
        author=history.author_of(case, actor),
        text=text.strip(),
        call=call,
        minutes=minutes,
        now=now,
    )
    named = () if kind is Entry.Kind.CUSTOMER else mentioning.name_members(entry, case=case)
    event = events.CaseNoted(case.public_id, kind=kind, mentioned=named)
    return history.keep(case, event=event, actor=actor, now=now)
