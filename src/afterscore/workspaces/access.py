"""Who may enter a page. Views say the least role they need; the middleware asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from afterscore.domain.events import Actor
from afterscore.domain.roles import Role, at_least
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Member

View = TypeVar("View", bound=Callable[..., HttpResponse])


def needs(role: Role) -> Callable[[View], View]:
    """`@access.needs(Role.MANAGER)` on a view; without it a viewer may enter."""

    def mark(view: View) -> View:
        view.needed_role = role  # type: ignore[attr-defined]
        return view

    return mark


def needed_role(view: Any) -> Role:
    return Role(getattr(view, "needed_role", Role.VIEWER))


def refuse_unless_allowed(view: Any, member: Member) -> None:
    if not at_least(Role(member.role), needed_role(view)):
        raise PermissionDenied(f"This needs the role {needed_role(view)}.")


def member_of(request: HttpRequest) -> Member:
    """The signed-in person's membership in the workspace of the address."""
    member: Member = request.member  # type: ignore[attr-defined]
    return member


def actor_of(request: HttpRequest) -> Actor:
    return Actor("member", member_of(request).public_id)


def refuse_reading_key(request: HttpRequest) -> None:
    """Of the API: a key changes something from the role agent on. Raises Refused."""
    key = request.key  # type: ignore[attr-defined]
    if not at_least(Role(key.role), Role.AGENT):
        raise Refused("This key may only read. Use one with the role agent or more.")


def refuse_key_below(request: HttpRequest, role: Role) -> None:
    """Of the API: what only managers may change needs a key of theirs. Raises Refused."""
    key = request.key  # type: ignore[attr-defined]
    if not at_least(Role(key.role), role):
        raise Refused(f"This needs a key with the role {role.value} or more.")


def may(request: HttpRequest, role: Role) -> bool:
    return at_least(Role(member_of(request).role), role)
