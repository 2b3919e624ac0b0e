"""Asking later whether it is solved: whom, when, and what the answers say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from afterscore.domain import intervals
from afterscore.domain.casework import Outcome
from afterscore.domain.nps import Group

USUAL_DAYS = 5
"""Business days after closing: long enough to notice, short enough to remember."""

STAYS_OPEN = timedelta(days=60)
"""From the day on which the question is due. Later a new survey asks better."""


class Answer(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"

    @property
    def wakes(self) -> bool:
        """Whether there is something left to do, so that the case opens again."""
        return self is not Answer.YES


CLAIMS = frozenset({Outcome.SOLVED, Outcome.FEATURE_SHOWN})
"""Endings that say that something is better now, which the customer can confirm."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The question may be put."""


@dataclass(frozen=True, slots=True)
class Skip:
    """It is not put; `why` is a phrase for the history, or "" where nobody would miss it."""

    why: str = ""


def may_ask(*, group: Group, outcome: Outcome | None, days: int, was_asked: bool) -> Ask | Skip:
    """`days` is the workspace's wish, 0 for never; `was_asked` since this case was last closed."""
    if group is Group.PROMOTER or outcome not in CLAIMS or was_asked:
        return Skip()
    if days < 1:
        return Skip("the settings say so")
    return Ask()


@dataclass(frozen=True, slots=True)
class Result:
    """What came of the questions that were sent."""

    asked: int = 0
    yes: int = 0
    partly: int = 0
    no: int = 0

    @property
    def answered(self) -> int:
        return self.yes + self.partly + self.no

    @property
    def confirmed_ratio(self) -> float | None:
        """Of those who answered; the silent ones say nothing, neither for us nor against us."""
        return self.yes / self.answered if self.answered else None

    @property
    def limits(self) -> tuple[float, float]:
        """Wilson's, at 95 %."""
        if not self.answered:
            return 0.0, 1.0
        return intervals.wilson(self.yes / self.answered, self.answered)
