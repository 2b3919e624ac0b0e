"""What members of a workspace may do: four roles, each including the ones below it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def description(self) -> str:
        """One line on what the role may do, for the page where roles are given."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Role.OWNER: "Everything, including members, keys, erasing customers and closing the workspace.",
    Role.MANAGER: "Plans programs, edits surveys and templates, imports customers, assigns cases.",
    Role.AGENT: "Works the inbox: replies to customers, logs calls, resolves and closes cases.",
    Role.VIEWER: "Reads scores, answers, cases and reports; changes nothing.",
}

ASCENDING = (Role.VIEWER, Role.AGENT, Role.MANAGER, Role.OWNER)


def at_least(role: Role, needed: Role) -> bool:
    """Whether `role` includes everything that `needed` may do."""
    return ASCENDING.index(role) >= ASCENDING.index(needed)


def may_grant(own: Role, granted: Role) -> bool:
    """Managers and owners give roles, and nobody gives more than they have."""
    return at_least(own, Role.MANAGER) and at_least(own, granted)
