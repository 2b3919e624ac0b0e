"""Who is signed in. Every page asks for the person and her memberships: one query for both."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from afterscore.workspaces import queries
from afterscore.workspaces.models import Member, User


class MembersBackend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: Any) -> User | None:
        memberships = list(queries.list_memberships(user_id=user_id))
        if not memberships:
            found: User | None = super().get_user(user_id)
            return found
        user = memberships[0].user
        if not self.user_can_authenticate(user):
            return None
        user.memberships_read = memberships  # type: ignore[attr-defined]
        return user


def memberships_of(user: Any) -> list[Member]:
    """As they were read with the person in this request, else from the database."""
    known: list[Member] | None = getattr(user, "memberships_read", None)
    return list(queries.list_memberships(user_id=user.pk)) if known is None else known
