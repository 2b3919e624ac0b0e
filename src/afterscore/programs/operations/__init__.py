"""Changing programs, waves and enrolments."""

from __future__ import annotations

from afterscore.programs.operations.applying import apply
from afterscore.programs.operations.enrolments import mark_answered, stop_enrolments
from afterscore.programs.operations.launching import launch
from afterscore.programs.operations.waves import close_wave, close_waves, pause_wave, resume_wave

__all__ = [
    "apply",
    "close_wave",
    "close_waves",
    "launch",
    "mark_answered",
    "pause_wave",
    "resume_wave",
    "stop_enrolments",
]
