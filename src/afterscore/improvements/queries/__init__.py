from __future__ import annotations

from afterscore.improvements.queries.improving import (
    Heard,
    Knows,
    Listed,
    get_improvement,
    get_objective,
    get_voice,
    list_alive,
    list_improvements,
    list_improvements_of,
    list_objectives,
    list_suggestions,
    list_voices,
)
from afterscore.improvements.queries.matching import list_mentions, match_themes, prepare
from afterscore.improvements.queries.theming import (
    Trial,
    get_theme,
    list_themes,
    names_of,
    try_words,
)

__all__ = [
    "Heard",
    "Knows",
    "Listed",
    "Trial",
    "get_improvement",
    "get_objective",
    "get_theme",
    "get_voice",
    "list_alive",
    "list_improvements",
    "list_improvements_of",
    "list_mentions",
    "list_objectives",
    "list_suggestions",
    "list_themes",
    "list_voices",
    "match_themes",
    "names_of",
    "prepare",
    "try_words",
]
