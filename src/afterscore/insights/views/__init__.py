from __future__ import annotations

from afterscore.insights.views.pulse import show_pulse

__all__ = ["show_pulse"]
