from __future__ import annotations

from afterscore.kit import clock, jobs
from afterscore.responses import operations


@jobs.task("responses.settle")
def settle() -> None:
    operations.settle(now=clock.now())


@jobs.task("responses.forget_visits")
def forget_visits() -> None:
    operations.forget_visits(now=clock.now())
