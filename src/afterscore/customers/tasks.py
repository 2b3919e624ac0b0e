from __future__ import annotations

from afterscore.customers import operations, queries
from afterscore.kit import clock, jobs


@jobs.task("customers.import")
def run_import(*, source: str) -> None:
    """Goes on where an earlier attempt stopped; does nothing when there is nothing left."""
    row = queries.find_import(public_id=source)
    if row is not None:
        operations.run_import(source=row, now=clock.now())


@jobs.task("customers.discard_stale_imports")
def discard_stale_imports() -> None:
    operations.discard_stale_imports(now=clock.now())
