"""What earlier rows of a file said, in twelve to sixteen bytes a statement.

A Python set of a million addresses takes over a hundred megabytes; two sorted arrays take sixteen.
"""

from __future__ import annotations

import numpy as np

_MASK = (1 << 64) - 1
_LOW = (1 << 32) - 1


class Ledger:
    """Remembers the row in which a key first appeared and a fingerprint of what was said there.

    Keys and values are hashed by Python, with the process's own seed: the ledger lives in one
    process and is filled anew in the next.
    """

    def __init__(self) -> None:
        self._keys = np.empty(0, dtype=np.uint64)
        self._entries = np.empty(0, dtype=np.uint64)
        self._fresh: dict[int, int] = {}

    def add(self, key: object, row: int, value: object = None) -> None:
        """The first statement stands."""
        hashed = hash(key) & _MASK
        if self._find(hashed) is None:
            self._fresh[hashed] = (hash(value) & _LOW) << 32 | row

    def first_row(self, key: object) -> int | None:
        entry = self._find(hash(key) & _MASK)
        return None if entry is None else entry & _LOW

    def says(self, key: object, value: object) -> bool:
        """Whether the first statement on this key was the same."""
        entry = self._find(hash(key) & _MASK)
        return entry is not None and entry >> 32 == hash(value) & _LOW

    def contradicted_row(self, key: object, value: object) -> int | None:
        """The row that said something else on this key; None if none did."""
        entry = self._find(hash(key) & _MASK)
        if entry is None or entry >> 32 == hash(value) & _LOW:
            return None
        return entry & _LOW

    def _find(self, hashed: int) -> int | None:
        fresh = self._fresh.get(hashed)
        if fresh is not None or not len(self._keys):
            return fresh
        place = self._keys.searchsorted(np.uint64(hashed))
        if place < len(self._keys) and self._keys[place] == hashed:
            return int(self._entries[place])
        return None

    def settle(self) -> None:
        """Moves what is fresh into the sorted arrays: once a chunk."""
        if not self._fresh:
            return
        keys = np.fromiter(self._fresh.keys(), dtype=np.uint64, count=len(self._fresh))
        entries = np.fromiter(self._fresh.values(), dtype=np.uint64, count=len(self._fresh))
        keys, entries = np.concatenate([self._keys, keys]), np.concatenate([self._entries, entries])
        order = keys.argsort(kind="stable")
        self._keys, self._entries = keys[order], entries[order]
        self._fresh.clear()
