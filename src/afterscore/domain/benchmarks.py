"""Other people's scores beside one's own: only with source, n, date and method, and with warnings.

Published averages of one industry differ by tens of points from source to source, mostly because
they were not measured alike. So a figure without its provenance is refused, and one with it is
compared only as far as the two were measured the same way. Rules: docs/algorithms/benchmarks.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from afterscore.domain import intervals
from afterscore.domain.nps import Tally

OLD_AFTER_DAYS = 548
"""A year and a half: most that publish do so every year."""

FEW = 100
"""Answers behind a benchmark, below which its own uncertainty is larger than most differences."""


class Method(StrEnum):
    """How scores were collected: the largest difference between any two of them."""

    RELATIONAL = "relational"
    TRANSACTIONAL = "transactional"
    PANEL = "panel"
    REVIEWS = "reviews"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Method.RELATIONAL: "asked by the company itself, about the whole relation",
    Method.TRANSACTIONAL: "asked by the company itself, after one event",
    Method.PANEL: "people of a panel, asked about companies they know",
    Method.REVIEWS: "reckoned from public reviews",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed in; anything may be missing."""

    score: float | None = None
    source: str = ""
    n: int | None = None
    collected_on: date | None = None
    method: Method | None = None
    scale: str = "0-10"
    audience: str = ""
    is_standard_question: bool = True


@dataclass(frozen=True, slots=True)
class Benchmark:
    """In points. `n` answers are behind it, the last of them given on about `collected_on`, by
    whom `audience` says. `is_standard_question`: the words of the net promoter score were used."""

    score: float
    source: str
    n: int
    collected_on: date
    method: Method
    scale: str = "0-10"
    audience: str = ""
    is_standard_question: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps a draft from being a benchmark: a field, and a sentence on what to do."""

    field: str
    sentence: str


_NO_N = (
    "Say how many answers are behind it. Where the source does not say, nobody can tell what the "
    "figure is worth: leave it out."
)


class Standing(StrEnum):
    ABOVE = "above"
    BELOW = "below"
    CANNOT_TELL = "cannot_tell"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Beside:
    """One's own score minus the benchmark in points, with its limits. The numbers of what is not
    comparable are None: they would be read as if they were."""

    standing: Standing
    difference: float | None
    low: float | None
    high: float | None
    sentence: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two intervals held beside each other, each (low, high) in points. `overlaps` is None where
    the two are not comparable, or there are no answers of one's own."""

    own: tuple[float, float] | None
    theirs: tuple[float, float]
    overlaps: bool | None
    sentence: str
    warnings: tuple[str, ...]


def gaps(draft: Draft, *, today: date) -> tuple[Gap, ...]:
    """What is missing or cannot be; empty where the draft can be taken."""
    found: list[Gap] = []
    if draft.score is None:
        found.append(Gap("score", "Say which score was published."))
    elif not -100 <= draft.score <= 100:
        found.append(Gap("score", "A net promoter score lies between −100 and 100."))
    if not draft.source.strip():
        found.append(
            Gap("source", "Say who published it and where, so that others can look it up.")
        )
    if draft.n is None or draft.n < 1:
        found.append(Gap("n", _NO_N))
    if draft.collected_on is None:
        found.append(Gap("collected_on", "Say when the answers were collected."))
    elif draft.collected_on > today:
        found.append(Gap("collected_on", "That day lies in the future."))
    if draft.method is None:
        found.append(Gap("method", "Say how the answers were collected."))
    return tuple(found)


def accept(draft: Draft, *, today: date) -> Benchmark:
    """ValueError with the first gap's sentence where something is missing."""
    found = gaps(draft, today=today)
    if found:
        raise ValueError(found[0].sentence)
    if draft.score is None or draft.n is None or draft.collected_on is None or not draft.method:
        raise AssertionError("a draft without gaps is whole")
    source = " ".join(draft.source.split())
    return Benchmark(
        score=draft.score,
        source=source,
        n=draft.n,
        collected_on=draft.collected_on,
        method=draft.method,
        scale=draft.scale,
        audience=" ".join(draft.audience.split()),
        is_standard_question=draft.is_standard_question,
    )


def compare(
    benchmark: Benchmark,
    own: Tally,
    *,
    method: Method,
    today: date,
    scale: str = "0-10",
    confidence: float = 0.95,
) -> Beside:
    """One's own answers, collected by `method` on `scale`, beside a benchmark.

    Reviews are not comparable with anything that was asked, nor are two scales. The benchmark's
    variance is the largest that its score allows, since its groups are seldom published.
    """
    told = warnings(benchmark, method=method, today=today)
    reason = _hindrance(benchmark, method=method, scale=scale)
    if reason is not None:
        return Beside(Standing.NOT_COMPARABLE, None, None, None, reason, told)
    interval = intervals.score_interval(own, confidence)
    if interval is None or own.score is None:
        return Beside(Standing.CANNOT_TELL, None, None, None, "No answers of your own yet.", told)
    theirs = _margin(benchmark, confidence)
    difference = own.score - benchmark.score
    low = difference - math.hypot(own.score - interval.low, theirs)
    high = difference + math.hypot(interval.high - own.score, theirs)
    standing = Standing.ABOVE if low > 0 else Standing.BELOW if high < 0 else Standing.CANNOT_TELL
    sentence = _sentence(standing, benchmark, difference=difference, low=low, high=high)
    return Beside(standing, difference, low, high, sentence, told)


def interval_of(benchmark: Benchmark, *, confidence: float = 0.95) -> tuple[float, float]:
    """Its own limits, as wide as its score and n allow; they end where the scale does."""
    margin = _margin(benchmark, confidence)
    return max(-100.0, benchmark.score - margin), min(100.0, benchmark.score + margin)


def beside(
    benchmark: Benchmark,
    own: Tally,
    *,
    method: Method,
    today: date,
    scale: str = "0-10",
    confidence: float = 0.95,
) -> Overlap:
    """What a page says of the two: whether the intervals overlap, and no more. A stricter rule than
    that of `compare`, for figures that were never meant for each other: what overlaps may still
    differ, and what does not may differ for reasons that have nothing to do with the customers."""
    told = warnings(benchmark, method=method, today=today)
    theirs = interval_of(benchmark, confidence=confidence)
    found = intervals.score_interval(own, confidence)
    mine = (found.low, found.high) if found is not None else None
    reason = _hindrance(benchmark, method=method, scale=scale)
    if reason is not None:
        return Overlap(mine, theirs, None, reason, told)
    if mine is None:
        return Overlap(None, theirs, None, "No answers of your own yet.", told)
    overlaps = mine[0] <= theirs[1] and theirs[0] <= mine[1]
    limits = f"Yours, {_range(mine)}, and theirs, {_range(theirs)},"
    if overlaps:
        sentence = f"{limits} overlap: no difference can be told."
    else:
        side = "above" if mine[0] > theirs[1] else "below"
        sentence = f"{limits} do not overlap: yours lies {side}."
    return Overlap(mine, theirs, overlaps, sentence, told)


def _range(limits: tuple[float, float]) -> str:
    low, high = (_plain(value) for value in limits)
    return f"{low} to {high}"


def _plain(points: float) -> str:
    text = f"{abs(points):.1f}".removesuffix(".0")
    return f"−{text}" if points < 0 and text != "0" else text


def _hindrance(benchmark: Benchmark, *, method: Method, scale: str) -> str | None:
    if benchmark.scale != scale:
        return (
            f"Not comparable: theirs was asked on {benchmark.scale}, yours on {scale}; other "
            "scales give other scores to the same people."
        )
    if (benchmark.method is Method.REVIEWS) is not (method is Method.REVIEWS):
        return (
            "Not comparable: one was reckoned from public reviews, the other was asked. Who writes "
            "reviews is not who answers surveys."
        )
    return None


def _margin(benchmark: Benchmark, confidence: float) -> float:
    """In points: with a score of s (as a proportion) no variance is above 1 - s^2, that of a
    survey without a passive."""
    widest = 1 - (benchmark.score / 100) ** 2
    return 100 * intervals.quantile(confidence) * math.sqrt(widest / benchmark.n)


def warnings(benchmark: Benchmark, *, method: Method, today: date) -> tuple[str, ...]:
    """What to bear in mind; always at least that their customers are not one's own."""
    told = ["Their customers, countries and way of asking are not yours."]
    if benchmark.method is not method:
        told.append(
            f"Collected another way: theirs {benchmark.method.label}; yours {method.label}."
        )
    if not benchmark.is_standard_question:
        told.append("Other words were asked; whoever is asked otherwise answers otherwise.")
    age = (today - benchmark.collected_on).days
    if age > OLD_AFTER_DAYS:
        told.append(f"It is {_age(age)} old.")
    if benchmark.n < FEW:
        margin = round(_margin(benchmark, 0.95))
        told.append(
            f"Only {_answers(benchmark.n)} behind it: it may be {margin} points off to either side."
        )
    return tuple(told)


def _age(days: int) -> str:
    months = round(days / 30.44)
    return f"{months} months" if months < 24 else f"{days // 365} years"


def _answers(count: int) -> str:
    return f"{count:,} answer{'' if count == 1 else 's'}"


def _sentence(
    standing: Standing, benchmark: Benchmark, *, difference: float, low: float, high: float
) -> str:
    limits = f"{_signed(low)} to {_signed(high)}"
    where = f"{benchmark.source} ({benchmark.collected_on.year}, {_answers(benchmark.n)})"
    match standing:
        case Standing.ABOVE:
            return f"Above {where}: {_signed(difference)} points ({limits})."
        case Standing.BELOW:
            return f"Below {where}: {_signed(difference)} points ({limits})."
        case _:
            return f"Cannot be told from {where}: {_signed(difference)} points ({limits})."


def _signed(points: float) -> str:
    text = f"{abs(points):.1f}".removesuffix(".0")
    if text == "0":
        return text
    return f"{'+' if points > 0 else '−'}{text}"
