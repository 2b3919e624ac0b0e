from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet

from afterscore.cases.models import Case, Watching
from afterscore.cases.queries import days
from afterscore.cases.queries import filters as narrowing
from afterscore.cases.queries.filters import NO_FILTERS, Filters
from afterscore.domain import casework
from afterscore.kit.among import among
from afterscore.kit.errors import NotFound
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, Workspace

ROW = ("contact", "account", "owner__user", "response")
"""What a row of the list shows beside the case itself."""


class Show(StrEnum):
    """The drawers of the inbox. All but the last hold open cases only."""

    MINE = "mine"
    ALL = "all"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    WAITING = "waiting"
    WATCHED = "watched"
    CLOSED = "closed"


def list_cases(
    *,
    workspace: Workspace,
    now: datetime,
    show: Show | None = None,
    member: Member | None = None,
    filters: Filters = NO_FILTERS,
    since: datetime | None = None,
) -> QuerySet[Case]:
    """What is due first stands first, then what is more urgent; closed ones by when they ended.

    `member` is whose cases MINE means; without `show`, open and closed ones, the latest first.
    `since` looks at when they were opened.
    """
    found = select_cases(workspace=workspace, now=now, show=show, member=member, filters=filters)
    if since is not None:
        found = found.filter(opened_at__gte=since)
    return found.order_by(*order_of(show)).select_related(*ROW)


def select_cases(
    *,
    workspace: Workspace,
    now: datetime,
    show: Show | None,
    member: Member | None,
    filters: Filters = NO_FILTERS,
) -> QuerySet[Case]:
    """The cases of a drawer that the filters let through, in no order."""
    found = Case.objects.filter(workspace=workspace)
    if show is not None:
        found = found.filter(_condition(show, member, now))
    day_ends_at = days.day_ends_at(workspace, now=now)
    return narrowing.narrow(found, filters, workspace=workspace, now=now, day_ends_at=day_ends_at)


def _condition(show: Show, member: Member | None, now: datetime) -> Q:
    if show is Show.CLOSED:
        return Q(closed_at__isnull=False)
    return Q(next_due_at__isnull=False) & _of_drawer(show, member, now)


def _of_drawer(show: Show, member: Member | None, now: datetime) -> Q:
    match show:
        case Show.MINE:
            return Q(owner=member)
        case Show.UNASSIGNED:
            return Q(owner=None)
        case Show.OVERDUE:
            return Q(next_due_at__lt=now)
        case Show.WAITING:
            return Q(state=casework.State.WAITING)
        case Show.WATCHED:
            return Q(Exists(Watching.objects.filter(case=OuterRef("pk"), member=member)))
        case _:
            return Q()


def order_of(show: Show | None) -> tuple[str, ...]:
    if show is None:
        return ("-id",)
    if show is Show.CLOSED:
        return ("-closed_at", "-id")
    return ("next_due_at", "-priority", "id")


def find_next_due(*, workspace: Workspace) -> datetime | None:
    """When the first of all open cases is due, the late ones included."""
    return (
        Case.objects.filter(workspace=workspace, next_due_at__isnull=False)
        .order_by("next_due_at")
        .values_list("next_due_at", flat=True)
        .first()
    )


def has_cases(*, workspace: Workspace) -> bool:
    return Case.objects.filter(workspace=workspace).exists()


def get_case(*, workspace: Workspace, public_id: str) -> Case:
    """With everything its page shows of the answer, the contact and the account."""
    try:
        return Case.objects.select_related(
            "workspace",
            "contact",
            "account__owner__user",
            "owner__user",
            "closed_by__user",
            "response__contact",
            "response__account",
            "response__workspace",
            "response__wave__program",
            "response__wave__survey_version",
        ).get(workspace=workspace, public_id=public_id)
    except Case.DoesNotExist as error:
        raise NotFound("There is no such case.") from error


def find_case_of(*, workspace: Workspace, response: Response) -> Case | None:
    return Case.objects.filter(workspace=workspace, response=response).first()


def list_chosen(*, workspace: Workspace, public_ids: Sequence[str]) -> list[Case]:
    """These cases of the workspace, in the order given; what is no case of it is left out."""
    if not public_ids:
        return []
    found = Case.objects.filter(among("public_id", public_ids), workspace=workspace)
    rows = {case.public_id: case for case in found.select_related(*ROW, "workspace")}
    return [rows[key] for key in dict.fromkeys(public_ids) if key in rows]
