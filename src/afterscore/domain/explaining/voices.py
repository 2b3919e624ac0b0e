"""Other ways to count: each account once, by revenue, and roles alike."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from afterscore.domain import intervals
from afterscore.domain import voices as reckoning
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    between,
    bracketed,
    count,
    decimal,
    points,
    quantile_step,
)
from afterscore.domain.nps import Tally
from afterscore.domain.voices import Voiced

PAGE = "voices"
_SOURCE = (
    "Kish (1965), Survey Sampling, section 8.2; Liang and Zeger (1986), Biometrika 73, p. 13-22; "
    "Korn and Graubard (1998), Survey Methodology 24, p. 193-201."
)


def by_accounts(accounts: Sequence[Tally]) -> Explanation | None:
    """None where nobody's account is known."""
    heard = [each for each in accounts if each.n]
    found = reckoning.by_accounts(heard)
    if found is None:
        return None
    return _weighted("Each account counts once", found, [(each, 1.0) for each in heard], "w = 1")


def by_revenue(accounts: Sequence[tuple[Tally, float]]) -> Explanation | None:
    """None where no account that answered has revenue."""
    heard = [(tally, revenue) for tally, revenue in accounts if tally.n and revenue > 0]
    found = reckoning.by_revenue(heard)
    if found is None:
        return None
    return _weighted("Each account counts by what it pays", found, heard, "w = revenue")


def _weighted(
    title: str, found: Voiced, heard: Sequence[tuple[Tally, float]], weight: str
) -> Explanation:
    total = sum(each for _tally, each in heard)
    summed = sum(each * (tally.promoters - tally.detractors) / tally.n for tally, each in heard)
    squares = (
        sum(each * ((tally.promoters - tally.detractors) / tally.n) ** 2 for tally, each in heard)
        / total
    )
    steps = [
        Step("Accounts", "m", count(found.accounts), count(found.accounts), found.accounts),
        Step("All weights", f"Σ w, {weight}", decimal(total, 2), decimal(total, 2), total),
        Step(
            "Weighted sum of their own scores, from −1 to 1",
            "Σ w × (promoters − detractors) / n",
            decimal(summed, 6),
            decimal(summed, 6),
            summed,
        ),
        Step(
            "Score",
            "100 × weighted sum / all weights",
            f"100 × {bracketed(summed, 6)} / {decimal(total, 2)}",
            points(found.score),
            found.score,
        ),
    ]
    if found.low is not None and found.high is not None:
        steps += _limit_steps(found, squares)
        limits = f" ({between(found.low, found.high)})"
    else:
        limits = f", without an interval: {found.accounts} accounts are too few for one"
    return Explanation(
        title=title,
        says=(
            f"{points(found.score)}{limits}, from {count(found.answers)} answers of "
            f"{count(found.accounts)} accounts."
        ),
        steps=tuple(steps),
        source=_SOURCE,
        page=PAGE,
        notes=("Answers of people without an account are not in it.",),
    )


def _limit_steps(found: Voiced, squares: float) -> list[Step]:
    n, score = found.effective_n, found.score / 100
    worth = decimal(n, 6)
    centre = n * score / (n + 3)
    error = math.sqrt(((n * squares + 1.5) / (n + 3) - centre**2) / (n + 3))
    z = decimal(intervals.quantile(0.95), 6)
    low, high = found.low or 0.0, found.high or 0.0
    middle = decimal(centre, 6)
    return [
        Step("What it is worth in independent answers", "n′", worth, worth, n),
        Step(
            "Middle, with three answers added",
            "M = n′ × s / (n′ + 3)",
            f"{worth} × {bracketed(score, 6)} / ({worth} + 3)",
            middle,
            centre,
        ),
        Step(
            "Standard error, q being the weighted mean of their squares",
            "E = √(((n′ × q + 1.5) / (n′ + 3) − M²) / (n′ + 3))",
            f"√((({worth} × {decimal(squares, 6)} + 1.5) / ({worth} + 3) − "
            f"{bracketed(centre, 6)}²) / ({worth} + 3))",
            decimal(error, 6),
            error,
        ),
        quantile_step(0.95),
        Step(
            "Lower limit, not below the scale",
            "max(−100, 100 × (M − z × E))",
            f"max(−100, 100 × ({middle} − {z} × {decimal(error, 6)}))",
            points(low),
            low,
        ),
        Step(
            "Upper limit, not above the scale",
            "min(100, 100 × (M + z × E))",
            f"min(100, 100 × ({middle} + {z} × {decimal(error, 6)}))",
            points(high),
            high,
        ),
    ]


def by_group(
    groups: Mapping[str, Tally],
    weights: Mapping[str, float],
    *,
    accounts: Sequence[Mapping[str, Tally]] = (),
) -> Explanation | None:
    """None where no group with a weight has answers."""
    found = reckoning.by_group(groups, weights, accounts=accounts)
    if found is None:
        return None
    heard = [name for name in groups if weights.get(name, 0) > 0 and groups[name].n]
    total = sum(weights[name] for name in heard)
    scores = {name: groups[name].score or 0.0 for name in heard}
    filled = " + ".join(
        f"{decimal(weights[name])} × {bracketed(scores[name], 4)}" for name in heard
    )
    return Explanation(
        title="Each role counts by a weight that was set",
        says=f"{points(found.score)} ({between(found.low, found.high)}).",
        steps=(
            Step(
                "Score",
                "Σ W × score of a role / Σ W",
                f"({filled}) / {decimal(total)}",
                points(found.score),
                found.score,
            ),
        ),
        source="Zou and Donner (2008), Statistics in Medicine 27, p. 1693-1702.",
        page=PAGE,
        table=Table(
            ("Role", "Answers", "Score", "Weight"),
            tuple(
                (name, count(groups[name].n), points(scores[name]), decimal(weights[name]))
                for name in heard
            ),
        ),
        notes=(
            (
                "Its limits add up the squares of how far each role's own limit lies from its "
                "score, by its share of the weights, and allow for people of one account being "
                "alike."
            ),
        ),
    )
