from __future__ import annotations

from afterscore.kit import clock, jobs
from afterscore.programs import operations


@jobs.task("programs.close_waves")
def close_waves() -> None:
    """Every minute: waves whose time is over."""
    operations.close_waves(now=clock.now())
