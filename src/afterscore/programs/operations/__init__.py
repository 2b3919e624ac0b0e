"""Changing programs, waves and enrolments."""

from __future__ import annotations

from afterscore.programs.operations.enrolments import mark_answered, stop_enrolments

__all__ = ["mark_answered", "stop_enrolments"]
