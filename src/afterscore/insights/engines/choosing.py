from __future__ import annotations

from typing import Any, Protocol

from django.conf import settings

from afterscore.insights.engines import duckdb
from afterscore.insights.mart.contents import Contents


class Engine(Protocol):
    dialect: str  # as Ibis names it

    def rows(self, *, contents: Contents, sql: str) -> list[tuple[Any, ...]]:
        """What `sql` finds in the table `answers`, which has the columns of the contents."""


def choose() -> Engine:
    """DuckDB, unless the install has a cluster."""
    if not settings.AFTERSCORE_ENGINE:
        return duckdb.engine()
    from afterscore.insights.engines import spark

    return spark.engine(settings.AFTERSCORE_ENGINE)
