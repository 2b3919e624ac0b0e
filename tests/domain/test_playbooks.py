from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import playbooks, steps
from afterscore.domain.departments import Department
from afterscore.domain.nps import Group
from afterscore.domain.playbooks import Draft, Situation, Step, Unusable
from afterscore.domain.steps import Moment, StepKind

ROW: dict[str, Any] = {"key": "call", "kind": "call", "title": "Call them"}

words = st.text(st.characters(whitelist_categories=("L", "N")), min_size=1, max_size=30)
a_step = st.builds(
    Step,
    key=st.from_regex(r"\A[a-z][a-z0-9_]{0,19}\Z"),
    kind=st.sampled_from(StepKind),
    title=words,
    text=words,
    starts=st.sampled_from(Moment),
    days=st.integers(0, playbooks.MOST_DAYS),
    department=st.none() | st.sampled_from(Department),
    if_silent=st.booleans(),
    groups=st.sets(st.sampled_from(Group)).map(lambda some: tuple(g for g in Group if g in some)),
    comment=st.sampled_from(("", "with", "without")),
    drafts=st.dictionaries(st.sampled_from(("en", "de")), st.builds(Draft, words, words)),
)


@given(st.lists(a_step, min_size=1, max_size=playbooks.MOST_STEPS, unique_by=lambda s: s.key))
def test_steps_survive_being_stored(found: list[Step]) -> None:
    assert playbooks.from_data(playbooks.as_data(found)) == tuple(found)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"title": "  "}, "title", "what is to be done"),
        ({"title": "x" * 121}, "title", "at most 120"),
        ({"text": "x" * 4_001}, "text", "at most 4,000"),
        ({"kind": "dance"}, "kind", "not among"),
        ({"starts": "soon"}, "starts", "not among"),
        ({"days": "two"}, "days", "whole number"),
        ({"days": 91}, "days", "0 to 90"),
        ({"days": -1}, "days", "0 to 90"),
        ({"department": "kitchen"}, "department", "not among"),
        ({"groups": ["fan"]}, "groups", "not among"),
        ({"comment": "maybe"}, "comment", "with a comment, without, or both"),
        ({"key": "Call me"}, "key", "no name"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(
    change: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Unusable, match=words) as refused:
        playbooks.from_data([{**ROW, "key": "first"}, ROW | change])
    assert (refused.value.place, refused.value.field) == (1, field)


def test_a_playbook_has_steps_but_not_too_many_and_none_twice() -> None:
    with pytest.raises(Unusable, match="at least one"):
        playbooks.from_data([])
    with pytest.raises(Unusable, match="at most 12"):
        playbooks.from_data([ROW | {"key": f"call{n}"} for n in range(13)])
    with pytest.raises(Unusable, match="Two steps"):
        playbooks.from_data([ROW, ROW])


@pytest.mark.parametrize(
    ("groups", "comment", "fits"),
    [
        ((), "", True),
        ((Group.DETRACTOR,), "", True),
        ((Group.PROMOTER, Group.PASSIVE), "", False),
        ((), "with", False),
        ((), "without", True),
        ((Group.DETRACTOR,), "with", False),
    ],
)
def test_a_step_may_be_for_some_answers_only(
    groups: tuple[Group, ...], comment: str, fits: bool
) -> None:
    silent = Situation(Group.DETRACTOR, has_comment=False)
    step = Step(key="a", kind=StepKind.TODO, title="Do", groups=groups, comment=comment)
    assert step.fits(silent) is fits


@pytest.mark.parametrize(
    ("accounts", "larger", "is_key"),
    [(9, 0, False), (10, 0, True), (10, 1, False), (11, 1, True), (100, 9, True), (100, 10, False)],
)
def test_the_tenth_with_the_highest_revenue_are_key_accounts(
    accounts: int, larger: int, is_key: bool
) -> None:
    assert playbooks.is_key_account(accounts=accounts, larger=larger) is is_key


@pytest.mark.parametrize("kind", StepKind)
def test_every_kind_of_step_can_end(kind: StepKind) -> None:
    results = steps.results_of(kind)
    assert any(result.ends for result in results)
    assert len({result.code for result in results}) == len(results)
    for result in results:
        assert steps.result_of(kind, result.code) == result
        assert len(result.code) <= 24
    assert kind.label
    assert steps.result_of(kind, "nonsense") is None


def test_every_reason_for_silence_can_be_chosen() -> None:
    codes = {result.code for result in steps.results_of(StepKind.ASK_REASON)}
    assert codes == set(steps.Silence)
