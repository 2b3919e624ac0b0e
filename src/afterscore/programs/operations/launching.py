"""A launch: the audience is frozen and every message is planned, all together or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from afterscore.customers.models import Contact
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.domain.fatigue import Excluded
from afterscore.journal import operations as journal
from afterscore.kit import signing
from afterscore.kit.errors import Refused
from afterscore.outreach import operations as outreach
from afterscore.outreach.operations import Draft
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.queries import Judged, Timetable
from afterscore.surveys import languages
from afterscore.surveys import queries as surveys

MINUTES = 1
MINUTES_WITH_DRIVERS = 2


@dataclass(frozen=True, slots=True)
class _Round:
    """What is the same for everybody in the wave."""

    program: Program
    wave: Wave
    timetable: Timetable
    minutes: int
    now: datetime


@transaction.atomic
def launch(*, program: Program, actor: Actor, now: datetime) -> Wave:
    """Asks everybody who may be asked, and keeps for everybody else the reason why not.

    Later changes of contacts, audience or texts do not change the wave. Raises Refused, with what
    to do, when something is missing, a wave is still open, or there is nobody to ask.
    """
    program = _locked(program)
    _refuse_obstacles(program)
    this = _begin(program, actor, now)
    wave = this.wave
    for chunk in queries.judge_contacts(asking=queries.asking_of(program), now=now):
        asked = _enrol(this, chunk)
        wave.eligible += asked
        wave.excluded += len(chunk) - asked
    if not wave.eligible:
        _refuse_empty(program, now)
    wave.save(update_fields=["eligible", "excluded"])
    journal.record(
        workspace=wave.workspace,
        event=events.WaveLaunched(
            wave.public_id, program=program.slug, eligible=wave.eligible, excluded=wave.excluded
        ),
        actor=actor,
        now=now,
    )
    return wave


def _locked(program: Program) -> Program:
    """Of two launches at once the second waits here, and then finds the first one's wave."""
    programs = Program.objects.select_related("workspace", "survey")
    return programs.select_for_update(of=("self",)).get(pk=program.pk)


def _refuse_obstacles(program: Program) -> None:
    for obstacle in queries.list_obstacles(program=program):
        raise Refused(obstacle.text, field=obstacle.field)


def _refuse_empty(program: Program, now: datetime) -> None:
    """The reasons are counted once more: this is rare, and the transaction is given up anyway."""
    preview = queries.preview(program=program, now=now)
    obstacle = queries.nobody_to_ask(preview=preview, zone=program.workspace.time_zone)
    if obstacle is not None:
        raise Refused(obstacle.text, field=obstacle.field)


def _begin(program: Program, actor: Actor, now: datetime) -> _Round:
    version = surveys.latest_version(survey=program.survey)
    timetable = queries.timetable_of(program=program, now=now)
    wave = Wave.objects.create(
        workspace=program.workspace,
        program=program,
        number=Wave.objects.filter(program=program).count() + 1,
        survey_version=version,
        audience=program.audience,
        launched_by=str(actor),
        launched_at=now,
        closes_at=timetable.closes_at,
    )
    drivers = surveys.questionnaire_of(version).drivers
    minutes = MINUTES_WITH_DRIVERS if drivers else MINUTES
    return _Round(program, wave, timetable, minutes, now)


def _enrol(this: _Round, chunk: Sequence[Judged]) -> int:
    """Keeps a row for each contact and plans the messages; returns how many are asked."""
    enrolments = [_enrolment(this, judged) for judged in chunk]
    Enrolment.objects.bulk_create(enrolments)
    asked = [row for row in enrolments if row.state == Enrolment.State.ENROLLED]
    outreach.plan_messages(
        drafts=(draft for row in asked for draft in _drafts(this, row)), now=this.now
    )
    return len(asked)


def _enrolment(this: _Round, judged: Judged) -> Enrolment:
    contact, verdict = judged.contact, judged.verdict
    sender = queries.sender_of(program=this.program, contact=contact)
    row = Enrolment(
        workspace=this.wave.workspace,
        wave=this.wave,
        contact=contact,
        account=contact.account,
        owner=sender.owner,
        state=Enrolment.State.ENROLLED,
        detail=sender.note,
        language=_language(contact, this.program),
        sender_name=sender.name,
        sender_email=sender.email,
        created_at=this.now,
    )
    if isinstance(verdict, Excluded):
        row.state = Enrolment.State.EXCLUDED
        row.reason = verdict.reason
        row.detail = verdict.detail
        row.until = verdict.until
        row.sender_name = row.sender_email = ""
    return row


def _language(contact: Contact, program: Program) -> str:
    fallback = languages.recognise(program.workspace.language) or "en"
    return languages.choose(contact.language, fallback).code


def _drafts(this: _Round, row: Enrolment) -> Iterator[Draft]:
    contact = row.contact
    zone = this.timetable.zone_of(contact)
    fields = {
        "company": this.wave.survey_version.company,
        "account": row.account.name if row.account else "",
        "survey_path": f"/s/{signing.sign('survey', row.public_id)}",
        "days": this.program.answer_within_days,
        "minutes": this.minutes,
    }
    for touch in this.timetable.touches(zone, opted_in=queries.has_opted_in(contact)):
        yield Draft(
            workspace=this.wave.workspace,
            kind=touch.kind,
            stream=this.wave.public_id,
            step=touch.step,
            contact=contact,
            sender_name=row.sender_name,
            sender_email=row.sender_email,
            language=row.language,
            time_zone=zone,
            due_at=touch.due_at,
            subject=this.program.subject,
            body=this.program.body,
            fields=fields,
            send_window=this.program.send_window,
            valid_until=this.wave.closes_at,
        )
