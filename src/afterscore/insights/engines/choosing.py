from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pyarrow as pa
from django.conf import settings

from afterscore.insights.engines import duckdb
from afterscore.insights.mart.contents import Contents


class Engine(Protocol):
    dialect: str  # as Ibis names it

    def rows(
        self, *, contents: Contents, sql: str, beside: Mapping[str, pa.Table] | None = None
    ) -> list[tuple[Any, ...]]:
        """What `sql` finds in the table `answers`, which has the columns of the contents, and in
        those `beside` it, by name."""

    def table(self, *, contents: Contents, sql: str) -> pa.Table:
        """What `sql` finds in `answers`, to be asked of later, beside other contents."""


def choose() -> Engine:
    """DuckDB, unless the install has a cluster."""
    if not settings.AFTERSCORE_ENGINE:
        return duckdb.engine()
    from afterscore.insights.engines import spark

    return spark.engine(settings.AFTERSCORE_ENGINE)
