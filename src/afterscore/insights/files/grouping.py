"""Answers by what tells customers apart: segments, companies, ratings, leaving, revenue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from afterscore.domain import (
    alike,
    compare,
    drivers,
    families,
    nps,
    outcomes,
    pooling,
)
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Group, Histogram, Tally
from afterscore.insights.files.counting import Counts
from afterscore.insights.files.findings import (
    Saying,
    Segment,
    Segments,
    figure_of,
    warning,
)
from afterscore.insights.files.guessing import Columns

FEWEST_IN_SEGMENT = 30


def segments_of(
    name: str,
    found: Mapping[str | None, Histogram],
    together: Mapping[str | None, Sums] | None = None,
) -> Segments:
    together = together or {}
    named = {value: histogram for value, histogram in found.items() if value is not None}
    tallies = {
        value: nps.tally(histogram, design_effect=alike.design_effect(together.get(value)))
        for value, histogram in named.items()
    }
    pool = pooling.pool(tallies)
    large = {value: tally for value, tally in tallies.items() if tally.n >= FEWEST_IN_SEGMENT}
    verdicts = _differences(large, tallies)
    segments = []
    for value in large:
        pooled = pool.segments[value] if pool else None
        segments.append(
            Segment(
                value=value,
                figure=figure_of(named[value], together.get(value)),
                pooled=pooled.score if pooled else None,
                pooled_low=pooled.low if pooled else None,
                pooled_high=pooled.high if pooled else None,
                differs=verdicts[value],
            )
        )
    segments.sort(key=lambda each: (-(each.figure.score or 0), each.value))
    return Segments(
        column=name,
        segments=tuple(segments),
        small=len(tallies) - len(large),
        small_answers=sum(tally.n for value, tally in tallies.items() if value not in large),
        blank=sum(found.get(None, ())),
    )


def _differences(large: Mapping[str, Tally], every: Mapping[str, Tally]) -> dict[str, str]:
    """Above or below all the others together, beyond chance in their family."""
    whole, found = nps.merge(every.values()), {}
    for value, tally in large.items():
        rest = Tally(
            whole.detractors - tally.detractors,
            whole.passives - tally.passives,
            whole.promoters - tally.promoters,
            whole.design_effect,
        )
        found[value] = compare.compare(rest, tally)
    seen = {value: each for value, each in found.items() if each is not None}
    p_values = [each.p_value for each in seen.values()]
    adjusted = families.against_the_rest(p_values, groups=len(every))
    chances = dict(zip(seen, adjusted, strict=True))
    return {
        value: ("above" if seen[value].difference > 0 else "below")
        if value in seen and chances[value] < 0.05
        else ""
        for value in large
    }


def accounts_of(counts: Counts) -> dict[str, Any] | None:
    """Each account counts once, however many of its people answered."""
    if not counts.accounts:
        return None
    scores = [tally.score for tally in counts.accounts if tally.score is not None]
    return {
        "accounts": len(scores),
        "score": sum(scores) / len(scores),
        "with_a_detractor": sum(tally.detractors > 0 for tally in counts.accounts),
        "of_one_person": sum(tally.n == 1 for tally in counts.accounts),
    }


def drivers_of(columns: Columns, counts: Counts, warnings: list[Saying]) -> dict[str, Any] | None:
    if not counts.moments:
        return None
    try:
        found = drivers.find(columns.drivers, counts.moments)
    except drivers.Inseparable as error:
        name = (columns.score, *columns.drivers)[error.place]
        warnings.append(
            warning("drivers_same" if error.is_constant else "drivers_double", name=name)
        )
        return None
    if found is None:
        return None
    warnings += [
        warning("inflation", name=each.name, ratio=1 - 1 / each.inflation)
        for each in found.drivers
        if each.inflation > drivers.MUCH_INFLATION
    ]
    return {**asdict(found), "incomplete": counts.incomplete}


def leaving_of(counts: Counts) -> dict[str, Any] | None:
    if counts.left is None or counts.stayed is None:
        return None
    unknown = sum(counts.histogram) - sum(counts.left) - sum(counts.stayed)
    return {**asdict(outcomes.leaving(counts.left, counts.stayed)), "unknown": unknown}


def revenue_of(counts: Counts) -> tuple[dict[str, Any], ...]:
    if not counts.revenue:
        return ()
    whole = sum(total for _, total in counts.revenue.values())
    rows = []
    for group in Group:
        held = [counts.revenue.get(score, (0, 0.0)) for score in nps.scores_of(group)]
        total = sum(amount for _, amount in held)
        rows.append(
            {
                "group": group.value,
                "n": sum(n for n, _ in held),
                "revenue": total,
                "share": total / whole if whole else None,
            }
        )
    return tuple(rows)
