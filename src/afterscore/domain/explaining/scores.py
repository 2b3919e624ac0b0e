"""One score: how it is counted, how sure it is, and what it could be at most."""

from __future__ import annotations

import math

from afterscore.domain import bounds as bounding
from afterscore.domain import intervals, nps
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    answers,
    between,
    bracketed,
    count,
    decimal,
    percent,
    points,
    quantile_step,
)
from afterscore.domain.nps import Group, Histogram, Tally

PAGE = "nps-and-intervals"
_SOURCE_SCORE = "Reichheld (2003), Harvard Business Review 81(12), p. 46-54."
_SOURCE_INTERVAL = (
    "Tango (1998), Statistics in Medicine 17, p. 891-908; Rocks (2016), The American Statistician "
    "70(4), p. 365-372."
)
_LABELS = {
    Group.PROMOTER: "Promoters",
    Group.PASSIVE: "Passives",
    Group.DETRACTOR: "Detractors",
}


def score(histogram: Histogram) -> Explanation | None:
    """From eleven counts. None without answers."""
    tally = nps.tally(histogram)
    if tally.score is None:
        return None
    return Explanation(
        title="The score",
        says=f"{points(tally.score)} from {answers(tally.n)}.",
        steps=(
            *(_group_step(group, histogram) for group in Group),
            Step(
                "All answers",
                "n = promoters + passives + detractors",
                f"{count(tally.promoters)} + {count(tally.passives)} + {count(tally.detractors)}",
                count(tally.n),
                tally.n,
            ),
            Step(
                "Score",
                "100 × (promoters − detractors) / n",
                f"100 × ({count(tally.promoters)} − {count(tally.detractors)}) / {count(tally.n)}",
                points(tally.score),
                tally.score,
            ),
        ),
        source=_SOURCE_SCORE,
        page=PAGE,
        notes=("Only whole scores from 0 to 10 count; whoever gave none is left out.",),
    )


def _group_step(group: Group, histogram: Histogram) -> Step:
    scores = nps.scores_of(group)
    total = sum(histogram[each] for each in scores)
    return Step(
        _LABELS[group],
        f"answers from {scores[0]} to {scores[-1]}",
        " + ".join(count(histogram[each]) for each in scores),
        count(total),
        total,
    )


def interval(tally: Tally, confidence: float = 0.95) -> Explanation | None:
    """Of the score interval: at each of its ends the two sides of the condition are equal."""
    found = intervals.score_interval(tally, confidence)
    if found is None:
        return None
    steps = [quantile_step(confidence)]
    notes = [
        (
            "The interval holds every true score that these answers do not contradict. At its ends "
            "the distance from what was seen is just as large as chance allows."
        )
    ]
    if tally.design_effect != 1:
        notes.append("d is the design effect: so many answers are worth one independent one.")
    for name, limit in (("Lower", found.low), ("Upper", found.high)):
        if abs(limit) == 100:
            notes.append(f"The {name.lower()} limit is the end of the scale.")
        else:
            steps += _limit_steps(name, tally, limit / 100, confidence)
    return Explanation(
        title="How sure the score is",
        says=(
            f"With {answers(tally.n)}{_worth_words(tally)} the true score lies between "
            f"{points(found.low)} and {points(found.high)} ({percent(confidence)})."
        ),
        steps=tuple(steps),
        source=_SOURCE_INTERVAL,
        page=PAGE,
        notes=tuple(notes),
    )


def _worth_words(tally: Tally) -> str:
    if tally.design_effect == 1:
        return ""
    return f", worth {decimal(tally.worth, 1)} independent ones,"


def _limit_steps(name: str, tally: Tally, limit: float, confidence: float) -> list[Step]:
    n, balance = tally.n, tally.promoters - tally.detractors
    effect = tally.design_effect
    distance = abs(balance - n * limit) / effect
    variance = intervals.constrained_variance(tally, limit)
    share = (variance - limit * (1 - limit)) / 2
    z = intervals.quantile(confidence)
    allowed = z * math.sqrt(tally.worth * variance)
    shown = bracketed(limit, 6)
    over = "" if effect == 1 else f" / {decimal(effect, 6)}"
    per = "" if effect == 1 else " / d"
    return [
        Step(
            f"{name} limit",
            "100 × D",
            f"100 × {shown}",
            points(100 * limit),
            100 * limit,
        ),
        Step(
            "Seen against expected there",
            f"|promoters − detractors − n × D|{per}",
            f"|{count(tally.promoters)} − {count(tally.detractors)} − {count(n)} × {shown}|{over}",
            decimal(distance, 2),
            distance,
        ),
        Step(
            "Likeliest share of detractors there",
            "q, the root of 2n q² + B q + C = 0",
            decimal(share, 6),
            decimal(share, 6),
            share,
        ),
        Step(
            "What chance allows there",
            f"z × √(n{per} × (2q + D × (1 − D)))",
            f"{decimal(z, 6)} × √({count(n)}{over} × (2 × {bracketed(share, 6)} + {shown} × "
            f"(1 − {shown})))",
            decimal(allowed, 2),
            allowed,
        ),
    ]


def bounds(tally: Tally, *, asked: int) -> Explanation | None:
    """None if nobody was asked."""
    found = bounding.bounds(tally, asked=asked)
    if found is None:
        return None
    balance = f"{count(tally.promoters)} − {count(tally.detractors)}"
    return Explanation(
        title="What everybody who was asked could say",
        says=(
            f"{count(asked)} were asked and {count(found.silent)} did not answer: the score of all "
            f"of them lies between {between(found.low, found.high).replace(' to ', ' and ')}."
        ),
        steps=(
            Step(
                "Who did not answer",
                "silent = asked − answered",
                f"{count(asked)} − {count(tally.n)}",
                count(found.silent),
                found.silent,
            ),
            Step(
                "If all of them were detractors",
                "100 × (promoters − detractors − silent) / asked",
                f"100 × ({balance} − {count(found.silent)}) / {count(asked)}",
                points(found.low),
                found.low,
            ),
            Step(
                "If all of them were promoters",
                "100 × (promoters − detractors + silent) / asked",
                f"100 × ({balance} + {count(found.silent)}) / {count(asked)}",
                points(found.high),
                found.high,
            ),
        ),
        source="Manski (1989), Journal of Human Resources 24, p. 343-360.",
        page="changes-and-segments",
    )
