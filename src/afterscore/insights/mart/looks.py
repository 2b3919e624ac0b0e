"""A look at the answers: one state of them for everything that a page says.

Whoever opens a look around several questions gets answers that fit each other, over one connection,
and nothing is read twice. Whoever asks without one has a look for each question.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection

from afterscore.insights.mart import wire
from afterscore.insights.mart.wire import Wire

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Look:
    """`link` sees one state of the database until the look ends."""

    link: Wire
    is_in_transaction: bool
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, read: Callable[[], Found]) -> Found:
        """What `read` brings, which is asked the first time only."""
        if key not in self._kept:
            self._kept[key] = read()
        found: Found = self._kept[key]
        return found

    def forget(self) -> None:
        """Reads everything again: of the same state, but with the files that are there now."""
        self._kept.clear()


_open: ContextVar[Look | None] = ContextVar("open_look", default=None)


@contextmanager
def look() -> Iterator[Look]:
    """The look that is open, or one that ends with this block. Whoever is in the midst of changing
    answers does not see them by a look that was opened before."""
    held = _open.get()
    if held is not None and held.is_in_transaction == connection.in_atomic_block:
        yield held
        return
    with wire.connect() as link:
        mine = Look(link, connection.in_atomic_block)
        before = _open.set(mine)
        try:
            yield mine
        finally:
            _open.reset(before)
