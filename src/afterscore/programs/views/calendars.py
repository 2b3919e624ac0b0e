"""A drip plan as a calendar: invitations and expected answers against what people can follow up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from afterscore.domain.pace import AtOnce
from afterscore.programs.queries import Kept
from afterscore.programs.queries.pacing import Day, OwnerDays

SHOWN = 15
"""Days that are seen at once; the others are folded."""

FEWEST = 0.5
"""Answers expected on a day without invitations that is worth a line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One day; the bar's lengths in percent of the longest."""

    day: Day
    is_closed: bool
    is_heavy: bool
    is_late: bool
    solid: float
    reach: float
    mark: float


@dataclass(frozen=True, slots=True)
class OwnerLine:
    owner: OwnerDays
    is_heavy: bool


def calendar_of(kept: Kept) -> dict[str, Any]:
    lines = _lines(kept)
    owners = [OwnerLine(owner, _is_heavy(owner)) for owner in kept.owners if owner.days]
    return {
        "plan": kept,
        "lines": lines[:SHOWN],
        "later_lines": lines[SHOWN:],
        "plan_owners": sorted(owners, key=lambda line: (not line.is_heavy, line.owner.name or "~")),
        "heavy_days": [line.day.day for line in lines if line.is_heavy],
        "heavy_owners": [line.owner.name for line in owners if line.is_heavy and line.owner.name],
        "is_at_once": kept.pace == AtOnce(),
    }


def _lines(kept: Kept) -> list[Line]:
    days = [day for day in kept.days if day.invitations or day.expected >= FEWEST]
    longest = max((max(day.high, day.capacity) for day in days), default=0.0) or 1.0
    return [
        Line(
            day=day,
            is_closed=not day.capacity,
            is_heavy=bool(day.capacity) and day.expected > day.capacity,
            is_late=day.day == kept.late_on,
            solid=100 * day.expected / longest,
            reach=100 * day.high / longest,
            mark=100 * day.capacity / longest,
        )
        for day in days
    ]


def _is_heavy(owner: OwnerDays) -> bool:
    return owner.late_on is not None
