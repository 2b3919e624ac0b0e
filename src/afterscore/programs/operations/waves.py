"""A wave under way: pause it, go on, close it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterscore.domain import events
from afterscore.domain.events import SYSTEM, Actor
from afterscore.journal import operations as journal
from afterscore.kit.errors import Refused
from afterscore.outreach import operations as outreach
from afterscore.outreach import queries as messages
from afterscore.outreach.models import State as MessageState
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.programs.operations import pacing

HANDED_OVER = (MessageState.HANDOFF, MessageState.SENT, MessageState.IN_DOUBT)


@transaction.atomic
def pause_wave(*, wave: Wave, why: str = "", actor: Actor, now: datetime) -> None:
    """Nothing more is sent until it is resumed; answers still come in. Safe to repeat."""
    wave = _locked(wave)
    _refuse_closed(wave)
    if wave.state == Wave.State.PAUSED:
        return
    wave.paused_why = why
    wave.save(update_fields=["paused_why"])
    _change_state(wave, Wave.State.PAUSED)
    outreach.hold_messages(workspace=wave.workspace, stream=wave.public_id)
    event = events.WavePaused(wave.public_id, why=why)
    journal.record(workspace=wave.workspace, event=event, actor=actor, now=now)


@transaction.atomic
def resume_wave(*, wave: Wave, actor: Actor, now: datetime) -> None:
    """Messages that came due meanwhile go out now, in their send window; in a wave that takes its
    time invitations get new days first. Safe to repeat.

    Bounces and complaints of what was sent before are seen by then; what is sent from now on is
    judged anew.
    """
    wave = _locked(wave)
    _refuse_closed(wave)
    if wave.state == Wave.State.RUNNING:
        return
    wave.paused_why, wave.watched_since = "", now
    wave.save(update_fields=["paused_why", "watched_since"])
    _change_state(wave, Wave.State.RUNNING)
    outreach.release_messages(workspace=wave.workspace, stream=wave.public_id)
    event = events.WaveResumed(wave.public_id)
    journal.record(workspace=wave.workspace, event=event, actor=actor, now=now)
    pacing.replan(wave=wave, now=now)


@transaction.atomic
def close_wave(*, wave: Wave, actor: Actor, now: datetime) -> None:
    """No more messages and no more answers. Safe to repeat; the first close counts.

    Whoever has not had the invitation yet is no longer counted as asked.
    """
    wave = _locked(wave)
    if wave.state == Wave.State.CLOSED:
        return
    wave.closes_at = min(wave.closes_at, now)
    wave.save(update_fields=["closes_at"])
    _change_state(wave, Wave.State.CLOSED)
    outreach.cancel_messages(
        workspace=wave.workspace, stream=wave.public_id, why="The wave was closed.", now=now
    )
    _stop_unasked(wave)
    event = events.WaveClosed(wave.public_id)
    journal.record(workspace=wave.workspace, event=event, actor=actor, now=now)


def close_waves(*, now: datetime) -> int:
    """Closes every wave whose time is over; returns how many."""
    over = list(queries.list_waves_to_close(now=now))
    for wave in over:
        close_wave(wave=wave, actor=SYSTEM, now=now)
    return len(over)


def _locked(wave: Wave) -> Wave:
    waves = Wave.objects.select_related("workspace").select_for_update(of=("self",))
    return waves.get(pk=wave.pk)


def _refuse_closed(wave: Wave) -> None:
    if wave.state == Wave.State.CLOSED:
        raise Refused("This wave is closed. Launch the program again to ask once more.")


def _change_state(wave: Wave, state: Wave.State) -> None:
    wave.state = state
    wave.save(update_fields=["state"])


def _stop_unasked(wave: Wave) -> None:
    asked = messages.list_messages(workspace=wave.workspace).filter(
        stream=wave.public_id, state__in=HANDED_OVER
    )
    waiting = Enrolment.objects.filter(
        wave=wave, state=Enrolment.State.ENROLLED, channel=Enrolment.Channel.EMAIL
    )
    waiting.exclude(contact__in=asked.order_by().values("contact")).update(
        state=Enrolment.State.STOPPED,
        stopped_why="The wave was closed before the invitation went out.",
    )
