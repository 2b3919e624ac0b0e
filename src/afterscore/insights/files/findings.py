"""What is found in a file, as plain data; docs/api/analysis.md describes its shape as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from afterscore.domain import (
    alike,
    intervals,
    nps,
)
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Histogram

VERSION = "afterscore.analysis/1"
COMMENTS_USUAL = (0.6, 0.7)


@dataclass(frozen=True, slots=True)
class Figure:
    """A score with everything that belongs to it, in points; None without answers."""

    n: int
    detractors: int
    passives: int
    promoters: int
    score: float | None
    low: float | None
    high: float | None
    effective_n: float | None = None  # what answers are worth where people of one company answer


@dataclass(frozen=True, slots=True)
class Missing:
    reason: str
    label: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comments:
    """`by_group` in the order promoters, passives, detractors."""

    with_comment: int
    says_nothing: int
    ratio: float
    by_group: tuple[float | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Point:
    start: str
    end: str
    figure: Figure
    change: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Through:
    """A straight line through all periods: by how many points it is higher at the end, with its
    limits. `change` is rise, fall or noise."""

    difference: float
    low: float
    high: float
    change: str


@dataclass(frozen=True, slots=True)
class Trend:
    """`window` is week, month, quarter or year. `change` of a point: rise, fall, noise or
    not_enough against the one before, in the family of all of them. `through` is None where there
    are too few periods."""

    window: str
    points: tuple[Point, ...]
    undated: int
    last: str
    through: Through | None


@dataclass(frozen=True, slots=True)
class Segment:
    """`pooled` is what its true score is worth believing, beside the others; `differs` from all the
    rest beyond chance, in the family of all segments of the column."""

    value: str
    figure: Figure
    pooled: float | None
    pooled_low: float | None
    pooled_high: float | None
    differs: str


@dataclass(frozen=True, slots=True)
class Segments:
    column: str
    segments: tuple[Segment, ...]
    small: int
    small_answers: int
    blank: int


@dataclass(frozen=True, slots=True)
class Mix:
    """Of the last change, by the first column of segments."""

    column: str
    before: str
    after: str
    difference: float
    rate: float
    mix: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of `warnings` or `cannot_say` by its key among the phrases and by its values, for
    whoever tells it in another language."""

    part: str
    key: str
    values: Mapping[str, Any]


def warning(key: str, **values: object) -> Saying:
    return Saying("warnings", key, values)


@dataclass(frozen=True, slots=True)
class Analysis:
    version: str
    file: dict[str, Any]
    columns: dict[str, Any]
    guessed: tuple[str, ...]
    scale: dict[str, Any]
    overall: Figure
    histogram: Histogram
    missing: tuple[Missing, ...]
    noticeable: str
    comments: Comments | None = None
    trend: Trend | None = None
    mix: Mix | None = None
    segments: tuple[Segments, ...] = ()
    accounts: dict[str, Any] | None = None
    drivers: dict[str, Any] | None = None
    leaving: dict[str, Any] | None = None
    revenue: tuple[dict[str, Any], ...] = ()
    satisfaction: dict[str, Any] | None = None
    effort: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    cannot_say: tuple[str, ...] = ()
    said: tuple[Saying, ...] = ()

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def figure_of(histogram: Histogram, sums: Sums | None = None) -> Figure:
    tally = nps.tally(histogram, design_effect=alike.design_effect(sums))
    interval = intervals.score_interval(tally)
    return Figure(
        n=tally.n,
        detractors=tally.detractors,
        passives=tally.passives,
        promoters=tally.promoters,
        score=tally.score,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        effective_n=tally.worth if sums else None,
    )


def read(data: dict[str, Any]) -> Analysis:
    """What `to_data` has written, also after it has been JSON, and of a version before this one."""
    given = dict(data)
    given["overall"] = Figure(**data["overall"])
    given["histogram"] = tuple(data["histogram"])
    given["missing"] = tuple(
        Missing(**each | {"examples": tuple(each["examples"])}) for each in data["missing"]
    )
    if comments := data["comments"]:
        given["comments"] = Comments(**comments | {"by_group": tuple(comments["by_group"])})
    if trend := data["trend"]:
        points = (Point(**each | {"figure": Figure(**each["figure"])}) for each in trend["points"])
        line = trend.get("through")
        through = Through(**line) if line else None
        given["trend"] = Trend(**trend | {"points": tuple(points), "through": through})
    if mix := data["mix"]:
        given["mix"] = Mix(**mix)
    given["segments"] = tuple(_segments_from(each) for each in data["segments"])
    for name in ("guessed", "revenue", "warnings", "cannot_say"):
        given[name] = tuple(data[name])
    given["said"] = tuple(Saying(**each) for each in data.get("said", ()))
    return Analysis(**given)


def _segments_from(data: dict[str, Any]) -> Segments:
    segments = (Segment(**each | {"figure": Figure(**each["figure"])}) for each in data["segments"])
    return Segments(**data | {"segments": tuple(segments)})
