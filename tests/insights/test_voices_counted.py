"""Cells know how far people of one account think alike: sums of the engine and by hand."""

from __future__ import annotations

import random
from typing import Any

import pytest

from afterscore.domain import alike, nps, voices
from afterscore.domain.nps import Tally
from afterscore.insights import analyses
from afterscore.insights.analyses import Cell, Condition, Question
from afterscore.insights.mart import columns
from afterscore.insights.mart.columns import Column
from afterscore.insights.operations import sealing
from afterscore.responses.models import Response
from tests.insights.answering import MARCH, said
from tests.people import NOW, People

pytestmark = pytest.mark.django_db


def count(people: People, *by: str, **question: object) -> dict[tuple[str | None, ...], Cell]:
    asked = Question(by=by, **question)  # type: ignore[arg-type]
    cells = analyses.count_cells(workspace=people.workspace, question=asked, now=NOW)
    return {cell.keys: cell for cell in cells}


def sums(answers: list[Response]) -> alike.Sums:
    """One by one, as the definition has it."""
    held: dict[object, list[int]] = {}
    for each in answers:
        held.setdefault(each.account_id or ("alone", each.contact_id), []).append(each.score)
    return voices.sums_of([nps.tally(nps.histogram_of(scores)) for scores in held.values()])


@pytest.fixture
def answers(people: People) -> list[Response]:
    lots, found = random.Random(7), []
    for number in range(60):
        named = {"name": f"Account {lots.randrange(9)}", "plan": lots.choice(["pro", "basic"])}
        alone: dict[str, Any] = {} if number % 6 else {"account_id": None}
        found.append(said(people, lots.randrange(11), at=MARCH, account=named, **alone))
    return found


@pytest.mark.parametrize("is_sealed", [False, True])
def test_sums_over_accounts_are_those_of_a_plain_count(
    people: People, answers: list[Response], is_sealed: bool
) -> None:
    if is_sealed:
        sealing.seal_workspace(workspace=people.workspace, now=NOW)
    assert count(people)[()].voices == sums(answers)
    for (group,), cell in count(people, "group").items():
        mine = [each for each in answers if nps.group_of(each.score).value == group]
        assert cell.voices == sums(mine)
        assert cell.tally.design_effect == alike.weigh(sums(mine)).design_effect


@pytest.mark.parametrize("is_sealed", [False, True])
def test_without_scores_groups_and_sums_are_the_same(
    people: People, answers: list[Response], is_sealed: bool
) -> None:
    if is_sealed:
        sealing.seal_workspace(workspace=people.workspace, now=NOW)
    whole = count(people)[()]
    grouped = count(people, with_scores=False)[()]
    assert grouped.groups == nps.tally(whole.histogram)
    assert (grouped.voices, grouped.tally) == (whole.voices, whole.tally)
    with pytest.raises(LookupError, match="each score"):
        _ = grouped.histogram


def test_without_scores_and_answers_there_is_one_empty_cell(people: People) -> None:
    assert count(people, with_scores=False) == {(): Cell((), Tally(0, 0, 0))}


def test_whoever_has_no_account_is_one_of_her_own(people: People) -> None:
    for score in (0, 0, 10, 10):
        said(people, score, account_id=None)
    found = count(people)[()].voices
    assert found is not None
    assert (found.accounts, found.largest) == (4, 1)


def test_of_accounts_asked_for_by_name_chance_is_in_their_people(
    people: People, answers: list[Response]
) -> None:
    assert all(cell.voices is None for cell in count(people, "account.name").values())
    named = Condition("account.name", "is", ("Account 1", "Account 2"))
    assert count(people, conditions=(named,))[()].voices is None


def test_without_voices_answers_are_taken_for_independent(
    people: People, answers: list[Response]
) -> None:
    cell = count(people, with_voices=False)[()]
    assert cell.voices is None
    assert cell.tally == Tally(*_plain(cell))


def _plain(cell: Cell) -> tuple[int, int, int]:
    tally = nps.tally(cell.histogram)
    return tally.detractors, tally.passives, tally.promoters


def test_where_a_workspace_has_very_many_answers_lots_of_accounts_are_counted(
    people: People, answers: list[Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "MOST_TOLD_APART", len(answers) - 1)
    four = columns.FIXED["lot"].sql.replace(str(alike.LOTS), "4")
    monkeypatch.setitem(columns.FIXED, "lot", Column("lot", "int16", four))
    sealing.seal_workspace(workspace=people.workspace, now=NOW)
    found = count(people)[()].voices
    assert found is not None
    assert found.are_lots
    assert found.accounts <= 7  # remainders of accounts, and of people, whose numbers are negative
    whole = sums(answers)
    assert (found.answers, found.balance, found.extremes) == (
        whole.answers,
        whole.balance,
        whole.extremes,
    )


def test_a_few_answers_of_a_large_workspace_are_told_from_the_same_lots_wherever_they_stand(
    people: People, answers: list[Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "MOST_TOLD_APART", len(answers) - 1)
    sealing.seal_workspace(workspace=people.workspace, now=NOW)
    alone = count(people, conditions=(Condition("account.plan", "is", ("pro",)),))[()]
    assert count(people, "account.plan")[("pro",)].voices == alone.voices
    assert alone.voices is not None
    assert alone.voices.are_lots
