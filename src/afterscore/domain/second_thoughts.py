"""A customer changes an answer that she has given: what it means to those who work on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from afterscore.domain import nps

SITTING = timedelta(hours=1)
"""Most comments come a moment after the score; so long it is one answer that is being given."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the score was and is, and what became of the comment: "added", "changed", "removed", or
    "" where it is as it was."""

    before: int
    score: int
    comment: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.comment) or self.before != self.score

    @property
    def is_worse(self) -> bool:
        """A lower group; within a group a point more or less says little."""
        return self.score < min(nps.scores_of(nps.group_of(self.before)))

    @property
    def is_word(self) -> bool:
        """Whether it says something that wants an answer of its own."""
        return self.comment in {"added", "changed"} or self.is_worse

    @property
    def deeds(self) -> tuple[str, ...]:
        """Predicates, to be told of the customer."""
        found = []
        if self.before != self.score:
            found.append(f"changed the score from {self.before} to {self.score}")
        if self.comment:
            found.append(f"{self.comment} {'a' if self.comment == 'added' else 'the'} comment")
        return tuple(found)


def comment_deed(*, before: str, now: str) -> str:
    """What became of a comment; texts or keys of texts, "" where there is none."""
    if before == now:
        return ""
    return "changed" if before and now else "added" if now else "removed"


def is_same_sitting(*, answered_at: datetime, changed_at: datetime) -> bool:
    return changed_at - answered_at <= SITTING
