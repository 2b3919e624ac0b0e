"""By when a customer is to hear from us, and how urgent that is."""

from __future__ import annotations

from datetime import datetime

from afterscore.domain import calendars, casework, nps
from afterscore.programs.models import Program
from afterscore.responses.models import Response
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Workspace

CHECK_BACK_DAYS = 5
"""Business days after which a case that waits for its customer comes up again."""


def answer_due(response: Response, *, since: datetime) -> datetime:
    """The instant by which a reply is due, counted in business days from `since`."""
    return casework.due_at(
        nps.group_of(response.score),
        since,
        _calendar(response.workspace, since),
        _due_policy(response.workspace, response.wave.program),
    )


def check_back_at(workspace: Workspace, *, since: datetime) -> datetime:
    return calendars.add_business_days(_calendar(workspace, since), since, CHECK_BACK_DAYS)


def _calendar(workspace: Workspace, at: datetime) -> calendars.Calendar:
    # One more year on both sides: a local date may lie in the year before or after the UTC one.
    return workspaces.calendar_of(workspace, years=(at.year - 1, at.year, at.year + 1))


def _due_policy(workspace: Workspace, program: Program) -> casework.DuePolicy:
    """The workspace's days for each group, never later than what the program promises."""
    default = casework.DEFAULT_DUE_POLICY
    promised = program.answer_within_days or float("inf")

    def days(group: nps.Group) -> float:
        own = workspace.answer_within_days.get(group, default.days_for(group))
        return min(float(own), promised)

    return casework.DuePolicy(
        detractor_days=days(nps.Group.DETRACTOR),
        passive_days=days(nps.Group.PASSIVE),
        promoter_days=days(nps.Group.PROMOTER),
    )


def urgency(response: Response, *, now: datetime) -> casework.Priority:
    account = response.account
    workspace = response.workspace
    revenue = renewal_in_days = None
    if account is not None:
        # Without exchange rates only amounts in the workspace's own currency can be compared.
        if account.currency in {"", workspace.currency}:
            revenue = account.recurring_revenue
        if account.renewal_on is not None:
            today = calendars.local_day(now, calendars.zone_or(workspace.time_zone, "UTC"))
            renewal_in_days = (account.renewal_on - today).days
    return casework.priority(
        nps.group_of(response.score), revenue, renewal_in_days, bool(response.comment.strip())
    )
