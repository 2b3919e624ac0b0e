"""Why somebody was asked or not: now, by every program, and in every wave there was.

Rows are read as they are, so that a reason of any kind is told, whoever gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from afterscore.customers.models import Contact
from afterscore.customers.registry import AskedOnce, AskedStory, MayAsk, Touch
from afterscore.domain import calendars, fatigue
from afterscore.domain.fatigue import Excluded
from afterscore.outreach import queries as outreach
from afterscore.outreach.models import Kind, Message, State
from afterscore.programs.models import Enrolment, Program, Wave
from afterscore.programs.queries import causes, finding, judging

_STATES = {
    State.PLANNED: "Planned",
    State.DUE: "Due",
    State.CLAIMED: "About to be sent",
    State.HANDOFF: "Being handed over",
    State.SENT: "Sent",
    State.SUPPRESSED: "Not sent",
    State.EXPIRED: "Not sent",
    State.CANCELLED: "Not sent",
    State.FAILED: "Could not be sent",
    State.IN_DOUBT: "Sent, perhaps",
}


def tell_asking(*, contact: Contact, now: datetime, program: Program | None = None) -> AskedStory:
    """For every program that is not archived, or for one alone."""
    programs = [program] if program else finding.list_programs(workspace=contact.workspace)
    rows = finding.list_enrolments_of(workspace=contact.workspace, contact=contact)
    if program is not None:
        rows = rows.filter(wave__program=program)
    enrolments = list(rows)
    touches = _touches_by_stream(contact, enrolments)
    return AskedStory(
        now=tuple(_now(each, contact, now) for each in programs),
        past=tuple(_past(row, touches.get(row.wave.public_id, ()), now) for row in enrolments),
    )


def _now(program: Program, contact: Contact, now: datetime) -> MayAsk:
    asking = judging.asking_of(program)
    verdict = judging.judge_contact(asking=asking, contact=contact, now=now)
    url = reverse("programs:program", args=[contact.workspace.slug, program.slug])
    told = MayAsk(title=str(program), program=program.slug, url=url, may=True)
    if isinstance(verdict, Excluded):
        return replace(
            told,
            may=False,
            reason=str(verdict.reason),
            text=verdict.detail,
            until=verdict.until,
        )
    if causes.is_standing(program):
        return replace(told, text="May be asked as soon as there is a cause.")
    return replace(told, text="May be asked now.")


def _past(row: Enrolment, touches: Sequence[Touch], now: datetime) -> AskedOnce:
    wave = row.wave
    return AskedOnce(
        title=str(wave),
        program=wave.program.slug,
        wave=wave.number,
        url=reverse("programs:wave", args=[row.workspace.slug, wave.public_id]),
        at=row.created_at,
        state=row.state,
        is_asked=row.state != Enrolment.State.EXCLUDED,
        reason=row.reason,
        text=" ".join(_sentences(row, touches, now)),
        until=row.until,
        touches=tuple(touches),
    )


def _sentences(row: Enrolment, touches: Sequence[Touch], now: datetime) -> Iterator[str]:
    if row.state == Enrolment.State.EXCLUDED:
        yield row.detail or f"{fatigue.label_of(row.reason)}."
        return
    yield _outcome(row, touches, now)
    if row.reminder_arm == Enrolment.Arm.HELD_OUT:
        yield "Drawn by lot to get no reminder, so that its effect can be measured."
    if row.heads_up_arm == Enrolment.Arm.HELD_OUT:
        yield "Drawn by lot to get no word ahead, so that its effect can be measured."
    if row.detail:
        yield row.detail


def _outcome(row: Enrolment, touches: Sequence[Touch], now: datetime) -> str:
    if row.state == Enrolment.State.ANSWERED and row.answered_at is not None:
        return f"Answered on {_day(row.answered_at, row)}."
    if row.state == Enrolment.State.STOPPED:
        return f"Stopped: {row.stopped_why or 'no reason was written down.'}"
    if row.wave.state == Wave.State.CLOSED or row.wave.closes_at <= now:
        return "Asked; no answer came."
    if row.channel != Enrolment.Channel.EMAIL:
        where = f"Asked in the {row.get_channel_display().lower()}"
        return f"{where}; an answer is taken until {_day(row.wave.closes_at, row)}."
    if not any(touch.state == State.SENT for touch in touches):
        return "Is to be asked; nothing was sent so far."
    return f"Asked; an answer is taken until {_day(row.wave.closes_at, row)}."


def _touches_by_stream(contact: Contact, enrolments: Sequence[Enrolment]) -> dict[str, list[Touch]]:
    streams = [row.wave.public_id for row in enrolments]
    found: dict[str, list[Touch]] = {}
    rows = outreach.list_messages(workspace=contact.workspace).filter(
        contact=contact, stream__in=streams
    )
    for message in rows.order_by("due_at", "id"):
        message.workspace = contact.workspace
        found.setdefault(message.stream, []).append(_touch(message))
    return found


def _touch(message: Message) -> Touch:
    why = message.reason or ("" if message.state == State.SENT else message.reply)
    if message.is_held:
        why = "Held back while the wave is paused."
    return Touch(
        label=Kind(message.kind).label + (f" {message.step}" if message.step > 1 else ""),
        state=message.state,
        says=_STATES[State(message.state)],
        at=message.sent_at or message.handed_at or message.due_at,
        why=why,
        url=reverse("outreach:message", args=[message.workspace.slug, message.public_id]),
    )


def _day(at: datetime, row: Enrolment) -> str:
    zone = calendars.zone_or(row.workspace.time_zone, "UTC")
    day = calendars.local_day(at, zone)
    return f"{day.day} {day:%B %Y}"
