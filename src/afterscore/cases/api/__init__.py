"""The REST API of the desk: cases, and what was promised, asked and given in them."""

from __future__ import annotations

from ninja import Router

from afterscore.cases.api import desk, keeping

router = Router()
router.add_router("", desk.router)
router.add_router("", keeping.router)

__all__ = ["router"]
