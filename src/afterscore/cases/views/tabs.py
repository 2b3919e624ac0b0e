"""The pages of alerts, of one's own day, of praise, and of what one hears."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from afterscore.workspaces.models import Workspace

PAGES = {
    "notices:alerts": "Alerts",
    "notices:today": "My day",
    "praise:wall": "Praise",
    "notices:mine": "What I hear",
}


def tabs(workspace: Workspace, active: str) -> list[dict[str, Any]]:
    """`active` is the last part of an address's name."""
    return [
        {
            "label": label,
            "url": reverse(name, args=[workspace.slug]),
            "active": name.partition(":")[2] == active,
        }
        for name, label in PAGES.items()
    ]
