from __future__ import annotations

import hashlib
from datetime import date
from functools import cache

from django.db.models import QuerySet

from afterscore.domain import calendars
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import ApiKey, Member, Workspace
from afterscore.workspaces.queries.absences import (
    absences_on,
    days_away,
    get_absence,
    list_absences,
)

__all__ = [
    "DEFAULT_BUSINESS_DAYS",
    "absences_on",
    "calendar_of",
    "days_away",
    "digest_of",
    "find_key",
    "find_only_workspace",
    "get_absence",
    "get_member",
    "get_workspace",
    "holidays_of",
    "list_absences",
    "list_keys",
    "list_members",
    "list_memberships",
    "list_regions",
    "next_days_off",
]

DEFAULT_BUSINESS_DAYS = [0, 1, 2, 3, 4]


def get_workspace(*, slug: str) -> Workspace:
    try:
        return Workspace.objects.get(slug=slug)
    except Workspace.DoesNotExist as error:
        raise NotFound(f"There is no workspace '{slug}'.") from error


def find_only_workspace() -> Workspace | None:
    """The workspace of an install that has exactly one, else None."""
    found = list(Workspace.objects.order_by("id")[:2])
    return found[0] if len(found) == 1 else None


def list_memberships(*, user_id: int) -> QuerySet[Member]:
    return (
        Member.objects.select_related("workspace", "user")
        .filter(user_id=user_id, is_active=True)
        .order_by("joined_at", "id")
    )


def list_members(*, workspace: Workspace) -> QuerySet[Member]:
    return (
        Member.objects.select_related("user")
        .filter(workspace=workspace)
        .order_by("user__name", "user__email")
    )


def get_member(*, workspace: Workspace, public_id: str) -> Member:
    try:
        return list_members(workspace=workspace).get(public_id=public_id)
    except Member.DoesNotExist as error:
        raise NotFound("There is no such member.") from error


def list_keys(*, workspace: Workspace) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(workspace=workspace).order_by("-created_at")


def digest_of(secret: str) -> str:
    """SHA-256 is enough: the secret itself has 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_key(*, secret: str) -> ApiKey | None:
    return (
        ApiKey.objects.select_related("workspace")
        .filter(digest=digest_of(secret), revoked_at=None)
        .first()
    )


def calendar_of(workspace: Workspace, *, years: tuple[int, ...] = ()) -> calendars.Calendar:
    """The workspace's business hours, without public holidays and its own days off."""
    return calendars.Calendar(
        zone=calendars.zone_or(workspace.time_zone, "UTC"),
        days=frozenset(workspace.business_days or DEFAULT_BUSINESS_DAYS),
        opens=workspace.business_opens,
        closes=workspace.business_closes,
        holidays=frozenset(holidays_of(workspace, years=years)),
    )


def holidays_of(workspace: Workspace, *, years: tuple[int, ...]) -> dict[date, str]:
    """Days on which nobody works, with their names: of country and region, and the workspace's."""
    public = public_holidays(workspace.country, workspace.region, years)
    own = {date.fromisoformat(day): "Closed" for day in workspace.closed_on}
    return {**own, **dict(public)}


FEW_DAYS = 8


def next_days_off(workspace: Workspace, *, since: date) -> list[tuple[date, str]]:
    """The next days on which nobody works, weekends aside, with their names."""
    days = holidays_of(workspace, years=(since.year, since.year + 1))
    working = set(workspace.business_days or DEFAULT_BUSINESS_DAYS)
    return sorted(
        (day, name) for day, name in days.items() if day >= since and day.weekday() in working
    )[:FEW_DAYS]


@cache
def list_regions(*, country: str) -> dict[str, str]:
    """Regions with holidays of their own: code and name."""
    import holidays

    codes = holidays.list_supported_countries().get(country, [])
    if not codes:
        return {}
    aliases = holidays.country_holidays(country).get_subdivision_aliases()
    return {code: _region_name(code, aliases.get(code, [])) for code in sorted(codes)}


def _region_name(code: str, aliases: list[str]) -> str:
    return f"{max(aliases, key=len)} ({code})" if aliases else code


@cache
def public_holidays(
    country: str, region: str, years: tuple[int, ...]
) -> tuple[tuple[date, str], ...]:
    if not country or not years:
        return ()
    import holidays

    regions = holidays.list_supported_countries().get(country)
    if regions is None:
        return ()
    found = holidays.country_holidays(
        country, subdiv=region if region in regions else None, years=list(years), language="en_US"
    )
    return tuple(sorted(found.items()))
