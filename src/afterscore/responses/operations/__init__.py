"""Writing answers down."""

from __future__ import annotations

from afterscore.responses.operations.checking import LONGEST_COMMENT
from afterscore.responses.operations.recording import Recorded, record_response

__all__ = ["LONGEST_COMMENT", "Recorded", "record_response"]
