"""Changing programs, waves and enrolments."""

from __future__ import annotations

from afterscore.programs.operations.applying import apply
from afterscore.programs.operations.calls import record_call
from afterscore.programs.operations.doubts import settle_doubts
from afterscore.programs.operations.enrolments import mark_answered, note_view, stop_enrolments
from afterscore.programs.operations.pacing import replan, replan_waves
from afterscore.programs.operations.quoting import quote_peers
from afterscore.programs.operations.reminding import remind_again
from afterscore.programs.operations.showing import NotShown, show
from afterscore.programs.operations.standing import keep_going, launch, launch_due_waves
from afterscore.programs.operations.watching import watch_waves
from afterscore.programs.operations.waves import close_wave, close_waves, pause_wave, resume_wave

__all__ = [
    "NotShown",
    "apply",
    "close_wave",
    "close_waves",
    "keep_going",
    "launch",
    "launch_due_waves",
    "mark_answered",
    "note_view",
    "pause_wave",
    "quote_peers",
    "record_call",
    "remind_again",
    "replan",
    "replan_waves",
    "resume_wave",
    "settle_doubts",
    "show",
    "stop_enrolments",
    "watch_waves",
]
