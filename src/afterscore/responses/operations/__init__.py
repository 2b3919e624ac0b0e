"""Writing answers down."""

from __future__ import annotations

from afterscore.responses.operations.checking import LONGEST_COMMENT, is_open, was_asked
from afterscore.responses.operations.recording import Recorded, record_response

__all__ = ["LONGEST_COMMENT", "Recorded", "is_open", "record_response", "was_asked"]
