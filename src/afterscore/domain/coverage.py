"""Who was asked, who answered, and who never was: whether only happy customers had a say.

Two groups are set side by side on what is known of everybody (health, usage, tickets, complaints,
revenue), by the standardised difference of their means (Cohen 1988; its error after Hedges and
Olkin 1985, Statistical Methods for Meta-Analysis, p. 86). Unlike a p-value it does not grow with
the number of customers: a tenth of a standard deviation is a tenth in a large company too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from afterscore.domain import intervals

EVEN, MODERATE, STRONG = 0.1, 0.25, 0.5
"""Below the first the groups count as alike (Austin 2009, Statistics in Medicine 28, p. 3083)."""

FEWEST = 20
"""Independent people in each group, before anything is said."""


class Criterion(StrEnum):
    """On what the two groups are compared; the first four are how happy customers are picked."""

    COMPLAINTS = "complaints"
    HEALTH = "health"
    USAGE = "usage"
    TICKETS = "tickets"
    REVENUE = "revenue"

    @property
    def flatters_when_higher(self) -> bool | None:
        """Whether more of it among those who are heard makes the score look better; None where it
        says nothing of that."""
        return _FLATTERS[self]


_FLATTERS: dict[Criterion, bool | None] = {
    Criterion.COMPLAINTS: False,
    Criterion.HEALTH: True,
    Criterion.USAGE: True,
    Criterion.TICKETS: False,
    Criterion.REVENUE: None,
}


@dataclass(frozen=True, slots=True)
class Crowd:
    """A group as sums: how many, of what, and of its squares.

    `worth` is of how many independent people it tells as much: what is known of a company is the
    same for all of its people, so ten of one are worth one (Kish 1965, Survey Sampling, p. 162,
    with everybody of a company alike). None where each is known by themselves.
    """

    n: int
    total: float
    squares: float
    worth: float | None = None

    @property
    def independent(self) -> float:
        return self.n if self.worth is None else self.worth

    @property
    def mean(self) -> float:
        return self.total / self.n

    @property
    def variance(self) -> float:
        """With n - 1; 0 for one person."""
        if self.n < 2:
            return 0.0
        return max(0.0, (self.squares - self.total**2 / self.n) / (self.n - 1))


class Lean(StrEnum):
    """What may be said of one criterion."""

    CANNOT_TELL = "cannot_tell"
    EVEN = "even"
    FLATTERING = "flattering"  # who is heard is happier than who is not
    UNFLATTERING = "unflattering"
    DIFFERENT = "different"  # in something that says nothing of happiness


@dataclass(frozen=True, slots=True)
class Finding:
    """`difference` is heard minus unheard, in standard deviations, with its limits; None where
    there are too few in a group, or everybody is the same."""

    criterion: Criterion
    heard: Crowd
    unheard: Crowd
    difference: float | None
    low: float | None
    high: float | None
    lean: Lean


class Grade(StrEnum):
    """Of a whole survey: by its strongest flattering difference that is beyond chance."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Audit:
    findings: tuple[Finding, ...]
    grade: Grade
    unknown: tuple[Criterion, ...]  # nothing is recorded of it


def compare(
    criterion: Criterion, heard: Crowd, unheard: Crowd, *, confidence: float = 0.95
) -> Finding:
    """EVEN needs limits within a quarter of a standard deviation: that a difference was not found
    is not enough."""
    spread = spread_of(heard, unheard)
    fewest = min(heard.independent, unheard.independent)
    if fewest < FEWEST or spread == 0:
        is_same = fewest >= FEWEST and heard.mean == unheard.mean
        lean = Lean.EVEN if is_same else Lean.CANNOT_TELL
        return Finding(criterion, heard, unheard, None, None, None, lean)
    difference = (heard.mean - unheard.mean) / spread
    reach = intervals.quantile(confidence) * error_of(difference, heard, unheard)
    low, high = difference - reach, difference + reach
    lean = _lean(criterion, difference, low, high)
    return Finding(criterion, heard, unheard, difference, low, high, lean)


def spread_of(heard: Crowd, unheard: Crowd) -> float:
    """The standard deviation of both, in which their means are set apart."""
    return math.sqrt((heard.variance + unheard.variance) / 2)


def error_of(difference: float, heard: Crowd, unheard: Crowd) -> float:
    """The standard error of a standardised difference."""
    first, second = heard.independent, unheard.independent
    return math.sqrt(1 / first + 1 / second + difference**2 / (2 * (first + second)))


def _lean(criterion: Criterion, difference: float, low: float, high: float) -> Lean:
    is_beyond_chance = low > 0 or high < 0
    if is_beyond_chance and abs(difference) >= EVEN:
        flatters = criterion.flatters_when_higher
        if flatters is None:
            return Lean.DIFFERENT
        return Lean.FLATTERING if (difference > 0) is flatters else Lean.UNFLATTERING
    if max(abs(low), abs(high)) <= MODERATE:
        return Lean.EVEN
    return Lean.CANNOT_TELL


def audit(findings: Sequence[Finding]) -> Audit:
    """A: nothing flatters; B: below a quarter of a standard deviation, C: below a half, D: more.

    Unknown as long as not one of the four criteria of happiness can be told, and A needs all that
    are known to be even: what could not be told may hide something.
    """
    unknown = tuple(
        criterion for criterion in Criterion if criterion not in {f.criterion for f in findings}
    )
    happy = [each for each in findings if each.criterion.flatters_when_higher is not None]
    told = [each for each in happy if each.lean is not Lean.CANNOT_TELL]
    worst = max(
        (abs(each.difference or 0.0) for each in told if each.lean is Lean.FLATTERING), default=0.0
    )
    if not told:
        grade = Grade.UNKNOWN
    elif worst >= STRONG:
        grade = Grade.D
    elif worst >= MODERATE:
        grade = Grade.C
    elif worst or len(told) < len(happy):
        grade = Grade.B
    else:
        grade = Grade.A
    return Audit(tuple(findings), grade, unknown)
