"""Satisfaction and effort by wave: secondary figures, each with its limits and how many said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from afterscore.domain import explaining, satisfaction
from afterscore.domain.explaining import Explanation
from afterscore.domain.questionnaire import DriverKind
from afterscore.domain.satisfaction import Difference, Mean, Share
from afterscore.domain.scales import Scale
from afterscore.programs.models import Program, Wave
from afterscore.responses import queries as responses
from afterscore.workspaces.models import Workspace

SCALES = {
    DriverKind.SATISFACTION: Scale.ONE_TO_FIVE,
    DriverKind.EFFORT: Scale.ONE_TO_SEVEN,
}
WAVES_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Before:
    """The program's wave before, and what was counted there."""

    wave: Wave
    counts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Rated:
    """One wave. `answers` gave a score there; `figure` is of those who went on to this question,
    None where nobody did. `change` is since the program's wave before that asked it."""

    wave: Wave
    counts: Mapping[int, int]
    answers: int
    figure: Share | Mean | None
    before: Before | None
    change: Difference | None


@dataclass(frozen=True, slots=True)
class Rating:
    """One of the two questions over its waves, the newest first."""

    kind: DriverKind
    scale: Scale
    rows: tuple[Rated, ...]
    explanation: Explanation | None


def list_ratings(*, workspace: Workspace, program: Program | None = None) -> list[Rating]:
    """Of the latest waves; a question that no wave asked is absent."""
    waves = Wave.objects.filter(workspace=workspace)
    if program is not None:
        waves = waves.filter(program=program)
    ordered = waves.select_related("program", "survey_version").order_by("-launched_at", "-id")
    latest = list(ordered[:WAVES_SHOWN])
    scores = responses.histograms_by_wave(workspace=workspace, waves=latest)
    answers = {wave.pk: sum(scores.get(wave.public_id, ())) for wave in latest}
    found = (_rating(workspace, latest, kind, answers) for kind in SCALES)
    return [rating for rating in found if rating.rows]


def _rating(
    workspace: Workspace, waves: list[Wave], kind: DriverKind, answers: Mapping[int, int]
) -> Rating:
    counted = responses.count_ratings(workspace=workspace, waves=waves, kind=kind)
    asked = [wave for wave in waves if wave.pk in counted]
    before = {wave.pk: _before(wave, asked, counted) for wave in asked}
    rows = tuple(
        Rated(
            wave=wave,
            counts=counted[wave.pk],
            answers=answers[wave.pk],
            figure=_figure(kind, counted[wave.pk]),
            before=before[wave.pk],
            change=_change(kind, before[wave.pk], counted[wave.pk]),
        )
        for wave in asked
    )
    newest = next((row.counts for row in rows if row.figure is not None), {})
    return Rating(kind, SCALES[kind], rows, explain_figure(kind, newest))


def _before(
    wave: Wave, asked: list[Wave], counted: Mapping[int, Mapping[int, int]]
) -> Before | None:
    """The program's wave before in which anybody went on to this."""
    earlier = [
        each
        for each in asked
        if each.program_id == wave.program_id and each.number < wave.number and counted[each.pk]
    ]
    if not earlier:
        return None
    latest = max(earlier, key=lambda each: each.number)
    return Before(latest, counted[latest.pk])


def _figure(kind: DriverKind, counts: Mapping[int, int]) -> Share | Mean | None:
    if kind is DriverKind.SATISFACTION:
        return satisfaction.csat(counts, SCALES[kind])
    return satisfaction.ces(counts, SCALES[kind])


def _change(kind: DriverKind, before: Before | None, now: Mapping[int, int]) -> Difference | None:
    if before is None:
        return None
    if kind is DriverKind.EFFORT:
        return satisfaction.difference_of_means(before.counts, now, SCALES[kind])
    first, second = (satisfaction.csat(counts, SCALES[kind]) for counts in (before.counts, now))
    if first is None or second is None:
        return None
    return satisfaction.difference_of_shares(first, second)


def explain_figure(kind: DriverKind, counts: Mapping[int, int]) -> Explanation | None:
    if kind is DriverKind.SATISFACTION:
        return explaining.satisfaction(counts, SCALES[kind])
    return explaining.effort(counts, SCALES[kind])


def explain_change(row: Rated, kind: DriverKind) -> Explanation | None:
    """None where there is no wave before, or too few answers."""
    if row.before is None or row.change is None:
        return None
    if kind is DriverKind.EFFORT:
        return explaining.effort_change(row.before.counts, row.counts, SCALES[kind])
    before, now = (
        satisfaction.csat(counts, SCALES[kind]) for counts in (row.before.counts, row.counts)
    )
    return explaining.satisfaction_change(before, now) if before and now else None
