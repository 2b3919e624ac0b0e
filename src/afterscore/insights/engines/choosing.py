from __future__ import annotations

from typing import Any, Protocol

from afterscore.insights.engines import duckdb
from afterscore.insights.mart.contents import Contents

ANSWERS = "answers"
"""The table of which an analysis speaks."""


class Engine(Protocol):
    dialect: str  # as Ibis names it

    def rows(self, *, contents: Contents, sql: str) -> list[tuple[Any, ...]]:
        """What `sql` finds in the table `answers`, which has the columns of the contents."""


def choose() -> Engine:
    return duckdb.engine()
