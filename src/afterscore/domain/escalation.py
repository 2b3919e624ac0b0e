"""Whom to tell that a case is about to be late, or is: first its owner, then who leads.

Telling everything to everybody is telling nobody: what is calm is told as one sum a day, what is
urgent by itself as long as it is little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from afterscore.domain.departments import Department

URGENT = 2
"""From this priority on, a late case is told by itself."""

FEW = 3
"""So many of one owner are told one by one at a time; more are told as a sum."""


@dataclass(frozen=True, slots=True)
class Leader:
    id: str
    department: Department | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """A case that is late; `is_ours` where the customer waits for us, not we for the customer."""

    id: str
    priority: int
    is_ours: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """Cases told one by one, and how many more as a sum."""

    alone: tuple[Late, ...]
    summed: tuple[Late, ...]


def leaders_for(department: Department | None, leaders: Iterable[Leader]) -> list[Leader]:
    """Those who lead the department; where nobody does, everybody who leads."""
    everybody = list(leaders)
    own = [leader for leader in everybody if leader.department == department and department]
    return own or everybody


def tell_leaders(cases: Sequence[Late]) -> Told:
    """What leaders hear of the late cases of one owner."""
    ours = [case for case in cases if case.is_ours]
    urgent = [case for case in ours if case.priority >= URGENT]
    alone = tuple(urgent) if len(urgent) <= FEW else ()
    return Told(alone, tuple(case for case in ours if case not in alone))
