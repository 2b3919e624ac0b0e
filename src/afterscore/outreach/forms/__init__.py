from __future__ import annotations

from afterscore.outreach.forms.rooms import RoomForm
from afterscore.outreach.forms.routes import RouteForm

__all__ = ["RoomForm", "RouteForm"]
