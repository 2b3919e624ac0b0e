"""Links by which a page of figures is read without a login."""

from __future__ import annotations

import hashlib
from datetime import datetime

from afterscore.insights.models import SharedLink
from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import Workspace

MOST_SHOWN = 100


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_link(*, secret: str) -> SharedLink | None:
    """Also one whose time is over: whoever opens it is told so."""
    found = SharedLink.objects.filter(digest=digest_of(secret)).select_related("workspace")
    return found.first()


def is_open(link: SharedLink, *, now: datetime) -> bool:
    return link.revoked_at is None and now < link.expires_at


def list_links(*, workspace: Workspace, now: datetime) -> list[SharedLink]:
    """Those that can be opened first, each kind the latest first."""
    found = SharedLink.objects.filter(workspace=workspace).select_related("made_by__user")
    rows = found.order_by("-created_at", "-id")[:MOST_SHOWN]
    return sorted(rows, key=lambda link: not is_open(link, now=now))


def get_link(*, workspace: Workspace, public_id: str) -> SharedLink:
    try:
        return SharedLink.objects.select_related("workspace").get(
            workspace=workspace, public_id=public_id
        )
    except SharedLink.DoesNotExist as error:
        raise NotFound("There is no such link.") from error
