"""Two scores: how far apart, how sure, and whether others answered."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

from afterscore.domain import compare, intervals, power
from afterscore.domain import mix as mixing
from afterscore.domain.compare import Change
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    answers,
    between,
    bracketed,
    count,
    decimal,
    percent,
    points,
    quantile_step,
    signed,
)
from afterscore.domain.intervals import Estimate
from afterscore.domain.nps import Tally

_SOURCE_DIFFERENCE = (
    "MeasuringU, “How to statistically compare two Net Promoter Scores”; Rocks (2016), The "
    "American Statistician 70(4), p. 365-372."
)
_VERDICTS = {
    Change.RISE: "beyond chance: a rise",
    Change.FALL: "beyond chance: a fall",
    Change.NOISE: "within what chance gives",
    Change.NOT_ENOUGH: "cannot be told yet",
}


def difference(
    first: Tally,
    second: Tally,
    *,
    names: tuple[str, str] = ("before", "now"),
    confidence: float = 0.95,
) -> Explanation | None:
    """Second minus first. None if either has no answers."""
    found = compare.compare(first, second, confidence)
    if found is None:
        return None
    apart = compare.apart(first, second)
    one, two = intervals.adjusted_estimate(first), intervals.adjusted_estimate(second)
    verdict = _VERDICTS[compare.verdict(first, second, confidence=confidence)]
    return Explanation(
        title="The difference of two scores",
        says=f"{signed(apart)} points ({between(found.low, found.high)}): {verdict}.",
        steps=(
            Step(
                "Difference of the two scores",
                f"score of {names[1]} − score of {names[0]}",
                f"{decimal(second.score or 0.0, 6)} − {bracketed(first.score or 0.0, 6)}",
                points(apart),
                apart,
            ),
            *_estimate_steps(names[0], first, one),
            *_estimate_steps(names[1], second, two),
            Step(
                "Difference, with three answers added to each",
                f"100 × (s of {names[1]} − s of {names[0]})",
                f"100 × ({decimal(two.score, 6)} − {bracketed(one.score, 6)})",
                points(found.difference),
                found.difference,
            ),
            Step(
                "Its standard error",
                "100 × √(V / n + V / n), of both",
                f"100 × √({decimal(one.variance, 6)} / {decimal(one.n)} + "
                f"{decimal(two.variance, 6)} / {decimal(two.n)})",
                points(found.standard_error),
                found.standard_error,
            ),
            quantile_step(confidence),
            *_limits(found.difference, found.standard_error, confidence),
        ),
        source=_SOURCE_DIFFERENCE,
        page="nps-and-intervals",
        notes=(
            (
                "Three answers are added to each side (¾ promoter, 1½ passives, ¾ detractor), so "
                "that a few answers that agree are not taken for certainty."
            ),
            (
                f"If nothing had changed, chance alone would show a difference of this size or "
                f"more with a probability of {decimal(found.p_value, 4)}."
            ),
        ),
    )


def _estimate_steps(name: str, tally: Tally, estimate: Estimate) -> tuple[Step, ...]:
    """Score and variance with the three answers added; all as proportions."""
    is_plain = tally.design_effect == 1
    n = f"({count(tally.n) if is_plain else decimal(tally.worth, 6)} + 3)"
    over = "" if is_plain else f" / {decimal(tally.design_effect, 6)}"
    per, worth = ("", "n") if is_plain else (" / d", "n′")
    return (
        *(() if is_plain else (_worth_step(name, tally),)),
        Step(
            f"Score, {name}",
            f"s = (promoters − detractors){per} / ({worth} + 3)",
            f"({count(tally.promoters)} − {count(tally.detractors)}){over} / {n}",
            decimal(estimate.score, 6),
            estimate.score,
        ),
        Step(
            f"Variance of one answer, {name}",
            f"V = ((promoters + detractors){per} + 1.5) / ({worth} + 3) − s²",
            f"(({count(tally.promoters)} + {count(tally.detractors)}){over} + 1.5) / {n} − "
            f"{bracketed(estimate.score, 6)}²",
            decimal(estimate.variance, 6),
            estimate.variance,
        ),
    )


def _worth_step(name: str, tally: Tally) -> Step:
    """Where people of one account think alike."""
    return Step(
        f"What the answers are worth, {name}",
        "n′ = n / d, by the design effect",
        f"{count(tally.n)} / {decimal(tally.design_effect, 6)}",
        decimal(tally.worth, 4),
        tally.worth,
    )


def _limits(value: float, error: float, confidence: float) -> tuple[Step, Step]:
    z = intervals.quantile(confidence)
    low, high = value - z * error, value + z * error
    start, reach = decimal(value, 4), f"{decimal(z, 6)} × {decimal(error, 4)}"
    return (
        Step("Lower limit", "value − z × standard error", f"{start} − {reach}", points(low), low),
        Step("Upper limit", "value + z × standard error", f"{start} + {reach}", points(high), high),
    )


ANSWER_OTHERWISE, OTHER_SHARES = "Answer otherwise", "Other shares"
"""The two parts, as the page heads its columns."""


def mix(
    before: Mapping[str, Tally],
    after: Mapping[str, Tally],
    *,
    names: tuple[str, str] = ("before", "now"),
    are_groups: bool = False,
    confidence: float = 0.95,
) -> Explanation | None:
    """Kitagawa's two parts, of two periods or of two groups of customers. None where one of them
    has no answers."""
    found = mixing.decompose(before, after, confidence=confidence)
    if found is None:
        return None
    rates = [part.rate for part in found.parts]
    mixes = [part.mix for part in found.parts]
    return Explanation(
        title="Where does it come from?"
        if are_groups
        else "Did they change, or did others answer?",
        says=(
            f"Of {signed(found.difference)} points {signed(found.rate)} are because the same kinds "
            f"of customers answer otherwise ({between(found.rate_low, found.rate_high)}), and "
            f"{signed(found.mix)} because "
            + ("the two are made up differently." if are_groups else "other kinds answered.")
        ),
        steps=(
            Step(
                ANSWER_OTHERWISE,
                "rate = Σ (s₂ − s₁) × (w₁ + w₂) / 2",
                _sum_of(rates),
                points(found.rate),
                found.rate,
            ),
            Step(
                OTHER_SHARES,
                "mix = Σ (w₂ − w₁) × ((s₁ + s₂) / 2 − middle)",
                _sum_of(mixes),
                points(found.mix),
                found.mix,
            ),
            Step(
                "Both together",
                "rate + mix",
                f"{decimal(found.rate)} + {bracketed(found.mix)}",
                points(found.difference),
                found.difference,
            ),
        ),
        source="Kitagawa (1955), Journal of the American Statistical Association 50, p. 1168-1194.",
        page="changes-and-segments",
        table=_mix_table(found, names),
        notes=(
            (
                f"s are the scores of a segment, w its shares of the answers: {names[0]} (1) and "
                f"{names[1]} (2)."
            ),
            f"The limits of the rate part are for {percent(confidence)}.",
        ),
    )


def _sum_of(parts: list[float]) -> str:
    return " + ".join(bracketed(part) for part in parts)


def _mix_table(found: mixing.Decomposition, names: tuple[str, str]) -> Table:
    first = sum(part.before for part in found.parts)
    second = sum(part.after for part in found.parts)
    return Table(
        (
            "Segment",
            *(f"Score, {name}" for name in names),
            *(f"Answers, {name}" for name in names),
            ANSWER_OTHERWISE,
            OTHER_SHARES,
        ),
        tuple(
            (
                part.segment,
                "no answers" if part.score_before is None else points(part.score_before),
                "no answers" if part.score_after is None else points(part.score_after),
                f"{count(part.before)}, {decimal(100 * part.before / first, 1)} %",
                f"{count(part.after)}, {decimal(100 * part.after / second, 1)} %",
                signed(part.rate),
                signed(part.mix),
            )
            for part in found.parts
        ),
    )


def noticeable(
    before: int, after: int, *, design_effect: float = 1.0, confidence: float = 0.95
) -> Explanation | None:
    """The smallest change that so many answers show. None where none would."""
    found = power.noticeable(before / design_effect, after / design_effect, confidence=confidence)
    if found is None:
        return None
    z, more = intervals.quantile(confidence), NormalDist().inv_cdf(power.POWER)
    variance = decimal(intervals.TYPICAL_VARIANCE)
    is_plain = design_effect == 1
    per, over = ("", "") if is_plain else (" / d", f" / {decimal(design_effect, 6)}")
    return Explanation(
        title="Which change would show",
        says=(
            f"{answers(before)} before and {count(after)} now show a true change of "
            f"{count(math.ceil(found))} points four times in five."
        ),
        steps=(
            quantile_step(confidence),
            Step(
                f"How far {percent(power.POWER)} reaches",
                "z of the power",
                decimal(more, 6),
                decimal(more, 6),
                more,
            ),
            Step(
                "Smallest change that shows",
                f"100 × (z + z of the power) × √(V / (n₁{per} + 3) + V / (n₂{per} + 3))",
                f"100 × ({decimal(z, 6)} + {decimal(more, 6)}) × "
                f"√({variance} / ({count(before)}{over} + 3) + "
                f"{variance} / ({count(after)}{over} + 3))",
                points(found),
                found,
            ),
        ),
        source="Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, ch. 2.",
        page="changes-and-segments",
        notes=(
            f"V = {variance} is the variance of one answer in most surveys.",
            *(
                ()
                if is_plain
                else ("d is the design effect: so many answers are worth one independent one.",)
            ),
        ),
    )
