"""What every signed-in page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from afterscore.workspaces import access, queries

SECTIONS = (
    ("pulse", "Pulse", "activity", "insights:pulse"),
    ("inbox", "Inbox", "inbox", "cases:inbox"),
    ("programs", "Programs", "calendar", "programs:list"),
    ("customers", "Customers", "users", "customers:list"),
    ("outbox", "Outbox", "mail", "outreach:outbox"),
    ("settings", "Settings", "settings", "workspaces:settings"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    label: str
    icon: str
    url: str
    active: bool


def desk(request: HttpRequest) -> dict[str, Any]:
    """`navigation`, `workspace`, `member`, `memberships` and `section` for pages below /w/."""
    if not hasattr(request, "member"):
        return {}
    member = access.member_of(request)
    match = request.resolver_match
    namespace = match.namespace if match else ""
    entries = [
        Entry(key, label, icon, reverse(view, args=[member.workspace.slug]), _is(view, namespace))
        for key, label, icon, view in SECTIONS
    ]
    return {
        "navigation": entries,
        "section": next((entry.key for entry in entries if entry.active), ""),
        "workspace": member.workspace,
        "member": member,
        "memberships": queries.list_memberships(user_id=member.user_id),
    }


def _is(view: str, namespace: str) -> bool:
    return view.split(":", maxsplit=1)[0] == namespace
