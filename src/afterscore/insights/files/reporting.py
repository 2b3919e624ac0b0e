"""Findings as a report: parts with a heading, sentences, charts and tables, for a page, one file of
HTML or a PDF. What stands in it is decided here, once; how it looks is decided there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from afterscore.domain.nps import Group
from afterscore.insights.charts import Chart
from afterscore.insights.charts.wording import count, percent, points
from afterscore.insights.files import parts, telling
from afterscore.insights.files.findings import Analysis, Segment, Trend
from afterscore.insights.files.parts import Part


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """`score`, `low` and `high` are as they are said; empty without answers."""

    name: str
    asked: str
    score: str
    limits: str
    groups: tuple[tuple[str, str, str], ...]
    in_short: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def charts(self) -> tuple[Chart, ...]:
        return tuple(chart for part in self.parts for chart in part.charts)


def report_of(found: Analysis) -> Report:
    overall = found.overall
    tallies = (overall.promoters, overall.passives, overall.detractors)
    limits = ""
    if overall.low is not None and overall.high is not None:
        limits = f"between {points(overall.low)} and {points(overall.high)}"
    return Report(
        name=str(found.file["name"]),
        asked=f"{count(overall.n)} answers, asked on a scale of {found.scale['label']}",
        score=points(overall.score),
        limits=limits,
        groups=tuple(
            (group.value, f"{group.value.capitalize()}s", percent(n / overall.n))
            for group, n in zip(Group, tallies, strict=True)
            if overall.n
        ),
        in_short=tuple(_in_short(found)),
        parts=tuple(parts.parts_of(found)),
    )


def _in_short(found: Analysis) -> Iterator[str]:
    overall = found.overall
    if overall.score is None:
        yield "There is no answer with a score in this file."
        return
    yield (
        f"The score is {points(overall.score)}. Chance alone could have moved it from anywhere "
        f"between {points(overall.low)} and {points(overall.high)}: these are its 95 % limits."
    )
    if found.trend is not None:
        yield _changes(found.trend)
    for each in found.segments:
        if different := [f"{one.value} {_verdict(one)}" for one in each.segments if one.differs]:
            yield f"By {each.column}: {_listed(different)}."
    alike = [
        each.column
        for each in found.segments
        if len(each.segments) > 1 and not any(one.differs for one in each.segments)
    ]
    if alike:
        yield f"By {_listed(alike)} nobody differs from the rest beyond chance."
    yield found.noticeable


def _changes(trend: Trend) -> str:
    """How many of the changes are real, and what may be said of the last one."""
    changes = trend.points[1:]
    if not changes:
        return f"All answers are of one {trend.window}: nothing can be said about change."
    real = [
        f"{telling.period_label(point.start, trend.window)} ({point.change})"
        for point in changes
        if point.change in {"rise", "fall"}
    ]
    if not real:
        many = "the one change" if len(changes) == 1 else f"{len(changes)} changes"
        of = "" if len(changes) == 1 else "none of "
        not_ = "is not" if len(changes) == 1 else "is"
        return f"From {trend.window} to {trend.window}, {of}{many} {not_} beyond chance."
    return f"Beyond chance from {trend.window} to {trend.window}: {_listed(real)}."


def _listed(texts: Sequence[str], most: int = 5) -> str:
    shown = list(texts[:most])
    rest = len(texts) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _verdict(segment: Segment) -> str:
    return {"above": "above the rest", "below": "below the rest"}.get(segment.differs, "")
