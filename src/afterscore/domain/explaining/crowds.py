"""Two groups set side by side on what is known of everybody: their means, and how far apart."""

from __future__ import annotations

from afterscore.domain import coverage, intervals
from afterscore.domain.coverage import Crowd, Finding
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    between,
    bracketed,
    count,
    decimal,
    points,
    quantile_step,
    signed,
)

PAGE = "changes-and-segments"
_SOURCE = (
    "Cohen (1988), Statistical Power Analysis, 2nd ed., p. 66-67; Hedges and Olkin (1985), "
    "Statistical Methods for Meta-Analysis, p. 86; Kish (1965), Survey Sampling, p. 162; Austin "
    "(2009), Statistics in Medicine 28, p. 3083-3107."
)


def mean(crowd: Crowd, *, title: str) -> Explanation | None:
    """None where it is known of nobody."""
    if not crowd.n:
        return None
    people = "person" if crowd.n == 1 else "people"
    return Explanation(
        title=title,
        says=f"{points(crowd.mean)}, of the {count(crowd.n)} {people} of whom it is known.",
        steps=(_mean_step("Mean", crowd),),
        source="Counted.",
        page=PAGE,
        notes=(
            (
                "What is known of a company is the same for each of its people, so a large company "
                "is in the mean as often as it has people."
            ),
        ),
    )


def standardised(
    finding: Finding, *, title: str, names: tuple[str, str], confidence: float = 0.95
) -> Explanation | None:
    """Heard minus unheard in standard deviations. None where there is no such number."""
    found, low, high = finding.difference, finding.low, finding.high
    if found is None or low is None or high is None:
        return None
    return Explanation(
        title=title,
        says=f"{signed(found)} standard deviations ({between(low, high)}): {names[0]} minus "
        f"{names[1]}.",
        steps=(
            *_crowd_steps(finding.heard, names[0]),
            *_crowd_steps(finding.unheard, names[1]),
            *_difference_steps(finding, names, found),
            quantile_step(confidence),
            *_limit_steps(finding, found, confidence),
        ),
        source=_SOURCE,
        page=PAGE,
        notes=(
            (
                "In standard deviations, so that it does not grow with the number of customers: "
                "below 0.1 the groups count as alike."
            ),
            (
                "What is known of a company is the same for all of its people, so that ten of one "
                "company are worth one: the limits reckon with what the people are worth."
            ),
        ),
    )


def _mean_step(label: str, crowd: Crowd) -> Step:
    return Step(
        label,
        "sum of all / n",
        f"{bracketed(crowd.total)} / {count(crowd.n)}",
        decimal(crowd.mean, 6),
        crowd.mean,
    )


def _crowd_steps(crowd: Crowd, name: str) -> tuple[Step, ...]:
    n, worth = count(crowd.n), crowd.independent
    return (
        _mean_step(f"Mean, {name}", crowd),
        Step(
            f"Variance, {name}",
            "V = (sum of all squares − (sum of all)² / n) / (n − 1)",
            f"({decimal(crowd.squares)} − {bracketed(crowd.total)}² / {n}) / ({n} − 1)",
            decimal(crowd.variance, 6),
            crowd.variance,
        ),
        Step(
            f"What the people are worth, {name}",
            "n′ = n² / Σ m², m being how many are of one company",
            f"{n}² / {decimal(crowd.n**2 / worth)}",
            decimal(worth, 4),
            worth,
        ),
    )


def _difference_steps(
    finding: Finding, names: tuple[str, str], found: float
) -> tuple[Step, Step, Step, Step]:
    heard, unheard = finding.heard, finding.unheard
    spread = coverage.spread_of(heard, unheard)
    error = coverage.error_of(found, heard, unheard)
    first, second = (decimal(each.independent, 4) for each in (heard, unheard))
    return (
        Step(
            "People compared",
            "n + n",
            f"{count(heard.n)} + {count(unheard.n)}",
            count(heard.n + unheard.n),
            heard.n + unheard.n,
        ),
        Step(
            "Standard deviation of both",
            "s = √((V + V) / 2)",
            f"√(({decimal(heard.variance, 6)} + {decimal(unheard.variance, 6)}) / 2)",
            decimal(spread, 6),
            spread,
        ),
        Step(
            "Difference",
            f"d = (mean of {names[0]} − mean of {names[1]}) / s",
            f"({decimal(heard.mean, 6)} − {bracketed(unheard.mean, 6)}) / {decimal(spread, 6)}",
            points(found),
            found,
        ),
        Step(
            "Its standard error",
            "E = √(1 / n′ + 1 / n′ + d² / (2 × (n′ + n′)))",
            f"√(1 / {first} + 1 / {second} + {bracketed(found, 6)}² / (2 × ({first} + {second})))",
            decimal(error, 6),
            error,
        ),
    )


def _limit_steps(finding: Finding, found: float, confidence: float) -> tuple[Step, Step]:
    z = intervals.quantile(confidence)
    error = coverage.error_of(found, finding.heard, finding.unheard)
    start, reach = decimal(found, 6), f"{decimal(z, 6)} × {decimal(error, 6)}"
    low, high = found - z * error, found + z * error
    return (
        Step("Lower limit", "d − z × E", f"{start} − {reach}", points(low), low),
        Step("Upper limit", "d + z × E", f"{start} + {reach}", points(high), high),
    )
