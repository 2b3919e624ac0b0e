"""Findings as a report: parts with a heading, sentences, charts and tables, for a page, one file of
HTML or a PDF. What stands in it is decided here, once; how it looks is decided there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from afterscore.domain.nps import Group
from afterscore.insights.charts import Chart
from afterscore.insights.files import changing, parts
from afterscore.insights.files.findings import Analysis, Segment
from afterscore.insights.files.parts import Part
from afterscore.insights.files.speaking import Speech


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """`score` and `limits` are as they are said; empty without answers."""

    speech: Speech
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


def report_of(found: Analysis, speech: Speech) -> Report:
    overall = found.overall
    tallies = (overall.promoters, overall.passives, overall.detractors)
    asked = speech.say("asked", n=speech.count(overall.n), scale=speech.scale(found.scale["used"]))
    return Report(
        speech=speech,
        name=str(found.file["name"]),
        asked=asked,
        score=speech.points(overall.score),
        limits=speech.limits(overall.low, overall.high),
        groups=tuple(
            (group.value, speech.group(group), speech.percent(n / overall.n))
            for group, n in zip(Group, tallies, strict=True)
            if overall.n
        ),
        in_short=tuple(_in_short(found, speech)),
        parts=tuple(parts.parts_of(found, speech)),
    )


def _in_short(found: Analysis, speech: Speech) -> Iterator[str]:
    overall = found.overall
    if overall.score is None:
        yield speech.say("no_score")
        return
    score, low, high = map(speech.points, (overall.score, overall.low, overall.high))
    yield speech.say("chance", score=score, low=low, high=high)
    if found.trend is not None:
        yield changing.in_short(found.trend, speech)
        if through := changing.through(found.trend, speech):
            yield through
    for each in found.segments:
        heading = speech.say("by", column=each.column)
        if different := [_different(one, speech) for one in each.segments if one.differs]:
            yield f"{heading}: {speech.listed(different)}"
        elif len(each.segments) > 1:
            yield f"{heading}: {speech.say('none_differs')}"
    yield changing.noticeable(found, speech)


def _different(segment: Segment, speech: Speech) -> str:
    return f"{speech.alone(segment.value)} ({speech.say(segment.differs)})"
