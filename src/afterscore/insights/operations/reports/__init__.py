"""Reports by mail: who gets them, when one is due, and sending each once.

`keeping` is what people decide, `planning` what time starts, `sending` what leaves. A worker that
dies in between leaves an edition that was begun or not: what was begun is not sent twice.
"""

from __future__ import annotations

from afterscore.insights.operations.reports.keeping import (
    choose_language,
    remove_report,
    save_report,
    stop_report,
)
from afterscore.insights.operations.reports.planning import (
    forget_editions,
    plan_editions,
    plan_trial,
)
from afterscore.insights.operations.reports.sending import send_edition

__all__ = [
    "choose_language",
    "forget_editions",
    "plan_editions",
    "plan_trial",
    "remove_report",
    "save_report",
    "send_edition",
    "stop_report",
]
