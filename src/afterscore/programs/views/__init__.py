"""Pages of programs and waves. Managers act, everybody sees."""

from __future__ import annotations

from afterscore.programs.views.calls import list_calls, record_call
from afterscore.programs.views.editing import count_audience, edit_program, new_program
from afterscore.programs.views.effects import show_effects
from afterscore.programs.views.launching import launch_program
from afterscore.programs.views.listing import list_programs
from afterscore.programs.views.samples import show_mail, show_survey
from afterscore.programs.views.story import show_file, show_preview, show_program
from afterscore.programs.views.wave import (
    close_wave,
    download_left_out,
    pause_wave,
    resume_wave,
    show_wave,
)

__all__ = [
    "close_wave",
    "count_audience",
    "download_left_out",
    "edit_program",
    "launch_program",
    "list_calls",
    "list_programs",
    "new_program",
    "pause_wave",
    "record_call",
    "resume_wave",
    "show_effects",
    "show_file",
    "show_mail",
    "show_preview",
    "show_program",
    "show_survey",
    "show_wave",
]
