"""Who at Harbourline reads of the score by mail. The demo keeps its mail, so none leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from afterscore.domain.departments import Department
from afterscore.domain.events import Actor
from afterscore.insights.models import Report
from afterscore.insights.operations import reports
from afterscore.workspaces.models import Member, Workspace

Happening = Callable[[datetime], None]

SETTER = "max@harbourline.example"
LEADERS, MAKERS = ("olivia@harbourline.example",), ("priya@harbourline.example", SETTER)
TUESDAY = 1


def schedule(
    workspace: Workspace,
    *,
    members: Mapping[str, Member],
    begins_at: datetime,
    at: Callable[[datetime, Happening], None],
) -> None:
    """Leadership each week, with a PDF; product after every wave."""

    def begin(now: datetime) -> None:
        actor = Actor("member", members[SETTER].public_id)
        reports.save_report(
            workspace=workspace,
            name="The week for leadership",
            department=Department.LEADERSHIP,
            every=Report.Every.WEEK,
            weekday=TUESDAY,
            has_pdf=True,
            readers=[members[email] for email in LEADERS],
            actor=actor,
            now=now,
        )
        reports.save_report(
            workspace=workspace,
            name="Each wave for product",
            department=Department.PRODUCT,
            every=Report.Every.WAVE,
            readers=[members[email] for email in MAKERS],
            actor=actor,
            now=now,
        )

    at(begins_at, begin)
