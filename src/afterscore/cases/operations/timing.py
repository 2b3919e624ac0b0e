"""By when a customer is to hear from us."""

from __future__ import annotations

from datetime import date, datetime

from afterscore.domain import calendars, casework, nps
from afterscore.programs.models import Program
from afterscore.responses.models import Response
from afterscore.workspaces import queries as workspaces
from afterscore.workspaces.models import Member, Workspace

CHECK_BACK_DAYS = 5
"""Business days after which a case that waits for its customer comes up again."""


def answer_due(response: Response, *, since: datetime, owner: Member | None = None) -> datetime:
    """The instant by which a reply is due, counted in business days from `since`.

    Days on which `owner` is away do not count, as far as the customer can wait that long.
    """
    calendar = calendar_at(response.workspace, since)
    return casework.due_at(
        nps.group_of(response.score),
        since,
        calendar,
        _due_policy(response.workspace, response.wave.program),
        away=_days_away(owner, calendar, since),
    )


def may_wait_for(owner: Member, response: Response, *, since: datetime) -> bool:
    """Whether an owner who is away is back before the customer has waited too long."""
    calendar = calendar_at(response.workspace, since)
    return casework.may_wait(
        nps.group_of(response.score),
        since,
        calendar,
        _due_policy(response.workspace, response.wave.program),
        away=_days_away(owner, calendar, since),
    )


def answer_days(response: Response) -> float:
    """Business days within which this customer is to hear from us."""
    policy = _due_policy(response.workspace, response.wave.program)
    return policy.days_for(nps.group_of(response.score))


def business_days_after(workspace: Workspace, days: float, *, since: datetime) -> datetime:
    return calendars.add_business_days(calendar_at(workspace, since), since, days)


def check_back_at(
    workspace: Workspace, *, since: datetime, owner: Member | None = None
) -> datetime:
    """Days on which `owner` is away do not count."""
    calendar = calendar_at(workspace, since)
    away = _days_away(owner, calendar, since)
    return calendars.add_business_days(calendar.without(away), since, CHECK_BACK_DAYS)


def working_day(workspace: Workspace, at: datetime) -> date:
    """The day on which what comes up at an instant is worked on: the next one that is open."""
    calendar = calendar_at(workspace, at)
    return calendars.local_day(calendars.next_open(calendar, at), calendar.zone)


def calendar_at(workspace: Workspace, at: datetime) -> calendars.Calendar:
    # One more year on both sides: a local date may lie in the year before or after the UTC one,
    # and whoever is away for long comes back in the next but one.
    years = (at.year - 1, at.year, at.year + 1, at.year + 2)
    return workspaces.calendar_of(workspace, years=years)


def _days_away(
    owner: Member | None, calendar: calendars.Calendar, since: datetime
) -> frozenset[date]:
    return workspaces.days_away(member=owner, since=calendars.local_day(since, calendar.zone))


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
        promised_days=promised,
    )
