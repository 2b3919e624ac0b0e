from __future__ import annotations

from afterscore.cases import operations
from afterscore.kit import clock, jobs


@jobs.task("cases.break_promises")
def break_promises() -> None:
    """Every hour, for days end at different hours: whose day is over and that is not done."""
    operations.break_promises(now=clock.now())


@jobs.task("cases.settle_check_backs")
def settle_check_backs() -> None:
    operations.settle_check_backs(now=clock.now())
