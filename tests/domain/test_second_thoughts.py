"""What it means when a customer changes her answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import nps, second_thoughts
from afterscore.domain.second_thoughts import Change
from tests.people import NOW

scores = st.integers(0, 10)


@pytest.mark.parametrize(
    ("before", "score", "is_worse"),
    [(9, 8, True), (7, 6, True), (10, 2, True), (10, 9, False), (6, 0, False), (2, 9, False)],
)
def test_worse_means_a_lower_group(before: int, score: int, is_worse: bool) -> None:
    assert Change(before, score).is_worse is is_worse


@given(before=scores, score=scores)
def test_worse_is_never_a_better_score_and_always_another_group(before: int, score: int) -> None:
    if Change(before, score).is_worse:
        assert score < before
        assert nps.group_of(score) is not nps.group_of(before)


@pytest.mark.parametrize(
    ("before", "now", "deed"),
    [("", "", ""), ("", "a", "added"), ("a", "a", ""), ("a", "b", "changed"), ("a", "", "removed")],
)
def test_what_became_of_the_comment(before: str, now: str, deed: str) -> None:
    assert second_thoughts.comment_deed(before=before, now=now) == deed


def test_a_comment_taken_back_is_told_and_is_no_word() -> None:
    change = Change(9, 9, "removed")
    assert (change.is_any, change.is_word) == (True, False)
    assert Change(9, 4, "added").deeds == ("changed the score from 9 to 4", "added a comment")
    assert Change(4, 4, "changed").deeds == ("changed the comment",)
    assert not Change(4, 4).is_any


def test_an_hour_is_one_sitting() -> None:
    hour = timedelta(hours=1)
    assert second_thoughts.is_same_sitting(answered_at=NOW, changed_at=NOW + hour)
    later = NOW + hour + timedelta(seconds=1)
    assert not second_thoughts.is_same_sitting(answered_at=NOW, changed_at=later)
