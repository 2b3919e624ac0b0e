from __future__ import annotations

from afterscore.improvements.queries.matching import list_mentions, match_themes, prepare

__all__ = ["list_mentions", "match_themes", "prepare"]
