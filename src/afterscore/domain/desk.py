"""Whether people can follow up in time: answers come in, some work is done each day, the most
urgent first.

Days here are working days, counted from 0; what comes in on a closed day waits for the next one.
See docs/algorithms/drip.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from afterscore.domain.casework import DuePolicy
from afterscore.domain.nps import Group

Real = NDArray[np.float64]
_NOTHING = 1e-9

USUAL_GROUPS: Mapping[Group, float] = {
    Group.PROMOTER: 0.5,
    Group.PASSIVE: 0.3,
    Group.DETRACTOR: 0.2,
}
"""Shares of the groups where a workspace has few answers of its own."""

GROUPS_WEIGHT = 20
"""Answers that the usual shares count for beside observed ones."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """A share of the answers, and how many working days there are to follow up on them: the day
    they come in and those after it."""

    days: int
    share: float


Promise = tuple[Allowance, ...]


def promise_of(policy: DuePolicy, answers: Mapping[Group, int]) -> Promise:
    """By group, with the shares seen so far. Less than a day counts as one."""
    total = sum(answers.get(group, 0) for group in Group)
    return tuple(
        Allowance(
            max(1, int(policy.days_for(group))),
            (GROUPS_WEIGHT * USUAL_GROUPS[group] + answers.get(group, 0)) / (GROUPS_WEIGHT + total),
        )
        for group in Group
    )


@dataclass(frozen=True, slots=True)
class Course:
    """What becomes of the work: the first day on which a promise breaks, what is done each day."""

    late_on: int | None
    done: Real


def work_off(
    incoming: Sequence[float],
    *,
    capacity: Sequence[float],
    promise: Promise,
    queue: float = 0.0,
    since: int = 0,
) -> Course:
    """Follows the desk from day to day. `queue` is there from the start and comes first.

    A promise that breaks before the day `since` is not held against anybody: that work joins the
    queue.
    """
    longest = max(allowance.days for allowance in promise)
    last = len(incoming) + longest
    due = [0.0] * last
    done = np.zeros(len(incoming))
    late_on: int | None = None
    for day, amount in enumerate(incoming):
        for allowance in promise:
            due[day + allowance.days - 1] += amount * allowance.share
        left = capacity[day]
        taken = min(queue, left)
        queue, left = queue - taken, left - taken
        for deadline in range(day, day + longest):
            if left <= _NOTHING:
                break
            taken = min(due[deadline], left)
            due[deadline] -= taken
            left -= taken
        done[day] = capacity[day] - left
        if due[day] > _NOTHING:
            if day >= since and late_on is None:
                late_on = day
            queue += due[day]
            due[day] = 0.0
    return Course(late_on, done)
