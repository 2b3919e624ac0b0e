from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is ok, warning or failure; `mend` says what to do, "" when nothing is."""

    check: str
    level: str
    text: str
    mend: str = ""
