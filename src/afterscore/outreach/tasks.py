from __future__ import annotations

from afterscore.kit import clock, jobs
from afterscore.outreach import sender


@jobs.task("outreach.recover")
def recover() -> None:
    sender.recover()


@jobs.task("outreach.forget_old_throttles")
def forget_old_throttles() -> None:
    """Every night: buckets that nobody has asked for days, and days that are over."""
    sender.forget_old_throttles(now=clock.now())
