"""Second reminders, decided person by person on the day they are due."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from afterscore.domain import events, lots, reminders, second_reminders
from afterscore.domain.events import SYSTEM
from afterscore.domain.reminders import Progress, Stop
from afterscore.domain.second_reminders import (
    Decision,
    Evidence,
    Locked,
    Participation,
    Unlocked,
)
from afterscore.journal import operations as journal
from afterscore.outreach import operations as outreach
from afterscore.outreach.models import Kind, Message
from afterscore.outreach.operations import Draft
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.operations import quoting
from afterscore.programs.queries import Peers, SecondDue

logger = logging.getLogger(__name__)
LONGEST_WHY = 300


def remind_again(*, now: datetime) -> int:
    """Every hour: decides every second reminder that is due by now; returns how many go out."""
    return sum(_remind(wave, now) for wave in queries.list_reminding_waves(now=now))


@transaction.atomic
def _remind(wave: Wave, now: datetime) -> int:
    """The wave is locked, so that each person is decided once."""
    locked = Wave.objects.select_for_update().get(pk=wave.pk)
    due = list(queries.list_second_reminders_due(wave=wave, now=now))
    if locked.state != Wave.State.RUNNING or not due:
        return 0
    evidence = queries.evidence_for(program=wave.program, now=now)
    peers = queries.peers_of(wave=wave)
    number = Enrolment.objects.filter(wave=wave).exclude(second_reminder_arm="").count()
    outcomes: Counter[str] = Counter()
    for person in due:
        decision = _decide(person, evidence, peers)
        arm = ""
        if isinstance(decision, Unlocked):
            arm = _arm(wave, number)
            number += 1
        if arm == Enrolment.Arm.TREATED:
            theirs = peers.like(person.peer_group, person.account_id)
            outreach.plan_messages(drafts=[_draft(wave, person.first, theirs, now)], now=now)
        Enrolment.objects.filter(pk=person.enrolment_id).update(
            second_reminder_at=now,
            second_reminder_arm=arm,
            second_reminder_why=decision.why[:LONGEST_WHY],
        )
        outcomes[arm or "locked"] += 1
    return _tell(wave, outcomes, now)


def _decide(person: SecondDue, evidence: Evidence, peers: Peers) -> Decision:
    """The caps have the last word."""
    theirs = replace(evidence, peers=peers.like(person.peer_group, person.account_id))
    decision = second_reminders.decide(theirs, opted_in=person.has_opted_in)
    progress = Progress(
        reminders_sent=1, heads_up_sent=person.had_word_ahead, opted_in=person.has_opted_in
    )
    allowed = reminders.may_remind(progress, reminder_works=isinstance(decision, Unlocked))
    if isinstance(allowed, Stop) and isinstance(decision, Unlocked):
        return Locked((allowed.why,))
    return decision


def _arm(wave: Wave, number: int) -> str:
    held_out = lots.is_drawn(
        seed=wave.seed,
        purpose="second reminder",
        number=number,
        ratio=wave.program.reminder_hold_out,
    )
    return Enrolment.Arm.HELD_OUT if held_out else Enrolment.Arm.TREATED


def _draft(wave: Wave, first: Message, peers: Participation, now: datetime) -> Draft:
    """The first reminder once more; the send window is the sender's to keep. How many companies
    take part is said anew, or not at all."""
    said = peers if wave.program.quotes_peers else queries.NO_PEERS
    return Draft(
        workspace=wave.workspace,
        kind=Kind.REMINDER,
        stream=first.stream,
        scope=first.scope,
        step=2,
        contact=first.contact,
        to_email=first.to_email,
        to_name=first.to_name,
        sender_name=first.sender_name,
        sender_email=first.sender_email,
        reply_to=first.reply_to,
        language=first.language,
        time_zone=first.time_zone,
        due_at=now,
        subject=first.subject,
        body=first.body,
        fields={**first.fields, **quoting.fields_of(said)},
        send_window=first.send_window,
        valid_until=first.valid_until,
    )


def _tell(wave: Wave, outcomes: Counter[str], now: datetime) -> int:
    unlocked, held_out = outcomes[Enrolment.Arm.TREATED], outcomes[Enrolment.Arm.HELD_OUT]
    journal.record(
        workspace=wave.workspace,
        event=events.SecondRemindersDecided(
            wave.public_id, unlocked=unlocked, held_out=held_out, locked=outcomes["locked"]
        ),
        actor=SYSTEM,
        now=now,
    )
    logger.info("%s: %d second reminders go out", wave, unlocked)
    return unlocked
