"""Who is away, and when."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Absence, Member, Workspace


def list_absences(*, workspace: Workspace, since: date) -> QuerySet[Absence]:
    """Those that are not over on this day, the nearest first."""
    return (
        Absence.objects.filter(workspace=workspace, ends_on__gte=since)
        .select_related("member__user", "stand_in__user")
        .order_by("starts_on", "ends_on", "id")
    )


def get_absence(*, workspace: Workspace, public_id: str) -> Absence:
    try:
        return Absence.objects.select_related("member__user", "stand_in__user").get(
            workspace=workspace, public_id=public_id
        )
    except Absence.DoesNotExist as error:
        raise NotFound("There is no such absence.") from error


def absences_on(*, workspace: Workspace, day: date) -> dict[int, Absence]:
    """By the key of the member; the one that ends last where two overlap."""
    found = list_absences(workspace=workspace, since=day).filter(starts_on__lte=day)
    return {absence.member_id: absence for absence in found.order_by("ends_on")}


def days_away(*, member: Member | None, since: date) -> frozenset[date]:
    """Each day from `since` on; none for nobody."""
    if member is None:
        return frozenset()
    spans = Absence.objects.filter(
        workspace_id=member.workspace_id, member=member, ends_on__gte=since
    ).values_list("starts_on", "ends_on")
    return frozenset(
        max(starts, since) + timedelta(days=number)
        for starts, ends in spans
        for number in range((ends - max(starts, since)).days + 1)
    )
