from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from afterscore.cases.models import Case
from afterscore.domain import casework, nps
from afterscore.domain.nps import Group
from afterscore.kit.errors import NotFound
from afterscore.responses.models import Response
from afterscore.workspaces.models import Member, Workspace

SEARCHED_WORDS = 5


class Show(StrEnum):
    """The drawers of the inbox. All but the last hold open cases only."""

    MINE = "mine"
    ALL = "all"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    WAITING = "waiting"
    CLOSED = "closed"


def list_cases(
    *,
    workspace: Workspace,
    now: datetime,
    show: Show | None = None,
    member: Member | None = None,
    state: casework.State | None = None,
    group: Group | None = None,
    has_comment: bool | None = None,
    search: str = "",
    since: datetime | None = None,
) -> QuerySet[Case]:
    """What is due first stands first, then what is more urgent; closed ones by when they ended.

    `member` is whose cases MINE means; without `show`, open and closed ones, the latest first.
    `since` looks at when they were opened; `search` looks for every word in name, address,
    company and comment.
    """
    found = Case.objects.filter(workspace=workspace)
    if show is not None:
        found = found.filter(_condition(show, member, now))
    if state is not None:
        found = found.filter(state=state)
    if group is not None:
        found = found.filter(score__in=nps.scores_of(group))
    if has_comment is not None:
        found = found.exclude(comment_key="") if has_comment else found.filter(comment_key="")
    if since is not None:
        found = found.filter(opened_at__gte=since)
    for word in search.split()[:SEARCHED_WORDS]:
        found = found.filter(
            Q(contact__name__icontains=word)
            | Q(contact__email__icontains=word)
            | Q(account__name__icontains=word)
            | Q(response__comment__icontains=word)
        )
    return _in_order(found, show).select_related("contact", "account", "owner__user", "response")


def _condition(show: Show, member: Member | None, now: datetime) -> Q:
    is_open = Q(next_due_at__isnull=False)
    match show:
        case Show.MINE:
            return is_open & Q(owner=member)
        case Show.ALL:
            return is_open
        case Show.UNASSIGNED:
            return is_open & Q(owner=None)
        case Show.OVERDUE:
            return is_open & Q(next_due_at__lt=now)
        case Show.WAITING:
            return is_open & Q(state=casework.State.WAITING)
        case Show.CLOSED:
            return Q(closed_at__isnull=False)


def _in_order(found: QuerySet[Case], show: Show | None) -> QuerySet[Case]:
    if show is None:
        return found.order_by("-id")
    if show is Show.CLOSED:
        return found.order_by("-closed_at", "-id")
    return found.order_by("next_due_at", "-priority", "id")


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
