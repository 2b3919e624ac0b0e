"""Changing programs, waves and enrolments."""

from __future__ import annotations

from afterscore.programs.operations.applying import apply
from afterscore.programs.operations.enrolments import mark_answered, stop_enrolments
from afterscore.programs.operations.standing import keep_going, launch, launch_due_waves
from afterscore.programs.operations.waves import close_wave, close_waves, pause_wave, resume_wave

__all__ = [
    "apply",
    "close_wave",
    "close_waves",
    "keep_going",
    "launch",
    "launch_due_waves",
    "mark_answered",
    "pause_wave",
    "resume_wave",
    "stop_enrolments",
]
