"""Whether the score has to do with who leaves: the pairs behind AUC, and the odds by point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from afterscore.domain import intervals, outcomes
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    count,
    decimal,
    points,
    quantile_step,
)
from afterscore.domain.nps import Histogram
from afterscore.domain.relations import Slope

PAGE = "leaving"
_AREA = "Hanley and McNeil (1982), Radiology 143, p. 29-36."
_ODDS = (
    "Hosmer, Lemeshow and Sturdivant (2013), Applied Logistic Regression, 3rd ed., section 1.2; "
    "Albert and Anderson (1984), Biometrika 71, p. 1-10."
)


def area(left: Histogram, stayed: Histogram, *, confidence: float = 0.95) -> Explanation | None:
    """The pairs of one that left and one that stayed, by the scores they had given. None where
    there are too few of either."""
    found = outcomes.leaving(left, stayed, confidence=confidence)
    if found.auc is None or found.low is None or found.high is None:
        return None
    limits = f"{points(found.low)} to {points(found.high)}"
    return Explanation(
        title="In how many pairs the one that left had given less",
        says=f"In {points(100 * found.auc)} of 100 pairs of one that left and one that stayed; a "
        f"coin gives 50. As a ratio: {points(found.auc)} ({limits}).",
        steps=(
            *_pair_steps(left, stayed, found.auc),
            *_error_steps(sum(left), sum(stayed), found.auc, confidence),
        ),
        source=_AREA,
        page=PAGE,
        table=Table(
            ("Lowest score", "Left", "Stayed", "Stayed with more", "Pairs won", "Pairs tied"),
            tuple(_pair_rows(left, stayed)),
        ),
        notes=("A pair that had given the same is half won.",),
    )


def _pairs(left: Sequence[int], stayed: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Score, left, stayed, and how many stayed who had given more; scores that nobody gave are
    left out."""
    return [
        (score, left[score], stayed[score], sum(stayed[score + 1 :]))
        for score in range(len(left))
        if left[score] or stayed[score]
    ]


def _pair_rows(left: Sequence[int], stayed: Sequence[int]) -> list[tuple[str, ...]]:
    return [
        (
            str(score),
            count(gone),
            count(kept),
            count(more),
            count(gone * more),
            count(gone * kept),
        )
        for score, gone, kept, more in _pairs(left, stayed)
    ]


def _pair_steps(left: Histogram, stayed: Histogram, auc: float) -> tuple[Step, ...]:
    pairs = [each for each in _pairs(left, stayed) if each[1]]
    gone, kept = sum(left), sum(stayed)
    won = sum(number * more for _score, number, _same, more in pairs)
    tied = sum(number * same for _score, number, same, _more in pairs)
    return (
        Step("Contracts ended", "left + stayed", f"{count(gone)} + {count(kept)}",
             count(gone + kept), gone + kept),
        Step("Pairs", "left × stayed", f"{count(gone)} × {count(kept)}",
             count(gone * kept), gone * kept),
        Step("Pairs won", "Σ left × stayed with more",
             " + ".join(f"{count(number)} × {count(more)}" for _s, number, _k, more in pairs),
             count(won), won),
        Step("Pairs tied", "Σ left × stayed with the same",
             " + ".join(f"{count(number)} × {count(same)}" for _s, number, same, _m in pairs),
             count(tied), tied),
        Step("Share of the pairs", "A = (won + tied / 2) / pairs",
             f"({count(won)} + {count(tied)} / 2) / {count(gone * kept)}", decimal(auc, 6), auc),
        Step("Of a hundred pairs", "100 × A", f"100 × {decimal(auc, 6)}", points(100 * auc),
             100 * auc),
    )  # fmt: skip


def _error_steps(gone: int, kept: int, auc: float, confidence: float) -> tuple[Step, ...]:
    one, two = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = auc * (1 - auc) + (gone - 1) * (one - auc**2) + (kept - 1) * (two - auc**2)
    error = math.sqrt(max(variance, 0.0) / (gone * kept))
    z = intervals.quantile(confidence)
    a, e = decimal(auc, 8), decimal(error, 6)
    reach = f"{decimal(z, 6)} × {e}"
    low, high = max(0.0, auc - z * error), min(1.0, auc + z * error)
    return (
        Step("Two that left, one that stayed", "Q₁ = A / (2 − A)", f"{a} / (2 − {a})",
             decimal(one, 8), one),
        Step("One that left, two that stayed", "Q₂ = 2 × A² / (1 + A)",
             f"2 × {a}² / (1 + {a})", decimal(two, 8), two),
        Step(
            "Standard error",
            "E = √((A × (1 − A) + (left − 1) × (Q₁ − A²) + (stayed − 1) × (Q₂ − A²)) / pairs)",
            f"√(max(0, {a} × (1 − {a}) + ({count(gone)} − 1) × ({decimal(one, 8)} − {a}²) + "
            f"({count(kept)} − 1) × ({decimal(two, 8)} − {a}²)) / {count(gone * kept)})",
            e,
            error,
        ),
        quantile_step(confidence),
        Step("Lower limit", "A − z × E", f"max(0, {decimal(auc, 6)} − {reach})", decimal(low), low),
        Step("Upper limit", "A + z × E", f"min(1, {decimal(auc, 6)} + {reach})", decimal(high),
             high),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Expected:
    """Contracts of one score, and what the curve has of them."""

    score: int
    n: int
    left: int
    chance: float

    @property
    def expected(self) -> float:
        return self.n * self.chance

    @property
    def weight(self) -> float:
        return self.expected * (1 - self.chance)


def odds(
    left: Histogram, stayed: Histogram, slope: Slope, *, confidence: float = 0.95
) -> Explanation:
    """By how much the odds of leaving grow for each point less; `slope` goes over points less."""
    curve = [
        _Expected(
            score,
            left[score] + stayed[score],
            left[score],
            1 / (1 + math.exp(slope.slope * score - slope.start)),
        )
        for score in range(len(left))
        if left[score] or stayed[score]
    ]
    return Explanation(
        title="The odds of leaving, for each point less",
        says=f"For each point less the odds of leaving are multiplied by {points(slope.odds)} "
        f"({points(slope.low)} to {points(slope.high)}); 1 is no difference.",
        steps=(
            *_curve_steps(curve, slope),
            *_fit_steps(curve),
            *_odds_steps(curve, slope, confidence),
        ),
        source=_ODDS,
        page=PAGE,
        table=Table(
            ("Lowest score", "Contracts ended", "Left", "Chance p", "n × p", "w = n × p × (1 − p)"),
            tuple(
                (
                    str(each.score),
                    count(each.n),
                    count(each.left),
                    decimal(each.chance),
                    decimal(each.expected),
                    decimal(each.weight),
                )
                for each in curve
            ),
        ),
        notes=(
            (
                "a and b are those two numbers for which the curve has as many leaving as left, "
                "and with the same sum of scores (maximum likelihood): the two pairs of sums agree."
            ),
        ),
    )


def _curve_steps(curve: Sequence[_Expected], slope: Slope) -> tuple[Step, ...]:
    n = sum(each.n for each in curve)
    start, each_point = decimal(slope.start, 6), decimal(slope.slope, 6)
    return (
        Step("Contracts ended", "n", count(n), count(n), n),
        Step("Logarithm of the odds at a score of 0", "a", start, start, slope.start),
        Step("What each point less adds", "b, in p = 1 / (1 + exp(b × score − a))", each_point,
             each_point, slope.slope),
    )  # fmt: skip


def _fit_steps(curve: Sequence[_Expected]) -> tuple[Step, ...]:
    """The two conditions that make a and b what they are."""
    left = sum(each.left for each in curve)
    scores = sum(each.score * each.left for each in curve)
    expected = sum(each.expected for each in curve)
    expected_scores = sum(each.score * each.expected for each in curve)
    return (
        Step("Left", "as counted", " + ".join(count(each.left) for each in curve), count(left),
             left),
        Step("Leaving, by the curve", "Σ n × p",
             " + ".join(decimal(each.expected) for each in curve), points(expected), expected),
        Step("Scores of those who left, together", "Σ score × left",
             " + ".join(f"{each.score} × {count(each.left)}" for each in curve), count(scores),
             scores),
        Step("The same, by the curve", "Σ score × n × p",
             " + ".join(f"{each.score} × {decimal(each.expected)}" for each in curve),
             points(expected_scores), expected_scores),
    )  # fmt: skip


def _odds_steps(curve: Sequence[_Expected], slope: Slope, confidence: float) -> tuple[Step, ...]:
    weights = sum(each.weight for each in curve)
    middle = sum(each.weight * each.score for each in curve) / weights
    z, b, e = (
        decimal(number, 6)
        for number in (intervals.quantile(confidence), slope.slope, slope.standard_error)
    )
    m = decimal(middle, 6)
    return (
        Step(
            "Middle of the scores, weighed",
            "m = Σ w × score / Σ w",
            f"({' + '.join(f'{decimal(each.weight)} × {each.score}' for each in curve)}) / "
            f"{decimal(weights)}",
            m,
            middle,
        ),
        Step(
            "Standard error of b",
            "E = 1 / √(Σ w × (score − m)²)",
            "1 / √("
            + " + ".join(f"{decimal(each.weight)} × ({each.score} − {m})²" for each in curve)
            + ")",
            e,
            slope.standard_error,
        ),
        quantile_step(confidence),
        Step("Odds, for each point less", "exp(b)", f"exp({b})",
             decimal(slope.odds), slope.odds),
        Step("Lower limit", "exp(b − z × E)", f"exp({b} − {z} × {e})", decimal(slope.low),
             slope.low),
        Step("Upper limit", "exp(b + z × E)", f"exp({b} + {z} × {e})", decimal(slope.high),
             slope.high),
    )  # fmt: skip
