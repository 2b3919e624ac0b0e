"""Rooms of the company's chat."""

from __future__ import annotations

from afterscore.kit.errors import NotFound
from afterscore.workspaces.models import ChatRoom, Workspace


def list_rooms(*, workspace: Workspace, hearing: str = "") -> list[ChatRoom]:
    """All of them; or those that hear of something, without the ones that are switched off."""
    found = ChatRoom.objects.filter(workspace=workspace).order_by("name")
    if not hearing:
        return list(found)
    return list(found.filter(is_active=True, hears__contains=[hearing]))


def get_room(*, workspace: Workspace, public_id: str) -> ChatRoom:
    try:
        return ChatRoom.objects.select_related("workspace").get(
            workspace=workspace, public_id=public_id
        )
    except ChatRoom.DoesNotExist as error:
        raise NotFound("There is no such chat room.") from error
