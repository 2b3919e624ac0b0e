from __future__ import annotations

from afterscore.insights import operations
from afterscore.kit import clock, jobs


@jobs.task("insights.forget_readings")
def forget_readings() -> None:
    """Each night: who looked at what, once nobody asks any more."""
    operations.forget_readings(now=clock.now())
