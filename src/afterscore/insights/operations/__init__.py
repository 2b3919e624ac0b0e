from __future__ import annotations

from afterscore.insights.operations.reading import forget_readings, note_reading

__all__ = ["forget_readings", "note_reading"]
