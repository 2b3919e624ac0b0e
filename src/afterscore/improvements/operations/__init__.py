from __future__ import annotations

from afterscore.improvements.operations.improving import (
    Proposal,
    finish_improvement,
    move_improvement,
    save_improvement,
)
from afterscore.improvements.operations.objectives import end_objective, save_objective
from afterscore.improvements.operations.theming import plant_themes, save_theme
from afterscore.improvements.operations.voices import (
    link_voices,
    note_not_told,
    note_told,
    unlink_voice,
)

__all__ = [
    "Proposal",
    "end_objective",
    "finish_improvement",
    "link_voices",
    "move_improvement",
    "note_not_told",
    "note_told",
    "plant_themes",
    "save_improvement",
    "save_objective",
    "save_theme",
    "unlink_voice",
]
