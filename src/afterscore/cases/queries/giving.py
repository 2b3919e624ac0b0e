"""Gifts: the catalogue, a quarter's money, what was asked for, and whether it goes by score."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from afterscore.cases.models import Budget, Case, Gesture, Gift
from afterscore.domain import calendars, gestures, nps
from afterscore.domain.gestures import Purse, Share, State
from afterscore.domain.nps import Group
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Workspace

ALIVE = tuple(state.value for state in State if state.is_alive)


def list_gifts(*, workspace: Workspace, active_only: bool = False) -> QuerySet[Gift]:
    found = Gift.objects.filter(workspace=workspace)
    if active_only:
        found = found.filter(is_active=True)
    return found.order_by("-is_active", "cost", "name")


def get_gift(*, workspace: Workspace, public_id: str) -> Gift:
    try:
        return Gift.objects.get(workspace=workspace, public_id=public_id)
    except Gift.DoesNotExist as error:
        raise NotFound("There is no such gift.") from error


def list_gestures(
    *,
    workspace: Workspace | None = None,
    case: Case | None = None,
    state: State | None = None,
) -> QuerySet[Gesture]:
    """Of a case, or of a whole workspace; the latest first."""
    if case is not None:
        found = Gesture.objects.filter(workspace_id=case.workspace_id, case=case)
    else:
        found = Gesture.objects.filter(workspace=workspace)
    if state is not None:
        found = found.filter(state=state)
    related = ("gift", "case__contact", "case__account", "asked_by__user", "decided_by__user")
    return found.select_related(*related).order_by("-asked_at", "-id")


def get_gesture(*, workspace: Workspace, public_id: str) -> Gesture:
    try:
        return (
            list_gestures(workspace=workspace)
            .select_related("case__workspace", "gift", "case__contact")
            .get(public_id=public_id)
        )
    except Gesture.DoesNotExist as error:
        raise NotFound("There is no such gift.") from error


def count_gestures(*, workspace: Workspace) -> dict[State, int]:
    rows = Gesture.objects.filter(workspace=workspace).values_list("state")
    counts = dict(rows.annotate(count=Count("id")).order_by())
    return {state: counts.get(state.value, 0) for state in State}


def purse_of(*, workspace: Workspace, day: date) -> Purse:
    """The quarter of this day: its budget, what was approved in it, and what is asked for now."""
    budget = Budget.objects.filter(workspace=workspace, starts_on=gestures.quarter_of(day)).first()
    in_quarter = Q(
        decided_at__gte=_midnight(workspace, gestures.quarter_of(day)),
        decided_at__lt=_midnight(workspace, gestures.quarter_after(day)),
    )
    spending = [state.value for state in gestures.SPENDING]
    sums = Gesture.objects.filter(workspace=workspace).aggregate(
        spent=Sum("cost", filter=in_quarter & Q(state__in=spending)),
        asked=Sum("cost", filter=Q(state=State.ASKED)),
    )
    return Purse(
        amount=None if budget is None else budget.amount,
        spent=sums["spent"] or Decimal(0),
        asked=sums["asked"] or Decimal(0),
    )


def _midnight(workspace: Workspace, day: date) -> datetime:
    return calendars.localise(day, time(0), calendars.zone_or(workspace.time_zone, "UTC"))


def gift_shares(*, workspace: Workspace, since: datetime | None = None) -> dict[Group, Share]:
    """By group: answers with a case, and how many of them were followed by a gift that was not
    declined. `since` looks at when the case was opened."""
    given = Gesture.objects.filter(case=OuterRef("pk"), state__in=ALIVE)
    found = Case.objects.filter(workspace=workspace)
    if since is not None:
        found = found.filter(opened_at__gte=since)
    rows = (
        found.annotate(has_gift=Exists(given))
        .values_list("score")
        .annotate(gifts=Count("id", filter=Q(has_gift=True)), answers=Count("id"))
        .order_by()
    )
    counts = {group: [0, 0] for group in Group}
    for score, gifts, answers in rows:
        counts[nps.group_of(score)][0] += gifts
        counts[nps.group_of(score)][1] += answers
    return {group: Share(*pair) for group, pair in counts.items()}
