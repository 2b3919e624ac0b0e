"""What happened in the case that stands open, brought to a page on which somebody may be typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from afterscore.cases.models import Case
from afterscore.cases.views import presenting
from afterscore.cases.views.presenting import Line
from afterscore.domain.casework import State


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new line of the history, and behind which one it stands; "" for the first."""

    line: Line
    behind: str


def latest_of(lines: list[Line]) -> str:
    """The line that was written last. A mail stands where it was sent, not where it arrived."""
    latest = max(lines, key=lambda line: line.entry.pk, default=None)
    return latest.entry.public_id if latest else ""


def changes_of(case: Case, lines: list[Line], *, known: str) -> dict[str, Any]:
    """`known` is the latest line that the page has; one that is unknown brings no line."""
    return {
        "fresh": _fresh(lines, known),
        "appearance": presenting.STATES[State(case.state)],
        "latest_entry": latest_of(lines),
    }


def _fresh(lines: list[Line], known: str) -> list[Fresh]:
    seen = next((line.entry.pk for line in lines if line.entry.public_id == known), None)
    if seen is None:
        return []
    above = ["", *(line.entry.public_id for line in lines)]
    return [
        Fresh(line, behind)
        for line, behind in zip(lines, above, strict=False)
        if line.entry.pk > seen
    ]
