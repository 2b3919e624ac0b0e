"""The signs themselves, in words for a person who has to decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    TOO_FAST = "too_fast"
    MANY_SCORES = "many_scores"
    EVERY_SCORE = "every_score"
    TRAP = "trap"
    AGENT = "agent"
    NETWORK = "network"
    HEAD = "head"
    PREFETCH = "prefetch"
    DRIVEN = "driven"
    HASTY = "hasty"
    SCRIPTED = "scripted"
    JUMP = "jump"
    INSTANT = "instant"
    NO_GESTURE = "no_gesture"
    NO_COMMENT = "no_comment"

    @property
    def is_strong(self) -> bool:
        """Faint signs support a strong one. By themselves they also fit honest people: without
        scripts, with aids, or with nothing to add."""
        return self not in (Sign.INSTANT, Sign.NO_GESTURE, Sign.NO_COMMENT)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sign, and the sentence that says what was seen."""

    sign: Sign
    why: str

    @property
    def is_strong(self) -> bool:
        return self.sign.is_strong
