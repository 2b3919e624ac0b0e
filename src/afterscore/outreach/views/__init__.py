from __future__ import annotations

from afterscore.outreach.views.outbox import (
    confirm,
    html,
    message,
    outbox,
    send_again,
    trust_address,
)
from afterscore.outreach.views.returns import came_back, came_back_once
from afterscore.outreach.views.rooms import (
    edit_room,
    list_rooms,
    new_room,
    remove_room,
    try_room,
)
from afterscore.outreach.views.routes import (
    choose_provider,
    edit_route,
    list_routes,
    new_route,
    remove_route,
    renew_address,
    try_route,
)

__all__ = [
    "came_back",
    "came_back_once",
    "choose_provider",
    "confirm",
    "edit_room",
    "edit_route",
    "html",
    "list_rooms",
    "list_routes",
    "message",
    "new_room",
    "new_route",
    "outbox",
    "remove_room",
    "remove_route",
    "renew_address",
    "send_again",
    "trust_address",
    "try_room",
    "try_route",
]
