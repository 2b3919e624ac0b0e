"""The answers that a target is held against: of all programs or of some, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from afterscore.domain import calendars, nps
from afterscore.domain.nps import Histogram
from afterscore.insights import analyses
from afterscore.insights.analyses import Condition, Question
from afterscore.programs.models import Program, Wave
from afterscore.responses.queries import Selection
from afterscore.workspaces.models import Workspace

Days = Mapping[date, Histogram]


@dataclass(frozen=True, slots=True)
class Window:
    """Days on whose answers a figure rests, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def zone_of(workspace: Workspace) -> str:
    return calendars.zone_or(workspace.time_zone, "UTC")


def today_of(workspace: Workspace, now: datetime) -> date:
    return calendars.local_day(now, zone_of(workspace))


def count_days(
    *,
    workspace: Workspace,
    programs: Sequence[Program] | None,
    window: Window,
    now: datetime,
    conditions: Sequence[Condition] = (),
) -> Days:
    """The answers of each day of a window; without programs those of all."""
    question = replace(question_of(programs, window, conditions), by=("day",), with_voices=False)
    cells = analyses.count_cells(workspace=workspace, question=question, now=now)
    return {date.fromisoformat(cell.keys[0] or ""): cell.histogram for cell in cells}


def design_effect(
    *,
    workspace: Workspace,
    programs: Sequence[Program] | None,
    window: Window,
    now: datetime,
    conditions: Sequence[Condition] = (),
) -> float:
    """Of the answers of the whole window: so many are worth one independent one."""
    question = question_of(programs, window, conditions)
    (cell,) = analyses.count_cells(workspace=workspace, question=question, now=now)
    return cell.tally.design_effect


def question_of(
    programs: Sequence[Program] | None, window: Window, conditions: Sequence[Condition]
) -> Question:
    """The same answers as a question to the analyses."""
    only = () if programs is None else (_of_programs(programs),)
    return Question(
        since=window.first,
        until=window.last + timedelta(days=1),
        conditions=(*conditions, *only),
    )


def _of_programs(programs: Sequence[Program]) -> Condition:
    return Condition("program", "is", tuple(each.public_id for each in programs))


def selection_of(
    workspace: Workspace, programs: Sequence[Program] | None, window: Window
) -> Selection:
    """The same answers, for every query that takes a selection."""
    zone = zone_of(workspace)
    waves = None
    if programs is not None:
        waves = list(Wave.objects.filter(workspace=workspace, program__in=programs))
    return {
        "since": calendars.localise(window.first, time(), zone),
        "until": calendars.localise(window.last + timedelta(days=1), time(), zone),
        "waves": waves,
    }


def add_up(days: Days, window: Window) -> Histogram:
    total = list(nps.empty_histogram())
    for day, counts in days.items():
        if window.first <= day <= window.last:
            total = [before + more for before, more in zip(total, counts, strict=True)]
    return tuple(total)
