from __future__ import annotations

from afterscore.insights.views.loop_parts import (
    show_closures,
    show_conversion,
    show_endings,
    show_retention,
    show_table,
)
from afterscore.insights.views.loop_rows import download_loops, show_lots, show_rows
from afterscore.insights.views.loops import explain_loops, show_loops
from afterscore.insights.views.pulse import show_pulse

__all__ = [
    "download_loops",
    "explain_loops",
    "show_closures",
    "show_conversion",
    "show_endings",
    "show_loops",
    "show_lots",
    "show_pulse",
    "show_retention",
    "show_rows",
    "show_table",
]
