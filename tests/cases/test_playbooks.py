"""What every built-in playbook keeps to. A new one is greeted by these tests."""

from __future__ import annotations

import pytest

from afterscore.cases import playbooks
from afterscore.cases.playbooks import PLAYBOOKS
from afterscore.domain import playbooks as rules
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Playbook, Situation
from afterscore.domain.steps import Moment, StepKind
from afterscore.outreach.composition import templates

SITUATIONS = [
    Situation(group, has_comment, is_key_account, has_left)
    for group in Group
    for has_comment in (True, False)
    for is_key_account in (True, False)
    for has_left in (True, False)
]
every = pytest.mark.parametrize("playbook", PLAYBOOKS.values(), ids=list(PLAYBOOKS))


def test_the_eight_are_there() -> None:
    assert set(PLAYBOOKS) == {
        "detractor_comment", "detractor_silent", "passive_comment", "passive_silent",
        "promoter_comment", "promoter_silent", "key_account", "lost_account",
    }  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_every_answer_has_a_playbook_with_a_first_step_that_is_due(situation: Situation) -> None:
    playbook = playbooks.choose(situation)
    assert playbook.fits(situation)
    steps = playbook.steps_for(situation)
    assert any(step.starts is Moment.OPENING and step.days == 0 for step in steps)


@pytest.mark.parametrize("situation", SITUATIONS, ids=str)
def test_nobody_without_a_comment_is_forgotten(situation: Situation) -> None:
    kinds = [step.kind for step in playbooks.choose(situation).steps_for(situation)]
    assert (StepKind.ASK_REASON in kinds) is (not situation.has_comment)


def test_who_has_left_is_not_treated_as_a_key_account() -> None:
    lost = Situation(Group.PROMOTER, has_comment=True, is_key_account=True, has_left=True)
    assert playbooks.choose(lost).key == "lost_account"


@every
def test_it_is_chosen_for_something(playbook: Playbook) -> None:
    assert any(playbooks.choose(situation) is playbook for situation in SITUATIONS)


@every
def test_its_steps_can_be_stored_and_read_again(playbook: Playbook) -> None:
    assert rules.from_data(rules.as_data(playbook.steps)) == playbook.steps


@every
def test_its_steps_fit_into_their_rows(playbook: Playbook) -> None:
    for step in playbook.steps:
        assert len(f"{playbook.key}:{step.key}") <= 40
        assert len(step.kind) <= 16
        assert len(step.starts) <= 8


@every
def test_its_words_are_there_and_each_field_in_them_is_known(playbook: Playbook) -> None:
    assert playbook.name
    assert playbook.when.endswith(".")
    assert playbook.aim.endswith(".")
    for step in playbook.steps:
        templates.check(step.text, field=step.key)
        assert step.text or step.kind is StepKind.TODO
        assert "!" not in step.title + step.text


@every
def test_a_call_comes_with_a_script(playbook: Playbook) -> None:
    for step in playbook.steps:
        if step.kind is StepKind.CALL:
            assert step.text.count("\n") >= 3


def test_a_gift_never_depends_on_the_score() -> None:
    offered = {
        situation.group: {
            StepKind.GIFT
            in [step.kind for step in playbooks.choose(situation).steps_for(situation)]
        }
        for situation in SITUATIONS
    }
    assert set(map(frozenset, offered.values())) == {frozenset({True})}


def test_nobody_who_complains_or_has_left_is_asked_for_a_favour() -> None:
    for situation in SITUATIONS:
        kinds = [step.kind for step in playbooks.choose(situation).steps_for(situation)]
        asks = StepKind.ADVOCATE in kinds
        assert asks is (situation.group is Group.PROMOTER and not situation.has_left)


def test_a_passive_customer_is_shown_what_is_not_used() -> None:
    for situation in SITUATIONS:
        if situation.group is Group.PASSIVE and not situation.has_left:
            kinds = [step.kind for step in playbooks.choose(situation).steps_for(situation)]
            assert StepKind.EDUCATE in kinds


def test_one_more_of_a_kind_is_one_file_and_one_line() -> None:
    from pathlib import Path

    folder = Path(playbooks.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "common"}
    assert files == set(PLAYBOOKS)
