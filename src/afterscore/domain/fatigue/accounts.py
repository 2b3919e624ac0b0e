"""Several people of one account: in what order they are taken, and how far apart they are asked."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import timedelta
from hashlib import blake2b
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
_BYTES = 8
_LOTS = 1 << (8 * _BYTES)


def seed_of(name: str) -> int:
    """A seed that anybody can work out again from a name; it fits into a signed 64-bit column."""
    return int.from_bytes(blake2b(name.encode(), digest_size=_BYTES).digest(), "big") >> 1


def lot(seed: int, key: Hashable) -> float:
    """A number from 0 up to 1, the same for the same seed and key and unlike for any other: whom
    it favours depends neither on when somebody was added nor on their name."""
    digest = blake2b(f"{seed}:{key}".encode(), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "big") / _LOTS


def in_order_of_lots(seed: int, keys: Sequence[Key]) -> list[Key]:
    """The smaller the lot, the earlier."""
    return sorted(keys, key=lambda key: lot(seed, key))


def spread(place: int, *, days: int) -> timedelta:
    """How much later than the first of an account the one in this place (from 0) is asked."""
    if place < 0 or days < 0:
        raise ValueError("places and days are counted from zero")
    return timedelta(days=place * days)
