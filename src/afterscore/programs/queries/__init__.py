"""Reading programs, waves and enrolments."""

from __future__ import annotations

from afterscore.programs.queries.finding import (
    OPEN_STATES,
    exclusion_counts,
    find_enrolment,
    find_open_wave,
    get_program,
    get_wave,
    list_enrolments_of,
    list_programs,
    list_waves,
)

__all__ = [
    "OPEN_STATES",
    "exclusion_counts",
    "find_enrolment",
    "find_open_wave",
    "get_program",
    "get_wave",
    "list_enrolments_of",
    "list_programs",
    "list_waves",
]
