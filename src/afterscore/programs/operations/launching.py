"""A launch: the audience is frozen and every message is planned, all together or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any, NamedTuple

from django.db import connection, transaction

from afterscore.customers.models import Contact
from afterscore.domain import events
from afterscore.domain.events import Actor
from afterscore.domain.fatigue import Eligible, Excluded, Verdict
from afterscore.domain.reminders import PlannedTouch, TouchKind
from afterscore.journal import operations as journal
from afterscore.kit import ids, signing
from afterscore.kit.errors import Refused
from afterscore.outreach import operations as outreach
from afterscore.outreach.operations import Draft
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.operations import calls
from afterscore.programs.queries import Arms, Crowd, Drip, Judged, Person, Seats, Timetable
from afterscore.surveys import languages
from afterscore.surveys import queries as surveys
from afterscore.surveys.composition import own_wording

PREFIX = "enr"
MINUTES = 1
MINUTES_WITH_DRIVERS = 2


@dataclass(frozen=True, slots=True)
class _Round:
    """What is the same for everybody in the wave."""

    program: Program
    wave: Wave
    timetable: Timetable
    minutes: int
    wording: Mapping[str, str]  # the survey's own question and labels, where it has some
    now: datetime
    crowd: Crowd  # whom it asks, gathered so that their answers can be foreseen
    causes: Mapping[int, str] = field(default_factory=dict)  # by contact, where something was one
    seats: Seats | None = None  # the days, where not everybody is asked at once
    channel: str = Enrolment.Channel.EMAIL

    @property
    def is_mailed(self) -> bool:
        return self.channel == Enrolment.Channel.EMAIL

    def touches_of(self, person: Person, place: int) -> tuple[PlannedTouch, ...]:
        zone = self.timetable.zone_of(person)
        if self.seats is None:
            return self.timetable.touches(zone, place=place)
        seat = self.seats.of(person.contact_id)
        return self.timetable.touches(zone, day=seat.day if seat else self.seats.last_day)


class _Row(NamedTuple):
    """An enrolment as its table's columns."""

    workspace_id: int
    public_id: str
    wave_id: int
    contact_id: int
    account_id: int | None
    owner_id: int | None
    state: str
    language: str
    created_at: datetime
    reason: str = ""
    detail: str = ""
    until: datetime | None = None
    sender_name: str = ""
    sender_email: str = ""
    stopped_why: str = ""
    heads_up_arm: str = ""
    reminder_arm: str = ""
    reminder_due_at: datetime | None = None
    peer_group: str = ""
    stratum: str = ""
    draw: float | None = None
    cause: str = ""
    channel: str = Enrolment.Channel.EMAIL


@transaction.atomic
def launch(*, program: Program, actor: Actor, now: datetime) -> Wave:
    """Asks everybody who may be asked, and keeps for everybody else the reason why not.

    Later changes of contacts, audience or texts do not change the wave. Raises Refused, with what
    to do, when something is missing, a wave is still open, or there is nobody to ask.
    """
    program = locked(program)
    refuse_obstacles(program)
    drip = queries.foresee(program=program, now=now)
    if drip is not None and drip.planned.refusal:
        raise Refused(drip.planned.refusal, field="pace")
    this = begin(program, actor, now, drip=drip)
    wave = this.wave
    for chunk in queries.judge_contacts(asking=queries.asking_of(program, wave), now=now):
        asked = enrol(this, chunk)
        wave.excluded += len(chunk) - asked
    if not wave.eligible:
        _refuse_empty(program, now)
    wave.plan = _plan(this, drip)
    wave.save(update_fields=["eligible", "excluded", "plan"])
    journal.record(
        workspace=wave.workspace,
        event=events.WaveLaunched(
            wave.public_id, program=program.slug, eligible=wave.eligible, excluded=wave.excluded
        ),
        actor=actor,
        now=now,
    )
    return wave


def _plan(this: _Round, drip: Drip | None) -> dict[str, Any]:
    """As foreseen; where everybody is asked at once, it is made from whom the launch has found."""
    if drip is None:
        drip = queries.drip_of(crowd=this.crowd, timetable=this.timetable)
    return drip.to_data()


def locked(program: Program) -> Program:
    """Of two launches at once the second waits here, and then finds the first one's wave."""
    programs = Program.objects.select_related("workspace", "survey")
    return programs.select_for_update(of=("self",)).get(pk=program.pk)


def refuse_obstacles(program: Program) -> None:
    for obstacle in queries.list_obstacles(program=program):
        raise Refused(obstacle.text, field=obstacle.field)


def _refuse_empty(program: Program, now: datetime) -> None:
    """The reasons are counted once more: this is rare, and the transaction is given up anyway."""
    preview = queries.preview(program=program, now=now)
    obstacle = queries.nobody_to_ask(preview=preview, zone=program.workspace.time_zone)
    if obstacle is not None:
        raise Refused(obstacle.text, field=obstacle.field)


def begin(program: Program, actor: Actor, now: datetime, *, drip: Drip | None = None) -> _Round:
    version = surveys.latest_version(survey=program.survey)
    timetable = drip.timetable if drip else queries.timetable_of(program=program, now=now)
    wave = Wave.objects.create(
        workspace=program.workspace,
        program=program,
        number=queries.next_number(program=program),
        survey_version=version,
        audience=program.audience,
        launched_by=str(actor),
        launched_at=now,
        closes_at=timetable.closes_at,
        seed=queries.next_seed(program),
    )
    return replace(_round(wave, timetable, now), seats=drip.seats if drip else None)


def resume(
    wave: Wave,
    causes: Mapping[int, str],
    now: datetime,
    *,
    channel: str = Enrolment.Channel.EMAIL,
) -> _Round:
    """To ask more people in a wave that is under way, each for a cause."""
    timetable = queries.timetable_of(program=wave.program, now=now)
    return replace(_round(wave, timetable, now, causes), channel=channel)


def _round(
    wave: Wave, timetable: Timetable, now: datetime, causes: Mapping[int, str] | None = None
) -> _Round:
    version = wave.survey_version
    drivers = surveys.questionnaire_of(version).drivers
    minutes = MINUTES_WITH_DRIVERS if drivers else MINUTES
    wording = own_wording(version)
    return _Round(
        wave.program, wave, timetable, minutes, wording, now, Crowd(wave.seed), causes or {}
    )


def enrol(this: _Round, chunk: Sequence[Judged]) -> int:
    """Keeps a row for each person and plans the messages, where they are asked by mail; returns how
    many are asked."""
    numbers = count(this.wave.eligible)  # lots are drawn in the order of joining
    rows = [_row(this, person, verdict, numbers) for person, verdict in chunk]
    _write(rows)
    asked = [
        (person, row, verdict.place)
        for (person, verdict), row in zip(chunk, rows, strict=True)
        if isinstance(verdict, Eligible)
    ]
    for person, *_ in asked:
        this.crowd.add(person)
    if this.is_mailed:
        outreach.plan_messages(
            drafts=(draft for each in asked for draft in _drafts(this, *each)),
            now=this.now,
        )
        calls.plan_calls(wave=this.wave, due=_calls(this, asked))
    this.wave.eligible += len(asked)
    return len(asked)


def _row(this: _Round, person: Person, verdict: Verdict, numbers: Iterator[int]) -> _Row:
    row = _Row(
        workspace_id=this.wave.workspace_id,
        public_id=ids.make(PREFIX),
        wave_id=this.wave.pk,
        contact_id=person.contact_id,
        account_id=person.account_id,
        owner_id=person.owner_id,
        state=Enrolment.State.ENROLLED,
        language=_language(person, this.program),
        created_at=this.now,
        cause=this.causes.get(person.contact_id, ""),
        channel=this.channel,
    )
    if isinstance(verdict, Excluded):
        return row._replace(
            state=Enrolment.State.EXCLUDED,
            reason=verdict.reason,
            detail=verdict.detail,
            until=verdict.until,
        )
    sender = queries.sender_of(program=this.program, person=person)
    return row._replace(
        sender_name=sender.name,
        sender_email=sender.email,
        detail=sender.note,
        peer_group=person.peer_group,
        **_arms(this, person, verdict.place, next(numbers)),
        **_lot(this, person),
    )


def _lot(this: _Round, person: Person) -> dict[str, Any]:
    """What decided the day, so that anybody can check it."""
    seat = this.seats.of(person.contact_id) if this.seats else None
    return {"stratum": seat.stratum, "draw": seat.lot} if seat else {}


def _arms(this: _Round, person: Person, place: int, number: int) -> dict[str, Any]:
    if not this.is_mailed:
        return {}
    planned = this.touches_of(person, place)
    drawn = queries.draw_arms(
        program=this.program, seed=this.wave.seed, number=number, person=person, planned=planned
    )
    reminder = _touch(this, person, place, TouchKind.REMINDER)
    return {
        "heads_up_arm": drawn.heads_up,
        "reminder_arm": drawn.reminder,
        "reminder_due_at": reminder.due_at if reminder else None,
    }


def _touch(this: _Round, person: Person, place: int, kind: TouchKind) -> PlannedTouch | None:
    planned = this.touches_of(person, place)
    return next((touch for touch in planned if touch.kind is kind), None)


def _calls(
    this: _Round, asked: Sequence[tuple[Person, _Row, int]]
) -> Iterator[tuple[str, datetime]]:
    """Who is to be called, and by when: the moment of their invitation."""
    if this.program.heads_up != Program.HeadsUp.CALL:
        return
    for person, row, place in asked:
        invitation = _touch(this, person, place, TouchKind.INVITATION)
        if invitation is not None and row.heads_up_arm == Enrolment.Arm.TREATED:
            yield row.public_id, invitation.due_at


def _write(rows: Sequence[_Row]) -> None:
    """By COPY: a launch writes a row for everybody, and this is the fastest way in."""
    table = connection.ops.quote_name(Enrolment._meta.db_table)
    statement = f"COPY {table} ({', '.join(_Row._fields)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _language(person: Person, program: Program) -> str:
    fallback = languages.recognise(program.workspace.language) or "en"
    return languages.choose(person.language, fallback).code


def _drafts(this: _Round, person: Person, row: _Row, place: int) -> Iterator[Draft]:
    zone = this.timetable.zone_of(person)
    contact = Contact(
        pk=person.contact_id, workspace_id=row.workspace_id, email=person.email, name=person.name
    )
    fields = {
        "company": this.wave.survey_version.company,
        "account": person.account_name or "",
        "survey_path": f"/s/{signing.sign('survey', row.public_id)}",
        "days": this.program.answer_within_days,
        "commitment": this.program.commitment,
        "minutes": this.minutes,
        **this.wording,
    }
    arms = Arms(row.heads_up_arm, row.reminder_arm)
    for touch in this.touches_of(person, place):
        if arms.leave_out(touch.kind):
            continue
        yield Draft(
            workspace=this.wave.workspace,
            kind=touch.kind,
            stream=this.wave.public_id,
            scope=this.program.public_id,
            step=touch.step,
            contact=contact,
            sender_name=row.sender_name,
            sender_email=row.sender_email,
            language=row.language,
            time_zone=zone,
            due_at=touch.due_at,
            **_words(this.program, touch.kind),
            fields=fields,
            send_window=this.program.send_window,
            valid_until=min(this.wave.closes_at, this.timetable.closes_at),
        )


def _words(program: Program, kind: TouchKind) -> dict[str, str]:
    """The program's own words belong to the question; the word ahead has the language's."""
    if kind is TouchKind.HEADS_UP:
        return {}
    return {"subject": program.subject, "body": program.body}
