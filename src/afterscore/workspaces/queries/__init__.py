from __future__ import annotations

import hashlib
from datetime import date
from functools import cache

from django.db.models import QuerySet

from afterscore.domain import calendars
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import ApiKey, Member, Workspace

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


def find_member(*, user_id: int, slug: str) -> Member | None:
    return (
        Member.objects.select_related("workspace", "user")
        .filter(user_id=user_id, workspace__slug=slug, is_active=True)
        .first()
    )


def list_memberships(*, user_id: int) -> QuerySet[Member]:
    return (
        Member.objects.select_related("workspace")
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
    """The workspace's business hours with the public holidays of its country in these years."""
    return calendars.Calendar(
        zone=calendars.zone_or(workspace.time_zone, "UTC"),
        days=frozenset(workspace.business_days or DEFAULT_BUSINESS_DAYS),
        opens=workspace.business_opens,
        closes=workspace.business_closes,
        holidays=public_holidays(workspace.country, years),
    )


@cache
def public_holidays(country: str, years: tuple[int, ...]) -> frozenset[date]:
    if not country or not years:
        return frozenset()
    import holidays

    if country not in holidays.list_supported_countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=list(years)))
