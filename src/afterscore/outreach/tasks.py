from __future__ import annotations

from afterscore.kit import jobs
from afterscore.outreach import sender


@jobs.task("outreach.recover")
def recover() -> None:
    sender.recover()
