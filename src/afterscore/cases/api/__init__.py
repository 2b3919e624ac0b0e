"""The REST API of the desk: cases, what is to do in them, and what was promised, asked, given."""

from __future__ import annotations

from ninja import Router

from afterscore.cases.api import desk, keeping, steps

router = Router()
router.add_router("", desk.router)
router.add_router("", steps.router)
router.add_router("", keeping.router)

__all__ = ["router"]
