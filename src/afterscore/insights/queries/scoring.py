"""A score over time and by segment, beside the stretch of time before it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from statistics import median
from typing import NamedTuple

from afterscore.domain import (
    mix,
    nps,
    rankings,
    spans,
    tendency,
    trends,
    verdicts,
    windows,
    withholding,
)
from afterscore.domain.mix import Decomposition
from afterscore.domain.nps import Histogram, Tally
from afterscore.domain.rankings import Ranked
from afterscore.domain.spans import Span
from afterscore.domain.tendency import Tendency
from afterscore.domain.trends import ChangeSentence
from afterscore.domain.verdicts import Verdict
from afterscore.domain.windows import Choice
from afterscore.insights import analyses
from afterscore.insights.analyses import Cell, Question
from afterscore.insights.queries.pulse import Measured, measure_cell
from afterscore.programs.models import Program, Wave
from afterscore.workspaces.models import Workspace

UNKNOWN = ""
"""The key of answers without a value."""

ACCOUNT = "account.name"
STEPS = ("week", "month", "quarter", "year")
BY_WAVE = "wave"
DAY_SECONDS = 86_400.0
MOST_STEPS = 120
"""Beside each other, with those in which nobody answered."""


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a trend; `verdict` is against the one before that has answers, in the family of
    all of them."""

    label: str
    place: Span | Wave
    measured: Measured
    verdict: Verdict | None
    sentence: str

    @property
    def begins(self) -> float:
        """In days."""
        if isinstance(self.place, Span):
            return float(self.place.since.toordinal()) if self.place.since else 0.0
        return self.place.launched_at.timestamp() / DAY_SECONDS


@dataclass(frozen=True, slots=True)
class Trend:
    step: str
    is_chosen: bool  # by the reader, and not by how many answers there are
    points: tuple[Step, ...]
    why: str = ""  # of a step that nobody chose
    of: str = ""  # the program whose waves these are, where there are others
    labels: tuple[str, ...] = ()  # of all steps, also where nobody answered; none of waves

    @property
    def through(self) -> Tendency | None:
        """Of a straight line through all steps, by the days on which they begin."""
        return tendency.through([(each.begins, each.measured.tally) for each in self.points])


@dataclass(frozen=True, slots=True)
class Segment:
    ranked: Ranked
    measured: Measured
    commented: int | None
    accounts: int | None
    revenue: Decimal | None

    @property
    def key(self) -> str:
        return self.ranked.key


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sides, with what may be said of the difference; `split` is by the dimension `by`."""

    first: Measured
    second: Measured
    change: ChangeSentence
    split: Decomposition | None
    parts: tuple[dict[str, Tally], dict[str, Tally]]


def count(*, workspace: Workspace, question: Question, now: datetime) -> Measured:
    asked = replace(question, by=())
    (cell,) = analyses.count_cells(workspace=workspace, question=asked, now=now)
    return measure_cell(cell)


def describe(before: Measured, now: Measured) -> ChangeSentence:
    return trends.describe_change(before.tally, now.tally)


def get_trend(
    *,
    workspace: Workspace,
    question: Question,
    step: str = "",
    split_by: str = "",
    now: datetime,
    days: Sequence[Cell] | None = None,
) -> Trend | None:
    """None without answers. The step is the finest that bears it, unless one is asked for. A change
    is taken apart by `split_by`: whether customers changed, or others answered. `days` are the
    cells of each day, where they have been counted."""
    ask = _Asking(workspace, question, now)
    if step == BY_WAVE:
        return _by_wave(ask, split_by)
    counted = ask.count_days() if days is None else days
    by_day = {date.fromisoformat(cell.keys[0]): cell.histogram for cell in counted if cell.keys[0]}
    if not by_day:
        return None
    is_chosen = step in STEPS
    choice = None if is_chosen else choose_step(by_day)
    if not is_chosen:
        step = choice.window.value if choice else "year"
    found, parts = ask.steps(step, split_by, by_day)
    words = partial(spans.step_words, step=step, of_one_year=_are_of_one_year(found))
    points = [
        _Place(
            words(start),
            _within(Span(start, spans.step_after(start, step)), question),
            measured,
            parts.get(start.isoformat(), {}),
        )
        for start, measured in found.items()
    ]
    why = choice.describe(design_effect=_usual_effect(points)) if choice else ""
    labels = tuple(words(start) for start in _every_step(found, step))
    return Trend(step, is_chosen, _judged(points), why=why, labels=labels)


def _are_of_one_year(starts: Iterable[date]) -> bool:
    return len({start.year for start in starts}) == 1


def _every_step(answered: Collection[date], step: str) -> list[date]:
    """From the first that has answers to the last, with those between that have none; without these
    where nobody could read so many."""
    found, last = [min(answered)], max(answered)
    while found[-1] < last:
        found.append(spans.step_after(found[-1], step))
    return found if len(found) <= MOST_STEPS else sorted(answered)


def _usual_effect(points: Sequence[_Place]) -> float:
    """How much people of one account think alike in a usual step. Small ones are left out: they
    hardly tell, and strangers are told nothing that rests on them."""
    tallies = [point.measured.tally for point in points]
    found = [tally.design_effect for tally in tallies if not withholding.is_few(tally.n)]
    return median(found) if found else 1.0


Parts = dict[str, dict[str, Tally]]
"""By step, and in it by segment."""


class _Place(NamedTuple):
    label: str
    place: Span | Wave
    measured: Measured
    parts: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class _Asking:
    workspace: Workspace
    question: Question
    now: datetime

    def count(self, *by: tuple[str, ...]) -> list[dict[tuple[str, ...], Cell]]:
        """For each of `by` the cells by their keys, of one look at the answers."""
        asked = [replace(self.question, by=each, with_scores=False) for each in by]
        found = analyses.count_many(workspace=self.workspace, questions=asked, now=self.now)
        return [
            {tuple(key or UNKNOWN for key in cell.keys): cell for cell in cells} for cells in found
        ]

    def count_apart(self, step: str, split_by: str) -> tuple[dict[str, Cell], Parts]:
        """By step, and by step and segment, where it is to be split."""
        asked = [(step,), (step, split_by)] if split_by else [(step,)]
        whole, *split = self.count(*asked)
        parts: Parts = {}
        for (place, name), cell in (split[0] if split else {}).items():
            parts.setdefault(place, {})[name] = cell.tally
        return {place: cell for (place,), cell in whole.items()}, parts

    def count_days(self) -> list[Cell]:
        asked = replace(self.question, by=("day",), with_voices=False)
        return analyses.count_cells(workspace=self.workspace, question=asked, now=self.now)

    def steps(
        self, step: str, split_by: str, by_day: Mapping[date, Histogram]
    ) -> tuple[dict[date, Measured], Parts]:
        """By the first day of each step. The mart knows no years: each is asked for by itself, and
        not split."""
        if step == "year":
            return self._years(list(by_step(by_day, step))), {}
        whole, parts = self.count_apart(step, split_by)
        days = {day: cell for day, cell in whole.items() if day != UNKNOWN}
        return {date.fromisoformat(day): measure_cell(cell) for day, cell in days.items()}, parts

    def _years(self, years: Sequence[date]) -> dict[date, Measured]:
        asked = [
            _asked_within(self.question, Span(start, spans.step_after(start, "year")))
            for start in years
        ]
        found = analyses.count_many(workspace=self.workspace, questions=asked, now=self.now)
        return {start: measure_cell(cells[0]) for start, cells in zip(years, found, strict=True)}


def choose_step(by_day: Mapping[date, Histogram]) -> Choice | None:
    """The finest that bears it, gaps among them. None without answers."""
    counts = {day: sum(histogram) for day, histogram in by_day.items()}
    return windows.choose(counts, with_gaps=True)


def by_step(by_day: Mapping[date, Histogram], step: str) -> dict[date, Histogram]:
    """By the first day of each step that has answers, the oldest first."""
    found: dict[date, Histogram] = {}
    for day, histogram in sorted(by_day.items()):
        start = spans.step_of(day, step)
        found[start] = nps.add(found.get(start, nps.empty_histogram()), histogram)
    return found


def _by_wave(ask: _Asking, split_by: str) -> Trend | None:
    """Of the program with the most answers: waves of two programs ask other people, and are no
    series."""
    counts, parts = ask.count_apart(BY_WAVE, split_by)
    waves = Wave.objects.filter(workspace=ask.workspace, public_id__in=counts)
    programs: dict[Program, list[Wave]] = {}
    for wave in waves.select_related("program").order_by("launched_at", "pk"):
        programs.setdefault(wave.program, []).append(wave)
    if not programs:
        return None
    program, series = max(
        programs.items(),
        key=lambda each: sum(counts[one.public_id].groups.n for one in each[1]),
    )
    points = [
        _Place(
            f"Wave {wave.number}",
            wave,
            measure_cell(counts[wave.public_id]),
            parts.get(wave.public_id, {}),
        )
        for wave in series
    ]
    return Trend(
        BY_WAVE,
        is_chosen=True,
        points=_judged(points),
        of=program.name if len(programs) > 1 else "",
    )


def _judged(points: Sequence[_Place]) -> tuple[Step, ...]:
    """Whoever looks at twelve steps finds one that seems to be a change, so each has to hold among
    all of them."""
    tallies = [each.measured.tally for each in points]
    told = verdicts.judge(tallies, segments=[each.parts for each in points])
    said = [(None, ""), *((step.verdict, step.sentence) for step in told)]
    return tuple(
        Step(each.label, each.place, each.measured, verdict, sentence)
        for each, (verdict, sentence) in zip(points, said, strict=True)
    )


def _within(span: Span, question: Question) -> Span:
    """What of a step belongs to the question."""
    since = max(span.since, question.since) if span.since and question.since else span.since
    until = min(span.until, question.until) if span.until and question.until else span.until
    return Span(since, until)


def _asked_within(question: Question, span: Span) -> Question:
    inside = _within(span, question)
    return replace(question, since=inside.since, until=inside.until, by=())


def list_segments(
    *,
    workspace: Workspace,
    question: Question,
    key: str,
    now: datetime,
    with_all: bool = False,
) -> list[Segment]:
    """The ranked ones first; `with_all` with comments, accounts and revenue. Answers without a
    value are the segment UNKNOWN."""
    asked = replace(
        question, by=(key,), with_accounts=with_all, with_comments=with_all, with_scores=False
    )
    return segments_of(analyses.count_cells(workspace=workspace, question=asked, now=now))


def segments_of(counted: Sequence[Cell]) -> list[Segment]:
    """Of cells by one dimension."""
    cells = {cell.keys[0] or UNKNOWN: cell for cell in counted}
    ranked = rankings.rank({name: cell.tally for name, cell in cells.items()})
    return [
        Segment(
            row,
            measure_cell(cells[row.key]),
            cells[row.key].commented,
            cells[row.key].accounts,
            cells[row.key].revenue,
        )
        for row in ranked
    ]


def compare_sides(
    *, workspace: Workspace, first: Question, second: Question, by: str, now: datetime
) -> Compared:
    """Second against first. `by` is the dimension by which a difference is split; "" for none."""
    sides = [replace(side, by=()) for side in (first, second)]
    split = [replace(side, by=(by,) if by else ()) for side in sides]
    counted = analyses.count_many(workspace=workspace, questions=[*sides, *split], now=now)
    measured = [measure_cell(cells[0]) for cells in counted[:2]]
    tallies = [
        {(cell.keys[0] or UNKNOWN) if by else UNKNOWN: cell.tally for cell in cells}
        for cells in counted[2:]
    ]
    whole = (measured[0].tally, measured[1].tally)
    return Compared(
        first=measured[0],
        second=measured[1],
        change=trends.describe_change(*whole),
        split=mix.decompose(tallies[0], tallies[1], whole=whole) if by else None,
        parts=(tallies[0], tallies[1]),
    )


def why_step(trend: Trend) -> str:
    """Why the trend has the step it has."""
    if trend.of:
        return f"Waves of {trend.of}; for those of another program, put it into the filter."
    if trend.is_chosen:
        return f"By {trend.step}, as you chose."
    return f"By {trend.step}: {trend.why}"
