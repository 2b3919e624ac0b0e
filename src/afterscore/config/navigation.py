"""What every signed-in page shows around its content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from afterscore.cases.queries import notices
from afterscore.domain.roles import Role
from afterscore.outreach import guards
from afterscore.workspaces import access

SECTIONS = (
    ("Pulse", "pulse", "insights:pulse", "g p"),
    ("Inbox", "inbox", "cases:inbox", "g i"),
    ("Alerts", "bell", "notices:alerts", "g a"),
    ("Loops", "loop", "loops:ledger", "g l"),
    ("Programs", "programs", "programs:list", "g r"),
    ("Customers", "customers", "customers:list", "g c"),
    ("Departments", "themes", "departments:list", "g d"),
    ("Outbox", "outbox", "outreach:outbox", "g o"),
    ("Settings", "settings", "workspaces:settings", "g s"),
)

# How much waits in a section, for the reader herself.
COUNTS: Mapping[str, Callable[..., int]] = {"notices:alerts": notices.count_alerts}

# Pages of a namespace of their own that one reaches from a section.
WITHIN = {
    "catalogue": "workspaces",
    "absences": "workspaces",
    "files": "insights",
    "gifts": "cases",
    "improvements": "departments",
    "playbooks": "workspaces",
    "praise": "notices",
    "promises": "cases",
    "responses": "insights",
    "rooms": "workspaces",
    "routes": "workspaces",
    "reports": "insights",
    "routing": "workspaces",
    "score": "insights",
    "targets": "insights",
    "telling": "departments",
}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    icon: str = ""
    key: str = ""
    active: bool = False
    count: Callable[[], int] = int  # called where the page shows it


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    url: str


def _count(request: HttpRequest, view: str) -> int:
    """A view that has read more of the reader than this may have counted it on the way."""
    if view not in COUNTS:
        return 0
    counted: dict[str, int] = getattr(request, "counted", {})
    return counted[view] if view in counted else COUNTS[view](member=access.member_of(request))


def desk(request: HttpRequest) -> dict[str, Any]:
    """What kit/layout/desk.html needs, for the pages below /w/; nothing for all others."""
    if not hasattr(request, "member"):
        return {}
    member = access.member_of(request)
    slug = member.workspace.slug
    namespace = request.resolver_match.namespace if request.resolver_match else ""
    section = WITHIN.get(namespace, namespace)
    return {
        "navigation": [
            Link(
                label,
                reverse(view, args=[slug]),
                icon,
                key,
                view.startswith(f"{section}:"),
                count=partial(_count, request, view),
            )
            for label, icon, view, key in SECTIONS
        ],
        "workspace": member.workspace,
        "workspaces": [
            Place(other.workspace.name, reverse("insights:pulse", args=[other.workspace.slug]))
            for other in request.memberships  # type: ignore[attr-defined]
        ],
        "account_links": [
            Link("Password", reverse("account_change_password")),
            Link("Two-step sign-in", reverse("mfa_index")),
        ],
        "member": member,
        # Called where a page tells of it; parts of pages do not.
        "standstills": lambda: [guard.why for guard in guards.list_closed()],
        "sees_standstills": access.may(request, Role.MANAGER),
    }
