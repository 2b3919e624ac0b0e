"""Answers counted: one question, its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from afterscore.domain import alike, nps
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Tally
from afterscore.insights import engines, mart
from afterscore.insights.analyses import expressions, steady
from afterscore.insights.analyses.asking import MOST_KEYS, Cell, Question
from afterscore.insights.analyses.dimensions import CENT
from afterscore.insights.analyses.expressions import Grouping
from afterscore.insights.analyses.passing import Pass, passes_of
from afterscore.insights.analyses.remembering import memory
from afterscore.insights.mart import Contents
from afterscore.kit.errors import Refused
from afterscore.workspaces.models import Workspace

Keys = tuple[str | None, ...]
ROWS_OF_A_CELL = 10
"""So many rows of a table of columns take as much memory as a cell does."""


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
        of=lambda contents: _cells(workspace, questions, contents),
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
    voices = expressions.VOICE_COLUMNS if question.tells_voices else ()
    comments = expressions.COMMENT_COLUMNS if question.with_comments else ()
    return expressions.columns_of(question, *comments, *accounts, *voices)


def _first(days: Sequence[date | None], choose: Any) -> date | None:
    return None if None in days else choose(days)


def _cells(
    workspace: Workspace, questions: Sequence[Question], contents: Contents
) -> list[list[Cell]]:
    found = {
        question: cells
        for asked in passes_of(questions)
        for question, cells in _passed(asked, contents).items()
    }
    return [_finished(workspace, each, found[each], contents) for each in questions]


def _finished(
    workspace: Workspace, question: Question, cells: dict[Keys, Cell], contents: Contents
) -> list[Cell]:
    if question.with_accounts:
        engine = engines.choose()
        sql = expressions.accounts_sql(question, workspace.currency, engine.dialect)
        cells = _with_accounts(cells, engine.rows(contents=contents, sql=sql), question)
    return sorted(cells.values(), key=lambda cell: [(key is None, key or "") for key in cell.keys])


def _passed(asked: Pass, contents: Contents) -> dict[Question, dict[Keys, Cell]]:
    """By question, by keys: what one pass over the answers tells."""
    engine, in_lots = engines.choose(), are_in_lots(contents)
    beside = _grouped(Grouping(asked.base, in_lots), contents)
    rest = replace(contents, clean=()) if beside else contents
    sql = expressions.cells_sql(asked, in_lots=in_lots, beside=bool(beside), dialect=engine.dialect)
    many = len(asked.base.by)
    scores: list[dict[Keys, Sequence[int]]] = [{} for _question in asked.questions]
    accounts: list[dict[Keys, Sequence[int | None]]] = [{} for _question in asked.questions]
    for place, are_accounts, *row in engine.rows(contents=rest, sql=sql, beside=beside):
        keys, numbers = _texts(asked.base, asked.questions[place], row[:many]), row[many:]
        (accounts if are_accounts else scores)[place][keys] = numbers
    return {
        question: {
            keys: _cell(
                question, keys, scores[place].get(keys), accounts[place].get(keys), in_lots=in_lots
            )
            for keys in scores[place] or accounts[place]
        }
        for place, question in enumerate(asked.questions)
    }


def _grouped(grouping: Grouping, contents: Contents) -> dict[str, pa.Table]:
    """What files hold in which nothing changed, put together: once, so that a fresh answer does
    not cost another pass over millions. Nothing where there are few, which one pass tells."""
    if not (grouping.in_lots and contents.clean):
        return {}
    engine, files = engines.choose(), frozenset(file.path for file in contents.clean)
    clean = replace(contents, tail=contents.tail.slice(0, 0), mixed=())
    return memory.recall(
        ("grouped", engine, grouping, files),
        lambda: {
            name: engine.table(
                contents=clean, sql=expressions.grouped_sql(grouping, name, engine.dialect)
            )
            for name in grouping.tables
        },
        parts=lambda found: sum(table.num_rows for table in found.values()) // ROWS_OF_A_CELL,
    )


def _cell(
    question: Question,
    keys: Keys,
    of_scores: Sequence[int] | None,
    of_accounts: Sequence[int | None] | None,
    *,
    in_lots: bool,
) -> Cell:
    scores, commented = (tuple(of_scores[:-1]), of_scores[-1] or 0) if of_scores else (None, None)
    groups = nps.tally(scores) if scores else None
    voices = _sums(of_accounts, groups, in_lots=in_lots) if of_accounts else NOBODY
    return Cell(
        keys,
        voices.groups if groups is None else groups,
        scores if question.with_scores else None,
        commented if question.with_comments else None,
        voices=voices if voices.accounts else None,
    )


def _sums(numbers: Sequence[int | None], groups: Tally | None, *, in_lots: bool) -> Sums:
    answers, balance, extremes, *others = (each or 0 for each in numbers[:SUMS])
    if groups is not None:
        extremes = groups.promoters + groups.detractors
    return Sums(answers, balance, extremes, *others, are_lots=in_lots)


SUMS = 8
NOBODY = Sums(*[0] * SUMS)


def _texts(base: Question, question: Question, whose: Sequence[Any]) -> Keys:
    return tuple(text_of(key, whose[base.by.index(key)]) for key in question.by)


def _with_accounts(
    cells: Mapping[Keys, Cell], rows: Iterable[tuple[Any, ...]], question: Question
) -> dict[Keys, Cell]:
    found: Mapping[Keys, tuple[int, int | None]] = {
        _texts(question, question, keys): (accounts, cents) for *keys, accounts, cents in rows
    }
    told = {}
    for keys, cell in cells.items():
        accounts, cents = found.get(keys, (0, None))
        revenue = None if cents is None else Decimal(cents) / CENT
        told[keys] = replace(cell, accounts=accounts, revenue=revenue)
    return told


def are_in_lots(contents: Contents) -> bool:
    """Of very many answers accounts are put into lots by their number, since a sum over lots of
    accounts has the same variance as one over accounts (Wolter 2007, chapter 2). How many the
    workspace has decides, not the question: so a cell has the same limits wherever it stands."""
    return contents.sealed > alike.MOST_TOLD_APART


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
