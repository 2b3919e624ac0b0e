"""Answers counted: one question, its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from afterscore.domain import alike, nps
from afterscore.domain.alike import Sums
from afterscore.insights import engines, mart
from afterscore.insights.analyses import expressions, steady
from afterscore.insights.analyses.asking import MOST_KEYS, Cell, Question
from afterscore.insights.analyses.dimensions import CENT
from afterscore.insights.analyses.remembering import memory
from afterscore.insights.mart import Contents
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Workspace

FEWEST_LOTS, MOST_GROUPS = 32, 20_000
"""Of very many cells each is told from fewer lots: an engine holds so many groups at once."""

Keys = tuple[str | None, ...]


def count_cells(*, workspace: Workspace, question: Question, now: datetime) -> list[Cell]:
    """One cell for each combination of keys that occurs, by the keys, those without a value last.
    Without `by` it is one cell, whatever was found. Answers received after `now` are not counted:
    there are none, unless a clock is wrong.

    Raises Refused for a dimension that does not exist, or a value that it cannot have.
    """
    return count_many(workspace=workspace, questions=[question], now=now)[0]


def count_many(
    *, workspace: Workspace, questions: Sequence[Question], now: datetime
) -> list[list[Cell]]:
    """Several questions of one page, of one and the same state of the answers."""
    for question in questions:
        _check(question)
    with mart.look():
        state = mart.state(workspace=workspace)
        if state is None:
            return _count(workspace, questions)
        found = memory.recall(
            ("cells", engines.choose(), state, workspace.currency, tuple(questions)),
            lambda: _count(workspace, questions),
            parts=lambda cells: sum(len(each) for each in cells),
        )
    return [list(each) for each in found]


def _count(workspace: Workspace, questions: Sequence[Question]) -> list[list[Cell]]:
    return steady.ask(
        workspace,
        _columns(questions),
        since=_first([question.since for question in questions], min),
        until=_first([question.until for question in questions], max),
        of=lambda contents: [_cells(workspace, each, contents) for each in questions],
    )


def _check(question: Question) -> None:
    if len(question.by) > MOST_KEYS:
        raise Refused(f"Answers are told apart by at most {MOST_KEYS} things at once.", field="by")
    if len(set(question.by)) < len(question.by):
        raise Refused("Answers are told apart by the same thing only once.", field="by")


def _columns(questions: Iterable[Question]) -> list[str]:
    return sorted({name for each in questions for name in _columns_of(each)})


def _columns_of(question: Question) -> Iterable[str]:
    accounts = expressions.ACCOUNT_COLUMNS if question.with_accounts else ()
    voices = expressions.VOICE_COLUMNS if question.with_voices else ()
    return expressions.columns_of(question, *expressions.COUNT_COLUMNS, *accounts, *voices)


def _first(days: Sequence[date | None], choose: Any) -> date | None:
    return None if None in days else choose(days)


def _cells(workspace: Workspace, question: Question, contents: Contents) -> list[Cell]:
    engine = engines.choose()
    rows = engine.rows(contents=contents, sql=expressions.count_sql(question, engine.dialect))
    cells = {cell.keys: cell for cell in _folded(question, rows)}
    if not question.by and not cells:
        cells[()] = Cell((), nps.empty_histogram(), 0)
    if question.with_accounts:
        sql = expressions.accounts_sql(question, workspace.currency, engine.dialect)
        _add_accounts(cells, engine.rows(contents=contents, sql=sql), question)
    if question.with_voices and not question.is_of_chosen_accounts:
        lots = lots_of(sum(sum(cell.histogram) for cell in cells.values()), len(cells))
        sql = expressions.voices_sql(question, lots, engine.dialect)
        _add_voices(cells, engine.rows(contents=contents, sql=sql), question)
    return sorted(cells.values(), key=lambda cell: [(key is None, key or "") for key in cell.keys])


def _folded(question: Question, rows: Iterable[tuple[Any, ...]]) -> Iterable[Cell]:
    """Rows of one score each, put together to cells."""
    histograms: dict[tuple[Any, ...], list[int]] = {}
    commented: dict[tuple[Any, ...], int] = {}
    for *keys, score, answers, spoken in rows:
        whose = tuple(keys)
        histograms.setdefault(whose, list(nps.empty_histogram()))[score] += answers
        commented[whose] = commented.get(whose, 0) + spoken
    return [
        Cell(_texts(question, whose), tuple(found), commented[whose])
        for whose, found in histograms.items()
    ]


def _texts(question: Question, whose: Sequence[Any]) -> Keys:
    return tuple(text_of(key, value) for key, value in zip(question.by, whose, strict=True))


def _add_accounts(
    cells: dict[Keys, Cell], rows: Iterable[tuple[Any, ...]], question: Question
) -> None:
    found: Mapping[Keys, tuple[int, int | None]] = {
        _texts(question, keys): (accounts, cents) for *keys, accounts, cents in rows
    }
    for keys, cell in cells.items():
        accounts, cents = found.get(keys, (0, None))
        revenue = None if cents is None else Decimal(cents) / CENT
        cells[keys] = replace(cell, accounts=accounts, revenue=revenue)


def lots_of(answers: int, cells: int) -> int | None:
    """Of very many answers accounts are put into lots by their number, since a sum over lots of
    accounts has the same variance as one over accounts (Wolter 2007, chapter 2)."""
    if answers <= alike.MOST_TOLD_APART:
        return None
    return min(alike.LOTS, max(FEWEST_LOTS, MOST_GROUPS // cells))


def _add_voices(
    cells: dict[Keys, Cell], rows: Iterable[tuple[Any, ...]], question: Question
) -> None:
    many = len(question.by)
    for row in rows:
        keys = _texts(question, row[:many])
        if keys in cells and row[many] is not None:
            cells[keys] = replace(cells[keys], voices=Sums(*row[many:]))


def text_of(key: str, value: Any) -> str | None:
    """A key as texts in addresses have it."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if key == "account.recurring_revenue":
        return f"{Decimal(value) / CENT:.2f}"
    return str(value)
