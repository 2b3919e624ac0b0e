"""Who forgets what of a person who asked to be erased: dotted paths, so that this file imports
nothing. All are called in one transaction (`customers.registry.Eraser`), in this order."""

from __future__ import annotations

ERASERS: tuple[str, ...] = (
    "afterscore.outreach.operations.erasing.erase",
    "afterscore.programs.operations.erasing.erase",
    "afterscore.responses.operations.erasing.erase",
    "afterscore.cases.operations.erasing.erase",
    "afterscore.insights.operations.erasing.erase",
)
