"""Drawing lots that anybody can check: whoever knows the seed finds the same people again.

Permuted blocks: with a hold-out of 10 % the first ten people form a block, the next ten another,
and of each block one is drawn. So the arms keep their proportion at every moment of a wave that
takes people in over months, and no order of the people (by company, by age of the record) can
lean on one arm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

FINEST = 100
"""Ratios are taken to the nearest hundredth, so that a block has at most a hundred places."""


def is_drawn(*, seed: int, purpose: str, number: int, ratio: float) -> bool:
    """Whether the lot falls on the person with this number, counted from 0 in the order of joining.

    `purpose` keeps the lots for one thing apart from those for another.
    """
    if number < 0:
        raise ValueError(f"people are counted from 0, not {number!r}")
    drawn, size = block_of(ratio)
    if not drawn:
        return False
    block, place = divmod(number, size)
    return place in _drawn(f"{seed}:{purpose}:{block}", drawn, size)


@lru_cache(maxsize=64)
def block_of(ratio: float) -> tuple[int, int]:
    """How many are drawn of how many: 0.1 is one of ten, 0.15 three of twenty."""
    if not 0 <= ratio < 1:
        raise ValueError(f"a hold-out is a ratio from 0 to below 1, not {ratio!r}")
    return Fraction(ratio).limit_denominator(FINEST).as_integer_ratio()


@lru_cache(maxsize=1024)
def _drawn(block: str, drawn: int, size: int) -> frozenset[int]:
    places = sorted(range(size), key=lambda place: _digest(f"{block}:{place}"))
    return frozenset(places[:drawn])


def in_order(seed: str, names: Iterable[str]) -> list[str]:
    """The names in the order of the lots drawn for them, whatever order they came in."""
    return sorted(names, key=lambda name: (_digest(f"{seed}:{name}"), name))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
