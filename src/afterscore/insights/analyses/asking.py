"""What may be asked of the answers, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from afterscore.domain import alike
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Histogram, Tally

MOST_KEYS = 3
ACCOUNT_NAME = "account.name"

Operator = Literal["is", "is_not", "at_least", "at_most", "is_empty"]


@dataclass(frozen=True, slots=True)
class Condition:
    """`is` any of the values, `is_not` any of them (an answer without a value is not any),
    `at_least` and `at_most` the one value, or `is_empty`."""

    dimension: str
    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Of counted answers received from `since` on and before `until` (days in the workspace's time
    zone) for which all conditions hold; apart by the dimensions `by`, at most three.

    By "theme" an answer stands under each of its themes: those cells add up to more than there are
    answers. With `with_voices` each cell knows how much people of one account think alike; without
    it answers are taken for independent. Without `with_scores` a cell tells detractors, passives
    and promoters, and no histogram: then one look at each answer is enough. With `with_accounts`
    each cell also tells its accounts and what they pay, which is a pass of its own: of millions of
    answers it costs about ten times as much as the rest.
    """

    since: date | None = None
    until: date | None = None
    conditions: tuple[Condition, ...] = ()
    by: tuple[str, ...] = ()
    with_accounts: bool = False
    with_comments: bool = False
    with_voices: bool = True
    with_scores: bool = True

    @property
    def is_of_chosen_accounts(self) -> bool:
        """Whether accounts are asked for by name. Then the score is theirs, and says nothing of
        others: their people are all that chance is in."""
        chosen = any(
            each.dimension == ACCOUNT_NAME and each.operator == "is" for each in self.conditions
        )
        return chosen or ACCOUNT_NAME in self.by

    @property
    def tells_voices(self) -> bool:
        return self.with_voices and not self.is_of_chosen_accounts

    @property
    def tells_scores(self) -> bool:
        """Groups without scores are found by the way, where accounts are summed."""
        return self.with_scores or self.with_comments or not self.tells_voices


@dataclass(frozen=True, slots=True)
class Cell:
    """`keys` in the order of `Question.by`: None where there is no value; days, weeks, months and
    quarters as the ISO date of their first day. `revenue` is a year's, in the workspace's currency,
    each account once, with the most it paid at one of these answers; None where no account has any.
    What nobody asked for is None. `voices` are sums over accounts, whoever has none being one of
    her own."""

    keys: tuple[str | None, ...]
    groups: Tally  # of answers, whoever gave them
    scores: Histogram | None = None
    commented: int | None = None
    revenue: Decimal | None = None
    accounts: int | None = None
    voices: Sums | None = None

    @property
    def tally(self) -> Tally:
        return replace(self.groups, design_effect=alike.design_effect(self.voices))

    @property
    def histogram(self) -> Histogram:
        """Raises LookupError where the question did not ask for scores."""
        if self.scores is None:
            raise LookupError("nobody asked how many answers there are of each score")
        return self.scores
