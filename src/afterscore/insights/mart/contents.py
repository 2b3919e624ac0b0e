from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows that a question is asked of: those of the files without the superseded, and the
    tail. `columns` are those of the tail and those wanted of the files.

    `clean` files hold no superseded row; of `mixed` ones those in `superseded` (by id) are left
    out. Each file comes with the columns that it has of the wanted ones.
    """

    columns: tuple[str, ...]
    tail: Any  # pyarrow.Table
    clean: tuple[File, ...] = ()
    mixed: tuple[File, ...] = ()
    superseded: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    path: str
    columns: frozenset[str]
