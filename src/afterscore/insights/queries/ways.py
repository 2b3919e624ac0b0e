"""The same answers by account, plan and role, and how many people there are of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.db.models import Count, F

from afterscore.domain import nps
from afterscore.domain.nps import Tally
from afterscore.domain.ways import Voice
from afterscore.domain.weighting import Cell as Place
from afterscore.insights import analyses
from afterscore.insights.analyses import Cell, Question
from afterscore.insights.queries.covering import askable
from afterscore.workspaces.models import Workspace

ACCOUNT, PLAN, ROLE = "account.name", "account.plan", "contact.persona"
MOST_ANSWERS = 100_000
"""Above so many answers each account is not looked at by itself."""


def list_voices(*, workspace: Workspace, question: Question, now: datetime) -> list[Voice]:
    asked = replace(question, by=(ACCOUNT, PLAN, ROLE), with_accounts=True, with_voices=False)
    cells = analyses.count_cells(workspace=workspace, question=asked, now=now)
    named: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.keys[0]:
            named.setdefault(cell.keys[0], []).append(cell)
    return [*map(_account, named.values()), *_alone(c for c in cells if not c.keys[0])]


def _account(cells: list[Cell]) -> Voice:
    revenue = max((cell.revenue for cell in cells if cell.revenue is not None), default=None)
    return Voice(
        {_place(cell): nps.tally(cell.histogram) for cell in cells},
        is_account=True,
        revenue=None if revenue is None else float(revenue),
    )


def _alone(cells: Iterable[Cell]) -> Iterator[Voice]:
    """Whoever has no account stands for herself."""
    for cell in cells:
        tally = nps.tally(cell.histogram)
        for count, one in (
            (tally.detractors, Tally(1, 0, 0)),
            (tally.passives, Tally(0, 1, 0)),
            (tally.promoters, Tally(0, 0, 1)),
        ):
            yield from (Voice({_place(cell): one}, is_account=False) for _each in range(count))


def _place(cell: Cell) -> Place:
    _account, plan, role = cell.keys
    return (plan or "", role or "")


def count_people(*, workspace: Workspace, now: datetime) -> tuple[dict[str, float], ...]:
    """Whom one could ask today, by plan and by role."""
    people = askable(workspace, now).order_by()
    found = []
    for field in ("account__plan", "persona"):
        rows = people.values_list(F(field)).annotate(people=Count("pk"))
        counts: dict[str, float] = {}
        for value, number in rows:
            counts[value or ""] = counts.get(value or "", 0) + number
        found.append(counts)
    return tuple(found)
