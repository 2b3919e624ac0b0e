"""Other people's scores, and what may be said of each beside one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from afterscore.domain import benchmarks, nps, triggers
from afterscore.domain.benchmarks import Method, Overlap
from afterscore.domain.nps import Tally
from afterscore.insights.analyses import Question
from afterscore.insights.models import Benchmark
from afterscore.insights.queries import measuring
from afterscore.insights.queries.measuring import Window
from afterscore.kit.errors import NotFound
from afterscore.programs import queries as programs
from afterscore.programs.models import Program
from afterscore.workspaces.models import Workspace

OWN_DAYS = 365
"""Whoever publishes does so once a year."""


@dataclass(frozen=True, slots=True)
class Own:
    """One's own answers of a year, as which question they are counted, and how they were
    collected."""

    tally: Tally
    window: Window
    method: Method
    question: Question


def list_benchmarks(*, workspace: Workspace) -> list[Benchmark]:
    """By name: in no order of who is better."""
    return list(Benchmark.objects.filter(workspace=workspace).order_by("source", "id"))


def get_benchmark(*, workspace: Workspace, public_id: str) -> Benchmark:
    try:
        return Benchmark.objects.select_related("workspace").get(
            workspace=workspace, public_id=public_id
        )
    except Benchmark.DoesNotExist as error:
        raise NotFound("There is no such benchmark.") from error


def measure_own(*, workspace: Workspace, now: datetime) -> Own:
    """Of all programs that ask about the whole relation; where there are none, of all others."""
    today = measuring.today_of(workspace, now)
    window = Window(today - timedelta(days=OWN_DAYS - 1), today)
    rows = list(Program.objects.filter(workspace=workspace))
    relational = [each for each in rows if not _follows_an_event(each)]
    asking = relational or None
    counted = measuring.count_days(workspace=workspace, programs=asking, window=window, now=now)
    effect = measuring.design_effect(workspace=workspace, programs=asking, window=window, now=now)
    return Own(
        tally=nps.tally(measuring.add_up(counted, window), design_effect=effect),
        window=window,
        method=Method.RELATIONAL if relational or not rows else Method.TRANSACTIONAL,
        question=measuring.question_of(asking, window, ()),
    )


def _follows_an_event(program: Program) -> bool:
    return isinstance(programs.trigger_of(program), triggers.AfterSignal)


def place_beside(
    rows: Sequence[Benchmark], own: Tally, *, method: Method, today: date
) -> list[tuple[Benchmark, Overlap]]:
    """Each beside one's own answers, which were collected by `method`."""
    return [
        (row, benchmarks.beside(as_value(row), own, method=method, today=today)) for row in rows
    ]


def as_value(row: Benchmark) -> benchmarks.Benchmark:
    return benchmarks.Benchmark(
        score=row.score,
        source=row.source,
        n=row.answers,
        collected_on=row.collected_on,
        method=Method(row.method),
        scale=row.scale,
        audience=row.audience,
        is_standard_question=row.is_standard_question,
    )
