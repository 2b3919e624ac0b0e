"""What was counted already, as long as no answer has become another one since.

Every change of an answer leaves a note in the transaction of the change, and a note goes only when
a month is sealed anew. So the same notes and the same files are the same answers: whoever asks the
same of them by the same engine is told what was counted before. A fresh answer is a fresh note.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Found = TypeVar("Found")

MOST_PARTS = 200_000
"""Cells and values together, of all workspaces: some tens of megabytes."""


@dataclass(slots=True)
class Memory:
    """The longest unasked goes first. What alone is more than a quarter is not kept at all."""

    most: int = MOST_PARTS
    _held: OrderedDict[Hashable, tuple[int, Any]] = field(default_factory=OrderedDict)
    _parts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def recall(
        self, key: Hashable, count: Callable[[], Found], *, parts: Callable[[Found], int]
    ) -> Found:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                known: Found = self._held[key][1]
                return known
        found = count()
        self._keep(key, found, 1 + parts(found))
        return found

    def _keep(self, key: Hashable, found: Any, parts: int) -> None:
        if parts > self.most // 4:
            return
        with self._lock:
            self._parts += parts - self._held.pop(key, (0, None))[0]
            self._held[key] = (parts, found)
            while self._parts > self.most:
                self._parts -= self._held.popitem(last=False)[1][0]

    def forget(self) -> None:
        with self._lock:
            self._held.clear()
            self._parts = 0


memory = Memory()
