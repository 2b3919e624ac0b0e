"""Scores over time, and a sentence that says no more than the numbers bear."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from afterscore.domain import compare, periods
from afterscore.domain.compare import Change
from afterscore.domain.nps import Tally


@dataclass(frozen=True, slots=True)
class Period:
    """Answers from `start` on and before `end`."""

    start: date
    end: date
    tally: Tally

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a period ends after it starts")


def months_between(first: date, last: date) -> list[date]:
    """The first days of all months from `first`'s to `last`'s, both included."""
    return periods.month_starts(first, last)


@dataclass(frozen=True, slots=True)
class ChangeSentence:
    """A verdict in words.

    `comparison` is None if either side has no answers; `needed` is about how many answers the
    current side takes for a verdict, None if it has them or no number would do.
    """

    kind: Change
    sentence: str
    comparison: compare.Comparison | None = None
    needed: int | None = None


def describe_change(previous: Tally, current: Tally) -> ChangeSentence:
    """What may be said of the way from the previous score to the current one."""
    kind = compare.verdict(previous, current)
    comparison = compare.compare(previous, current)
    if kind is Change.NOT_ENOUGH or comparison is None:
        return _not_enough(previous, current, comparison)
    return ChangeSentence(kind, _sentence(kind, previous, current, comparison), comparison)


def _not_enough(
    previous: Tally, current: Tally, comparison: compare.Comparison | None
) -> ChangeSentence:
    kind = Change.NOT_ENOUGH
    if previous.n == 0:
        return ChangeSentence(kind, "Nothing to compare with yet: no earlier answers.")
    if current.n == 0:
        return ChangeSentence(kind, "No answers yet.")
    needed = compare.answers_needed(previous, current)
    if needed is None:
        return ChangeSentence(kind, _too_few_before(previous, current, comparison), comparison)
    return ChangeSentence(
        kind,
        f"Can't tell yet: {_answers(current.n)}, we would need about {rounded(needed):,}.",
        comparison,
        needed,
    )


def _too_few_before(previous: Tally, current: Tally, comparison: compare.Comparison | None) -> str:
    if comparison is None or previous.n < compare.MINIMUM_ANSWERS:
        return f"Can't tell: only {_answers(previous.n)} last time, too few to compare with."
    return (
        f"Can't tell: with {_answers(previous.n)} last time and {current.n:,} now, a change under "
        f"{round(comparison.margin)} points does not show."
    )


def _sentence(kind: Change, previous: Tally, current: Tally, comparison: compare.Comparison) -> str:
    difference = round(compare.apart(previous, current), 1)
    interval = limits_words(comparison.low, comparison.high)
    match kind:
        case Change.RISE:
            return f"A real change: up {_points(difference)} ({interval})."
        case Change.FALL:
            return f"A real change: down {_points(difference)} ({interval})."
        case _:
            moved = _moved(difference)
            return f"No real change: {moved}, within what chance gives ({interval})."


def _moved(difference: float) -> str:
    if difference == 0:
        return "the same score"
    return f"{'up' if difference > 0 else 'down'} {_points(difference)}"


def _points(difference: float) -> str:
    if difference == 0:
        return "less than a point"
    return points_words(difference)


def points_words(difference: float) -> str:
    """Without a sign, to a tenth: "1 point", "20.4 points", "7 points"."""
    count = f"{abs(difference):.1f}".removesuffix(".0")
    return f"{count} point{'' if count == '1' else 's'}"


def _answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"


def limits_words(low: float, high: float) -> str:
    """With as many digits as it takes to see on which side of 0 each limit lies, at most three."""
    digits = next((n for n in range(3) if round(low, n) and round(high, n)), 3)
    return f"{_signed(low, digits)} to {_signed(high, digits)}"


def _signed(points: float, digits: int) -> str:
    return f"{'+' if points > 0 else '−'}{abs(points):.{digits}f}"


def rounded(needed: int) -> int:
    """Up to two leading digits: "about 90" and "about 1,100" promise no false precision."""
    step: int = 10 ** max(1, len(str(needed)) - 2)
    return -(-needed // step) * step
