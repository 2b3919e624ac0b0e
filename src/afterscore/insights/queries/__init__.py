from __future__ import annotations

from afterscore.insights.queries.pulse import (
    Loop,
    Pulse,
    choose_wave,
    get_pulse,
    list_waves,
    measure,
    report,
)

__all__ = [
    "Loop",
    "Pulse",
    "choose_wave",
    "get_pulse",
    "list_waves",
    "measure",
    "report",
]
