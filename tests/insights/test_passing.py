"""Questions of a page are told by as few passes over the answers as they need, and none otherwise
than it would be told alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from typing import Any

import pytest

from afterscore.domain import alike
from afterscore.insights import analyses
from afterscore.insights.analyses import Cell, Condition, Question
from afterscore.insights.analyses.passing import passes_of
from afterscore.insights.analyses.remembering import memory
from afterscore.insights.engines.duckdb import DuckDB
from afterscore.insights.operations import sealing
from afterscore.responses.models import Response
from tests.insights.answering import APRIL, MARCH, said
from tests.insights.test_analyses import speaks_of, theme
from tests.people import NOW, People

PRO = Condition("account.plan", "is", ("pro",))


def test_what_is_told_apart_tells_its_totals() -> None:
    whole, plan = Question(), Question(by=("account.plan",))
    both = Question(by=("account.plan", "week"))
    (asked,) = passes_of([whole, both, plan])
    assert asked.base == both
    assert asked.questions == (both, plan, whole)


def test_the_same_question_twice_is_asked_once() -> None:
    (asked,) = passes_of([Question(), Question()])
    assert asked.questions == (Question(),)


@pytest.mark.parametrize(
    "other",
    [
        Question(since=date(2026, 3, 1)),
        Question(until=date(2026, 3, 1)),
        Question(conditions=(PRO,)),
        Question(by=("day",)),
    ],
)
def test_of_other_answers_or_other_parts_is_another_pass(other: Question) -> None:
    assert len(passes_of([other, Question(by=("account.plan",))])) == 2


def test_cells_by_theme_are_not_added_up() -> None:
    theme, both = Question(by=("theme",)), Question(by=("theme", "account.plan"))
    assert len(passes_of([Question(), theme])) == 2
    plan = Question(by=("account.plan",))
    assert [each.questions for each in passes_of([both, theme, plan])] == [(both, theme), (plan,)]


def test_who_needs_accounts_or_comments_is_not_told_by_who_does_not() -> None:
    days = Question(by=("day",), with_voices=False)
    named = Question(by=("account.name",))
    assert len(passes_of([days, Question()])) == 2
    assert len(passes_of([named, Question()])) == 2
    assert len(passes_of([days, Question(with_voices=False)])) == 1
    groups = Question(by=("week",), with_scores=False)
    assert len(passes_of([groups, Question()])) == 2
    assert len(passes_of([groups, Question(with_scores=False), Question(by=("week",))])) == 1
    spoken = Question(with_comments=True)
    assert len(passes_of([spoken, Question(by=("week",))])) == 2
    assert len(passes_of([spoken, Question()])) == 1


QUESTIONS = [
    Question(),
    Question(by=("account.plan",)),
    Question(by=("week", "account.plan")),
    Question(by=("account.plan", "channel", "week")),
    Question(by=("theme",)),
    Question(by=("theme", "account.plan")),
    Question(by=("day",), with_voices=False),
    Question(by=("day",), with_voices=False, with_scores=False),
    Question(by=("touch", "program"), with_scores=False),
    Question(by=("program",), with_scores=False),
    Question(since=MARCH.date(), with_scores=False),
    Question(by=("theme",), with_scores=False),
    Question(by=("account.name",)),
    Question(by=("account.plan",), with_accounts=True),
    Question(by=("touch",), with_comments=True),
    Question(by=("touch",)),
    Question(conditions=(PRO,)),
    Question(by=("channel",), conditions=(Condition("account.plan", "is", ("nobody",)),)),
    Question(conditions=(Condition("account.plan", "is", ("nobody",)),)),
]


@pytest.mark.django_db
@pytest.mark.parametrize("is_sealed", [False, True])
def test_asked_together_each_question_is_told_what_it_is_told_alone(
    people: People, is_sealed: bool
) -> None:
    lots = random.Random(3)
    themes = [theme(people, "Price"), theme(people, "Speed")]
    for _number in range(40):
        plan = lots.choice(["pro", "basic", ""])
        named = {"name": f"Account {lots.randrange(7)}", "plan": plan}
        comment = lots.choice(["Good.", ""])
        answer = said(people, lots.randrange(11), at=MARCH, account=named, comment=comment)
        speaks_of(people, answer, *lots.sample(themes, lots.randrange(3)))
    if is_sealed:
        sealing.seal_workspace(workspace=people.workspace, now=NOW)
    together = analyses.count_many(workspace=people.workspace, questions=QUESTIONS, now=NOW)
    memory.forget()
    alone = [
        analyses.count_cells(workspace=people.workspace, question=question, now=NOW)
        for question in QUESTIONS
    ]
    assert together == alone
    assert sum(map(len, alone)) > 30


@pytest.mark.django_db
def test_what_files_hold_is_put_together_once_and_a_fresh_answer_counts_beside_it(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each state of the answers is told as if nothing were remembered of the one before."""
    monkeypatch.setattr(alike, "MOST_TOLD_APART", 0)
    named = {"name": "Account 1", "plan": "pro"}
    answers = [said(people, score, at=MARCH, account=named) for score in (9, 2, 7, 10)]
    said(people, 3, at=APRIL, account={"name": "Account 2", "plan": "basic"})
    sealing.seal_workspace(workspace=people.workspace, now=NOW)
    read = _tables_asked_for(monkeypatch)

    def told() -> list[list[Cell]]:
        questions = [question for question in QUESTIONS if not question.with_accounts]
        return analyses.count_many(workspace=people.workspace, questions=questions, now=NOW)

    def told_anew() -> list[list[Cell]]:
        memory.forget()
        return told()

    first, tables = told(), len(read)
    assert tables
    assert all(type(number) is int for number in _numbers_in(first))
    said(people, 0, account=named)
    with_fresh = told()
    assert len(read) == tables
    assert with_fresh != first
    assert all(type(number) is int for number in _numbers_in(with_fresh))
    assert with_fresh == told_anew()

    Response.objects.filter(pk=answers[0].pk).update(score=1)  # its file is not clean any more
    changed = told()
    assert changed != with_fresh
    assert changed == told_anew()


def _numbers_in(told: list[list[Cell]]) -> Iterator[object]:
    for cell in (cell for cells in told for cell in cells):
        yield from (cell.groups.detractors, cell.groups.passives, cell.groups.promoters)
        yield from cell.scores or ()
        if cell.voices is not None:
            yield from astuple(cell.voices)[:-1]  # the last says whether they are of lots


def _tables_asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    table = DuckDB.table

    def listen(self: DuckDB, *, contents: Any, sql: str) -> Any:
        asked.append(sql)
        return table(self, contents=contents, sql=sql)

    monkeypatch.setattr(DuckDB, "table", listen)
    return asked
