"""What a score could be at most and at least, given how many did not answer.

Without any assumption about the silent ones: if all of them were detractors, or all promoters
(Manski 1989, Journal of Human Resources 24, p. 343-360). Wide on purpose: that is how little a
response rate of a fifth says by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from afterscore.domain.nps import Tally


@dataclass(frozen=True, slots=True)
class Bounds:
    """In points. `silent` people were asked and did not answer."""

    low: float
    high: float
    silent: int

    @property
    def width(self) -> float:
        return self.high - self.low


def bounds(tally: Tally, *, asked: int) -> Bounds | None:
    """Of everybody asked. None if nobody was; ValueError if more answered than were asked."""
    if asked < tally.n:
        raise ValueError(f"{tally.n} answered, but only {asked} were asked")
    if asked == 0:
        return None
    silent = asked - tally.n
    balance = tally.promoters - tally.detractors
    return Bounds(100 * (balance - silent) / asked, 100 * (balance + silent) / asked, silent)


def supposing(tally: Tally, *, asked: int, silent_score: float) -> float | None:
    """The score of everybody asked, if the silent ones' was `silent_score`. None if nobody was."""
    found = bounds(tally, asked=asked)
    if found is None:
        return None
    return (100 * (tally.promoters - tally.detractors) + silent_score * found.silent) / asked
