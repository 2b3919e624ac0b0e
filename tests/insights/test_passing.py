"""Questions of a page are told by as few passes over the answers as they need, and none otherwise
than it would be told alone."""

from __future__ import annotations

import random
from datetime import date

import pytest

from afterscore.insights import analyses
from afterscore.insights.analyses import Condition, Question
from afterscore.insights.analyses.passing import passes_of
from afterscore.insights.analyses.remembering import memory
from afterscore.insights.operations import sealing
from tests.insights.answering import MARCH, said
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
