"""What counts: DuckDB in this process, or a Spark cluster. Both run the same compiled analysis
over the same rows and give the same rows back."""

from __future__ import annotations

from afterscore.insights.engines.choosing import Engine, choose

__all__ = ["Engine", "choose"]
