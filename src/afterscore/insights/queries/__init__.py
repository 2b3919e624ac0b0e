from __future__ import annotations

from afterscore.insights.queries.behind import Figure, behind_csv, list_behind, standing_of
from afterscore.insights.queries.loops import (
    EVERY,
    GROUPS,
    LABELS,
    VOICES,
    Ledger,
    Part,
    Row,
    closure_curves,
    get_ledger,
    list_rows,
)
from afterscore.insights.queries.pulse import (
    Loop,
    Pulse,
    choose_wave,
    get_pulse,
    list_waves,
    measure,
    report,
)
from afterscore.insights.queries.returns import (
    Conversion,
    Retention,
    get_conversion,
    get_retention,
    list_next_scores,
    list_renewals,
)

__all__ = [
    "EVERY",
    "GROUPS",
    "LABELS",
    "VOICES",
    "Conversion",
    "Figure",
    "Ledger",
    "Loop",
    "Part",
    "Pulse",
    "Retention",
    "Row",
    "behind_csv",
    "choose_wave",
    "closure_curves",
    "get_conversion",
    "get_ledger",
    "get_pulse",
    "get_retention",
    "list_behind",
    "list_next_scores",
    "list_renewals",
    "list_rows",
    "list_waves",
    "measure",
    "report",
    "standing_of",
]
