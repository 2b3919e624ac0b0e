from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class FilesGone(Exception):
    """A file was replaced by another one between being named and being read: read again."""


@dataclass(frozen=True, slots=True)
class File:
    path: str
    columns: frozenset[str]
    rows: int


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Contents:
    """The rows that a question is asked of: those of the files without the superseded, and the
    tail.

    `clean` files hold no superseded row; of `mixed` ones those in `superseded` (Arrow, by id) are
    left out. A column that a file does not have is empty there. `sealed` is how many answers all
    files of the workspace hold, whichever are asked.
    """

    columns: tuple[str, ...]
    tail: Any
    clean: tuple[File, ...] = ()
    mixed: tuple[File, ...] = ()
    superseded: Any = None
    sealed: int = 0

    @property
    def rows(self) -> int:
        """At most so many."""
        return int(self.tail.num_rows) + sum(file.rows for file in (*self.clean, *self.mixed))

    @property
    def paths(self) -> list[str]:
        return [file.path for file in (*self.clean, *self.mixed)]
