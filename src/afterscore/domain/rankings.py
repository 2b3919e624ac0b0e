"""Segments beside each other: who stands above, and how far each one's score may be believed.

Ranked are only those with enough answers; a difference from all others is called one only beyond
chance in the family of all of them (Holm). See docs/algorithms/changes-and-segments.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain import compare, families, intervals, nps, pooling
from afterscore.domain.compare import Comparison
from afterscore.domain.intervals import Interval
from afterscore.domain.nps import Tally
from afterscore.domain.pooling import Pooled

FEWEST_TO_RANK = 30
BEYOND_CHANCE = 0.05


class Stands(StrEnum):
    ABOVE = "above"
    BELOW = "below"
    LIKE_OTHERS = "like_others"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Ranked:
    """One segment. `pooled` is what its true score is worth believing beside the others; `against`
    compares it with all others together, `chance` is that p-value in its family."""

    key: str
    tally: Tally
    interval: Interval | None
    pooled: Pooled | None
    against: Comparison | None
    chance: float | None
    stands: Stands

    @property
    def is_ranked(self) -> bool:
        return self.stands is not Stands.TOO_FEW


def rank(
    tallies: Mapping[str, Tally], *, fewest: int = FEWEST_TO_RANK, confidence: float = 0.95
) -> list[Ranked]:
    """The ranked ones by their score, the highest first; then those with too few answers, by how
    many they have."""
    pool = pooling.pool(tallies, confidence=confidence)
    large = [key for key, tally in tallies.items() if tally.n >= fewest]
    against = {key: compare.compare(_others(tallies, key), tallies[key]) for key in large}
    known = {key: found for key, found in against.items() if found is not None}
    groups = sum(tally.n > 0 for tally in tallies.values())
    p_values = [found.p_value for found in known.values()]
    adjusted = families.against_the_rest(p_values, groups=groups)
    chances = dict(zip(known, adjusted, strict=True))
    rows = [
        Ranked(
            key=key,
            tally=tally,
            interval=intervals.score_interval(tally, confidence),
            pooled=pool.segments.get(key) if pool else None,
            against=against.get(key),
            chance=chances.get(key),
            stands=_stands(against.get(key), chances.get(key), is_large=key in against),
        )
        for key, tally in tallies.items()
    ]
    return sorted(rows, key=_place)


def _stands(against: Comparison | None, chance: float | None, *, is_large: bool) -> Stands:
    if not is_large:
        return Stands.TOO_FEW
    if against is None or chance is None or chance >= BEYOND_CHANCE:
        return Stands.LIKE_OTHERS
    return Stands.ABOVE if against.difference > 0 else Stands.BELOW


def _others(tallies: Mapping[str, Tally], key: str) -> Tally:
    return nps.merge(tally for name, tally in tallies.items() if name != key)


def _place(row: Ranked) -> tuple[bool, float, str]:
    by = -(row.tally.score or 0.0) if row.is_ranked else -row.tally.n
    return (not row.is_ranked, by, row.key)
