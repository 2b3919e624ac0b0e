"""A score over time and by segment, beside the stretch of time before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from afterscore.domain import compare, families, mix, nps, rankings, spans, trends
from afterscore.domain.compare import Change
from afterscore.domain.mix import Decomposition
from afterscore.domain.nps import Histogram, Tally
from afterscore.domain.rankings import Ranked
from afterscore.domain.spans import Span
from afterscore.domain.trends import ChangeSentence
from afterscore.insights import analyses
from afterscore.insights.analyses import Question
from afterscore.insights.queries.pulse import Measured, measure
from afterscore.programs.models import Wave
from afterscore.workspaces.models import Workspace

UNKNOWN = ""
"""The key of answers without a value."""

ACCOUNT = "account.name"
STEPS = ("week", "month", "quarter", "year")
BY_WAVE = "wave"
FEWEST_IN_STEP = 50
MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a trend; `change` is against the one before that has answers, in the family of
    all of them."""

    label: str
    place: Span | Wave
    measured: Measured
    change: Change | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Trend:
    step: str
    is_chosen: bool  # by the reader, and not by how many answers there are
    points: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    ranked: Ranked
    measured: Measured
    commented: int
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
    cells = analyses.count_cells(workspace=workspace, question=question, now=now)
    return measure(nps.total(cell.histogram for cell in cells))


def sum_points(points: Iterable[Step]) -> Measured:
    """All steps of a trend together."""
    return measure(nps.total(point.measured.histogram for point in points))


def describe(before: Measured, now: Measured) -> ChangeSentence:
    return trends.describe_change(before.tally, now.tally)


def get_trend(
    *, workspace: Workspace, question: Question, step: str = "", now: datetime
) -> Trend | None:
    """None without answers. The step is the finest that bears it, unless one is asked for."""
    if step == BY_WAVE:
        return _by_wave(workspace, question, now)
    cells = analyses.count_cells(
        workspace=workspace, question=replace(question, by=("day",)), now=now
    )
    by_day = {date.fromisoformat(cell.keys[0]): cell.histogram for cell in cells if cell.keys[0]}
    if not by_day:
        return None
    is_chosen = step in STEPS
    step = step if is_chosen else choose_step(by_day)
    found = by_step(by_day, step)
    spans_of = [Span(start, spans.step_after(start, step)) for start in found]
    points = [
        (spans.step_words(span.since, step) if span.since else "", _within(span, question), counts)
        for span, counts in zip(spans_of, found.values(), strict=True)
    ]
    return Trend(step, is_chosen, _judged(points))


def choose_step(by_day: Mapping[date, Histogram]) -> str:
    """The finest of which half, those without answers among them, have enough answers, and of
    which not too many stand beside each other."""
    for step in ("week", "month", "quarter"):
        found = by_step(by_day, step)
        steps = len(spans.steps_between(min(by_day), max(by_day), step))
        enough = sum(sum(counts) >= FEWEST_IN_STEP for counts in found.values())
        if 2 * enough >= steps and steps <= MOST_STEPS:
            return step
    return "year"


def by_step(by_day: Mapping[date, Histogram], step: str) -> dict[date, Histogram]:
    """By the first day of each step that has answers, the oldest first."""
    found: dict[date, Histogram] = {}
    for day, histogram in sorted(by_day.items()):
        start = spans.step_of(day, step)
        found[start] = nps.add(found.get(start, nps.empty_histogram()), histogram)
    return found


def _by_wave(workspace: Workspace, question: Question, now: datetime) -> Trend | None:
    cells = analyses.count_cells(
        workspace=workspace, question=replace(question, by=("wave",)), now=now
    )
    counts = {cell.keys[0]: cell.histogram for cell in cells if cell.keys[0]}
    waves = Wave.objects.filter(workspace=workspace, public_id__in=counts).select_related("program")
    ordered = list(waves.order_by("launched_at", "pk"))
    is_one = len({wave.program_id for wave in ordered}) == 1
    points = [
        (
            f"Wave {wave.number}" if is_one else f"{wave.program.name} {wave.number}",
            wave,
            counts[wave.public_id],
        )
        for wave in ordered
    ]
    return Trend(BY_WAVE, is_chosen=True, points=_judged(points)) if points else None


def _judged(points: Sequence[tuple[str, Span | Wave, Histogram]]) -> tuple[Step, ...]:
    told = judge_steps([nps.tally(histogram) for _label, _place, histogram in points])
    return tuple(
        Step(label, place, measure(histogram), change, sentence)
        for (label, place, histogram), (change, sentence) in zip(points, told, strict=True)
    )


def _within(span: Span, question: Question) -> Span:
    """What of a step belongs to the question."""
    since = max(span.since, question.since) if span.since and question.since else span.since
    until = min(span.until, question.until) if span.until and question.until else span.until
    return Span(since, until)


def judge_steps(tallies: Sequence[Tally]) -> list[tuple[Change | None, str]]:
    """Of each against the one before; whoever looks at twelve steps finds one that seems to be a
    change, so it has to hold among all of them (Holm)."""
    pairs = list(pairwise(tallies))
    found = [compare.compare(first, second) for first, second in pairs]
    chances = iter(families.adjusted([each.p_value for each in found if each is not None]))
    told: list[tuple[Change | None, str]] = [(None, "")]
    for (first, second), comparison in zip(pairs, found, strict=True):
        said = trends.describe_change(first, second)
        chance = next(chances) if comparison is not None else 1.0
        if said.kind in {Change.RISE, Change.FALL} and chance >= rankings.BEYOND_CHANCE:
            told.append((Change.NOISE, _by_chance(len(pairs))))
        else:
            told.append((said.kind, said.sentence))
    return told


def _by_chance(comparisons: int) -> str:
    return (
        f"Not more than chance gives: among {comparisons} steps one like this is no surprise, "
        "though by itself it would look like a change."
    )


def list_segments(
    *,
    workspace: Workspace,
    question: Question,
    key: str,
    now: datetime,
    with_accounts: bool = False,
) -> list[Segment]:
    """The ranked ones first. Answers without a value are the segment UNKNOWN."""
    asked = replace(question, by=(key,), with_accounts=with_accounts)
    cells = {
        cell.keys[0] or UNKNOWN: cell
        for cell in analyses.count_cells(workspace=workspace, question=asked, now=now)
    }
    ranked = rankings.rank({name: nps.tally(cell.histogram) for name, cell in cells.items()})
    return [
        Segment(
            row,
            measure(cells[row.key].histogram),
            cells[row.key].commented,
            cells[row.key].accounts,
            cells[row.key].revenue,
        )
        for row in ranked
    ]


def list_account_tallies(*, workspace: Workspace, question: Question, now: datetime) -> list[Tally]:
    """Of each account that answered; answers of people without one are not among them."""
    cells = analyses.count_cells(
        workspace=workspace, question=replace(question, by=(ACCOUNT,)), now=now
    )
    return [nps.tally(cell.histogram) for cell in cells if cell.keys[0]]


def compare_sides(
    *, workspace: Workspace, first: Question, second: Question, by: str, now: datetime
) -> Compared:
    """Second against first. `by` is the dimension by which a difference is split; "" for none."""
    counted = analyses.count_many(
        workspace=workspace,
        questions=[replace(side, by=(by,) if by else ()) for side in (first, second)],
        now=now,
    )
    sides = [
        {(cell.keys[0] or UNKNOWN) if by else UNKNOWN: cell.histogram for cell in cells}
        for cells in counted
    ]
    measured = [measure(nps.total(side.values())) for side in sides]
    tallies = [{name: nps.tally(held) for name, held in side.items()} for side in sides]
    whole = trends.describe_change(measured[0].tally, measured[1].tally)
    return Compared(
        first=measured[0],
        second=measured[1],
        change=whole,
        split=mix.decompose(tallies[0], tallies[1]) if by else None,
        parts=(tallies[0], tallies[1]),
    )


def why_step(trend: Trend) -> str:
    """Why the trend has the step it has."""
    if trend.is_chosen:
        return f"By {trend.step}, as you chose."
    if trend.step == "year":
        return "By year: in shorter steps there are too few answers for a score."
    return f"By {trend.step}: the finest step of which half have {FEWEST_IN_STEP} answers or more."
