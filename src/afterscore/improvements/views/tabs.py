"""The pages beside each other below "Departments"."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from afterscore.workspaces.models import Workspace

TABS = {
    "departments:list": "Departments",
    "improvements:list": "Improvements",
    "improvements:objectives": "Objectives",
    "improvements:themes": "Themes",
}


def tabs_for(workspace: Workspace, active: str) -> list[dict[str, Any]]:
    """`active` is the name of the address."""
    return [
        {"label": label, "url": reverse(name, args=[workspace.slug]), "active": name == active}
        for name, label in TABS.items()
    ]
