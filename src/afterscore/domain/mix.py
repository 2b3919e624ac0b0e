"""Why a score changed: the same customers answer otherwise, or other customers answer.

Two halves of one difference (Kitagawa 1955, Journal of the American Statistical Association 50,
p. 1168-1194), here for a score as a weighted mean over segments: the *rate* part is what segments
changed themselves, at the average of both periods' shares; the *mix* part is what their shares
changed, at the average of both periods' scores. The two add up to the whole difference exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from afterscore.domain import compare, intervals, nps
from afterscore.domain.nps import Tally

MIX_SHARE = 0.5
"""From this part of a real change on, it is called one of the mix."""


class Verdict(StrEnum):
    NOT_ENOUGH = "not_enough"
    NOISE = "noise"
    MIX = "mix"
    REAL = "real"


@dataclass(frozen=True, slots=True)
class Part:
    """What one segment adds to the difference, in points. `score_before` and `score_after` are
    None where nobody of it answered: then all of it is mix."""

    segment: str
    before: int
    after: int
    score_before: float | None
    score_after: float | None
    rate: float
    mix: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    """In points. `rate` + `mix` = `difference`; the interval is the rate part's."""

    difference: float
    rate: float
    mix: float
    rate_low: float
    rate_high: float
    verdict: Verdict
    parts: tuple[Part, ...]


def decompose(
    before: Mapping[str, Tally],
    after: Mapping[str, Tally],
    *,
    whole: tuple[Tally, Tally] | None = None,
    confidence: float = 0.95,
) -> Decomposition | None:
    """The change from one period to the next, by segment. None where a period has no answers.

    A segment that answered in only one of the two is mix altogether: nobody knows how it would
    have answered in the other. `whole` are both periods counted by themselves, where that was done:
    an account whose people stand in several segments is one account there, so that they say better
    than the segments what all answers are worth.
    """
    first, second = nps.merge(before.values()), nps.merge(after.values())
    if whole is not None:
        first, second = (
            replace(found, design_effect=counted.design_effect)
            for found, counted in zip((first, second), whole, strict=True)
        )
    if first.n == 0 or second.n == 0:
        return None
    parts = tuple(
        _part(
            segment, before.get(segment, NOBODY), after.get(segment, NOBODY), whole=(first, second)
        )
        for segment in sorted({*before, *after})
    )
    rate, mix = sum(part.rate for part in parts), sum(part.mix for part in parts)
    reach = intervals.quantile(confidence) * _rate_error(before, after, first.n, second.n)
    low, high = rate - reach, rate + reach
    return Decomposition(
        difference=_score(second) - _score(first),
        rate=rate,
        mix=mix,
        rate_low=low,
        rate_high=high,
        verdict=_verdict(
            compare.verdict(first, second, confidence=confidence),
            rate=(low, high),
            mix_share=abs(mix) / abs(rate + mix) if rate + mix else 0.0,
        ),
        parts=parts,
    )


NOBODY = Tally(0, 0, 0)


def _score(tally: Tally) -> float:
    return tally.score or 0.0


def _part(segment: str, before: Tally, after: Tally, *, whole: tuple[Tally, Tally]) -> Part:
    """Shares add up to one in both periods, so scores may be measured from any fixed point; from
    the whole score, a growing segment adds something only where it differs from the rest."""
    first, second = whole
    share, later = before.n / first.n, after.n / second.n
    known = [_score(each) for each in (before, after) if each.n]
    middle = (_score(first) + _score(second)) / 2
    changed = _score(after) - _score(before) if before.n and after.n else 0.0
    return Part(
        segment=segment,
        before=before.n,
        after=after.n,
        score_before=before.score,
        score_after=after.score,
        rate=changed * (share + later) / 2,
        mix=(later - share) * (sum(known) / len(known) - middle) if known else 0.0,
    )


def _rate_error(
    before: Mapping[str, Tally], after: Mapping[str, Tally], first: int, second: int
) -> float:
    """The shares are taken as they are; the scores of segments in both periods vary by chance."""
    variance = 0.0
    for segment in {*before} & {*after}:
        one, other = before[segment], after[segment]
        if one.n and other.n:
            weight = 100 * (one.n / first + other.n / second) / 2
            errors = (
                intervals.adjusted_estimate(one).standard_error,
                intervals.adjusted_estimate(other).standard_error,
            )
            variance += weight**2 * sum(error**2 for error in errors)
    return math.sqrt(variance)


def _verdict(whole: compare.Change, *, rate: tuple[float, float], mix_share: float) -> Verdict:
    """Real only where what segments changed themselves is beyond chance. A change that as a whole
    is beyond chance, while its rate part is not and its mix part makes up half of it, is mix."""
    if whole is compare.Change.NOT_ENOUGH:
        return Verdict.NOT_ENOUGH
    if whole is compare.Change.NOISE:
        return Verdict.NOISE
    low, high = rate
    is_beyond_chance = low > 0 if whole is compare.Change.RISE else high < 0
    if is_beyond_chance:
        return Verdict.REAL
    return Verdict.MIX if mix_share >= MIX_SHARE else Verdict.NOT_ENOUGH
