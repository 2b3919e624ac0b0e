"""The truth of the demo workspace: the model that its customers are drawn from.

Analyses are tested against it: what they estimate must cover what stands here. Loyalty is a number
on the scale of the score itself, before rounding; effects are in score points.
docs/demo.md says the same in words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Truth:
    seed: int = 20260504
    accounts: int = 400
    contacts: int = 2500
    waves: int = 6
    days_between_waves: int = 100

    base_loyalty: float = 7.3
    plan: dict[str, float] = field(
        default_factory=lambda: {"starter": -0.5, "business": 0.1, "enterprise": 0.6}
    )
    industry: dict[str, float] = field(
        default_factory=lambda: {
            "logistics": 0.5,
            "manufacturing": 0.2,
            "retail": -0.3,
            "healthcare": 0.0,
            "software": -0.2,
        }
    )
    persona: dict[str, float] = field(
        default_factory=lambda: {"decision maker": 0.2, "administrator": 0.1, "user": -0.2}
    )
    trend_per_wave: float = 0.14  # things really do get better
    account_spread: float = 1.0  # standard deviation between accounts
    contact_spread: float = 0.9  # between people of one account
    noise: float = 1.2  # from wave to wave within one person
    # How much of what sets a person apart comes from each part of the product
    drivers: dict[str, float] = field(default_factory=lambda: {"support": 0.8, "reliability": 0.5})

    # Who answers: the logit of answering one invitation, without a reminder
    answer_base: float = -2.8
    answer_when_angry: float = 0.55  # loyalty below 5: self-selection
    answer_when_delighted: float = 0.35  # loyalty above 9
    answer_persona: dict[str, float] = field(
        default_factory=lambda: {"decision maker": -0.35, "administrator": 0.25, "user": 0.0}
    )
    answer_after_closed_case: float = 0.5  # whoever was heard answers again
    reminder_answers: float = 0.06  # share of the silent whom the reminder moves
    unsubscribes: float = 0.004  # share of the asked
    reminder_unsubscribes: float = 0.006
    bounces: float = 0.012  # share of addresses that do not work
    comments: float = 0.62  # share of answers with a comment
    comments_detractors: float = 0.78

    # What the loop does: added to a person's loyalty in the next wave
    closed_in_time: float = 0.5
    closed_late: float = 0.15
    never_answered: float = -0.2

    # What loyalty does: the yearly logit of an account leaving, by its mean loyalty
    churn_base: float = -2.4
    churn_per_point: float = -0.45  # for each point of loyalty above 7


TRUTH = Truth()


ANGRY_BELOW, DELIGHTED_ABOVE = 5.0, 9.0
Level = TypeVar("Level", float, NDArray[np.float64])
"""The loyalty of one person, or of many at once."""


def chance(logit: Level) -> Level:
    return 1.0 / (1.0 + np.exp(-logit))  # type: ignore[no-any-return]


def expected_loyalty(truth: Truth, *, plan: str, industry: str, persona: str, wave: int) -> float:
    """The mean loyalty of such people in wave 1, 2, …, before anybody was followed up."""
    fixed = truth.plan[plan] + truth.industry[industry] + truth.persona[persona]
    return truth.base_loyalty + fixed + truth.trend_per_wave * (wave - 1)


def score_of(loyalty: float) -> int:
    return min(10, max(0, round(loyalty)))


def scores_of(loyalty: NDArray[np.float64]) -> NDArray[np.int64]:
    """`score_of` for many."""
    return np.clip(np.rint(loyalty), 0, 10).astype(np.int64)


def answer_chance(truth: Truth, loyalty: Level, persona: str, *, was_heard: bool) -> Level:
    """Of answering the invitation itself; the reminder is added on top for the silent."""
    usual = truth.answer_base + truth.answer_persona[persona]
    if was_heard:
        usual += truth.answer_after_closed_case
    angry = truth.answer_when_angry * (loyalty < ANGRY_BELOW)
    delighted = truth.answer_when_delighted * (loyalty > DELIGHTED_ABOVE)
    return chance(usual + angry + delighted)


def answer_regions() -> tuple[float, float]:
    """Where on the scale of loyalty the chance of answering jumps; it is flat between."""
    return ANGRY_BELOW, DELIGHTED_ABOVE


def all_answer_chance(
    truth: Truth, loyalty: Level, persona: str, *, is_reminded: bool, was_heard: bool = False
) -> Level:
    """Of answering the invitation or its reminder, with an address that works."""
    stays = 1 - truth.unsubscribes
    at_once = answer_chance(truth, loyalty, persona, was_heard=was_heard)
    later = truth.reminder_answers * (1 - truth.reminder_unsubscribes) if is_reminded else 0.0
    return stays * (at_once + (1 - at_once) * later)


def comment_chance(truth: Truth, loyalty: float) -> float:
    return truth.comments_detractors if loyalty < 6 else truth.comments


def churn_chance(truth: Truth, mean_loyalty: float) -> float:
    """Within a year."""
    return chance(truth.churn_base + truth.churn_per_point * (mean_loyalty - 7.0))
