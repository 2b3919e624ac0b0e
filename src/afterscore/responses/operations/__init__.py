"""Writing answers down, and deciding what they are worth."""

from __future__ import annotations

from afterscore.responses.operations.checking import LONGEST_COMMENT, is_open, was_asked
from afterscore.responses.operations.deciding import (
    LONGEST_WHY,
    accept_answer,
    discard_answer,
    settle,
)
from afterscore.responses.operations.recording import Recorded, record_opening, record_response
from afterscore.responses.operations.visiting import forget_visits, note_visit

__all__ = [
    "LONGEST_COMMENT",
    "LONGEST_WHY",
    "Recorded",
    "accept_answer",
    "discard_answer",
    "forget_visits",
    "is_open",
    "note_visit",
    "record_opening",
    "record_response",
    "settle",
    "was_asked",
]
