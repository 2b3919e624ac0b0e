"""A wave that harms the sender's name is paused by itself."""

from __future__ import annotations

import logging
from datetime import datetime

from afterscore.domain.events import SYSTEM
from afterscore.programs import queries
from afterscore.programs.models import Wave
from afterscore.programs.operations.waves import pause_wave

logger = logging.getLogger(__name__)


def watch(*, stream: str, now: datetime) -> bool:
    """Called when a mail of the stream came back or was reported; True if its wave is paused now.

    Not every time: with many refusals, at every fifth.
    """
    wave = queries.find_running_wave(public_id=stream)
    if wave is None or not queries.is_worth_judging(wave=wave):
        return False
    return _judge(wave, now)


def watch_waves(*, now: datetime) -> int:
    """Every minute: all waves under way; returns how many are paused. What `watch` was too late or
    too early for is caught here."""
    return sum(_judge(wave, now) for wave in queries.list_refused_waves())


def _judge(wave: Wave, now: datetime) -> bool:
    alarm = queries.alarm_of(wave=wave)
    if alarm is None:
        return False
    pause_wave(wave=wave, why=f"{alarm.why} {alarm.remedy}", actor=SYSTEM, now=now)
    logger.warning("%s was paused: %s", wave, alarm.why)
    return True
