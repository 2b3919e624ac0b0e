"""Asking in the customer's own application or portal, which shows the link where a mail would.

Whether somebody may be asked is judged as for an invitation. Being shown the question counts as one
message; no mail is planned for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from afterscore.customers import operations as customers
from afterscore.customers import queries as people
from afterscore.customers.models import Contact
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.domain.fatigue import Excluded, Verdict
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.operations import launching
from afterscore.programs.queries import Asking, Judged

SHOWN_IN = (Enrolment.Channel.IN_APP, Enrolment.Channel.PORTAL)
ONE_MESSAGE = (timedelta(0),)


@dataclass(frozen=True, slots=True)
class NotShown:
    """Nothing is to be shown now; `until` is the end of a passing reason, where it is known."""

    reason: str
    why: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Newcomer:
    """May be asked, and is not yet."""

    wave: Wave
    judged: Judged


NO_OPEN_WAVE = NotShown("no_open_wave", "No wave of this program is taking people in.")
PAUSED = NotShown("paused", "Asking is paused.")
ANSWERED = NotShown("answered", "Has answered already.")
STOPPED = "Is not asked any more."


def show(
    *, program: Program, contact: Contact, channel: str, actor: Actor, now: datetime
) -> Enrolment | NotShown:
    """The enrolment whose survey is to be shown, or why none is. Safe to repeat: while a question
    is open the same person gets the same one, and it counts once. Raises Refused."""
    if channel not in SHOWN_IN:
        raise Refused(
            f"“{channel[:40]}” is no channel to show a question in. Use {' or '.join(SHOWN_IN)}.",
            field="channel",
        )
    wave = queries.find_open_wave(program=program)
    decided = _decide(program, wave, contact, now)
    if isinstance(decided, NotShown):
        return decided  # almost everybody, at almost every page: without a lock
    with transaction.atomic():
        shown = (
            decided
            if isinstance(decided, Enrolment)
            else _enrolled(program, decided, contact, channel=channel, now=now)
        )
        if isinstance(shown, Enrolment):
            _note(program, shown, channel=channel, actor=actor, now=now)
    return shown


def _decide(
    program: Program, wave: Wave | None, contact: Contact, now: datetime
) -> Enrolment | NotShown | _Newcomer:
    """What is open for this person, why nothing is to be shown, or how a newcomer was judged."""
    asked = queries.find_open_enrolment(program=program, contact=contact, now=now)
    wave = asked.wave if asked is not None else wave
    if wave is None or not (asked or _takes_in(wave, now)):
        return NO_OPEN_WAVE
    if wave.state == Wave.State.PAUSED or program.workspace.is_sending_paused:
        return PAUSED
    asking = replace(queries.asking_of(program, wave), touches=ONE_MESSAGE)
    if asked is not None:
        return _again(asked, asking, now)
    judged = next(queries.judge_contacts(asking=asking, now=now, among=[contact.pk]))[0]
    asked = queries.find_open_enrolment(program=program, contact=contact, now=now)
    if asked is not None:  # by another call in this very moment, which is no reason against it
        return _again(asked, asking, now)
    return _why_not(judged.verdict) or _Newcomer(wave, judged)


def _takes_in(wave: Wave, now: datetime) -> bool:
    """Also one that was closed by hand in this moment takes nobody in."""
    return wave.state != Wave.State.CLOSED and now < (wave.enrols_until or wave.closes_at)


def _why_not(verdict: Verdict) -> NotShown | None:
    if isinstance(verdict, Excluded):
        return NotShown(str(verdict.reason), verdict.detail, verdict.until)
    return None


def _again(asked: Enrolment, asking: Asking, now: datetime) -> Enrolment | NotShown:
    """Also whoever is asked by mail may be shown the same question, as one message more."""
    if asked.state == Enrolment.State.ANSWERED:
        return ANSWERED
    if asked.state == Enrolment.State.STOPPED:
        return NotShown("stopped", asked.stopped_why or STOPPED)
    is_shown = people.is_question_shown(workspace=asking.workspace, key=asked.public_id)
    verdict = queries.judge_asked(asking=asking, contact=asked.contact, is_shown=is_shown, now=now)
    return _why_not(verdict) or asked


def _enrolled(
    program: Program, newcomer: _Newcomer, contact: Contact, *, channel: str, now: datetime
) -> Enrolment | NotShown:
    """Judged once more behind the locks of wave and person: what came in between counts, and of
    two calls at once the second finds what the first has done."""
    waves = Wave.objects.select_related("workspace", "survey_version", "program__workspace")
    wave = waves.select_for_update(of=("self",)).get(pk=newcomer.wave.pk)
    Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    decided = _decide(program, wave, contact, now)
    if not isinstance(decided, _Newcomer):
        return decided
    left_out, _ = Enrolment.objects.filter(
        wave=wave, contact=contact, state=Enrolment.State.EXCLUDED
    ).delete()
    launching.enrol(launching.resume(wave, {}, now, channel=channel), [decided.judged])
    Wave.objects.filter(pk=wave.pk).update(
        eligible=F("eligible") + 1, excluded=F("excluded") - min(left_out, 1)
    )
    return Enrolment.objects.select_related("wave", "contact").get(wave=wave, contact=contact)


def _note(
    program: Program, enrolment: Enrolment, *, channel: str, actor: Actor, now: datetime
) -> None:
    """Once, however often it is shown: one fact, one message in the budget."""
    contact = enrolment.contact
    is_first = customers.note_question(
        contact=contact, key=enrolment.public_id, channel=channel, program=program.slug, now=now
    )
    if is_first:
        event = events.QuestionShown(
            enrolment.public_id, program=program.slug, contact=contact.public_id, channel=channel
        )
        journal.record(workspace=program.workspace, event=event, actor=actor, now=now)
