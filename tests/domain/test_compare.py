from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import compare, intervals
from afterscore.domain.compare import Change
from afterscore.domain.nps import Tally

counts = st.integers(min_value=0, max_value=2000)
tallies = st.builds(Tally, counts, counts, counts)
some_answers = tallies.filter(lambda tally: tally.n > 0)
NOBODY = Tally(0, 0, 0)


@pytest.mark.parametrize(("first", "second"), [(NOBODY, Tally(1, 1, 1)), (Tally(1, 1, 1), NOBODY)])
def test_nothing_is_compared_with_no_answers(first, second):
    assert compare.compare(first, second) is None
    assert compare.verdict(first, second) is Change.NOT_ENOUGH


def test_the_difference_is_second_minus_first():
    comparison = compare.compare(Tally(30, 30, 40), Tally(10, 30, 60), adjusted=False)
    assert comparison is not None
    assert comparison.difference == pytest.approx(40)


def test_pseudo_answers_are_added_unless_they_are_declined():
    first, second = Tally(3, 10, 7), Tally(5, 10, 5)
    assert compare.compare(first, second) == compare.compare(first, second, adjusted=True)
    assert compare.compare(first, second) != compare.compare(first, second, adjusted=False)


@given(some_answers, some_answers, st.booleans())
def test_turning_a_comparison_round_turns_the_difference_round(first, second, adjusted):
    there = compare.compare(first, second, adjusted=adjusted)
    back = compare.compare(second, first, adjusted=adjusted)
    assert there is not None
    assert back is not None
    assert back.difference == pytest.approx(-there.difference, abs=1e-9)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-9)
    assert back.p_value == pytest.approx(there.p_value, abs=1e-9)
    assert 0 <= there.p_value <= 1
    assert there.low <= there.difference <= there.high


@given(some_answers, some_answers)
def test_the_interval_leaves_nought_out_exactly_when_p_is_small(first, second):
    comparison = compare.compare(first, second)
    assert comparison is not None
    if abs(comparison.p_value - 0.05) > 1e-9:
        outside = comparison.low > 0 or comparison.high < 0
        assert outside == (comparison.p_value < 0.05)


@pytest.mark.parametrize(
    ("first", "second", "p_value"),
    [(Tally(0, 0, 5), Tally(0, 0, 9), 1.0), (Tally(0, 0, 5), Tally(5, 0, 0), 0.0)],
)
def test_without_any_spread_the_plain_test_knows_only_equal_and_not(first, second, p_value):
    comparison = compare.compare(first, second, adjusted=False)
    assert comparison is not None
    assert comparison.p_value == p_value


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        (Tally(150, 300, 550), Tally(120, 320, 560), Change.NOISE),
        (Tally(300, 300, 400), Tally(150, 300, 550), Change.RISE),
        (Tally(150, 300, 550), Tally(300, 300, 400), Change.FALL),
        # Barely: the interval begins 0.2 points from nought.
        (Tally(300, 400, 300), Tally(265, 400, 335), Change.RISE),
        (Tally(265, 400, 335), Tally(300, 400, 300), Change.FALL),
        (Tally(30, 30, 40), Tally(30, 30, 40), Change.NOT_ENOUGH),
        # The published drop of 15.6 points that proves nothing, p = .07.
        (Tally(9, 32, 93), Tally(8, 30, 49), Change.NOT_ENOUGH),
        # Plain opposites, but nine answers are too few to speak of a change.
        (Tally(9, 0, 0), Tally(0, 0, 1000), Change.NOT_ENOUGH),
        (Tally(10, 0, 0), Tally(0, 0, 1000), Change.RISE),
        (Tally(0, 0, 1000), Tally(9, 0, 0), Change.NOT_ENOUGH),
        (Tally(0, 0, 1000), Tally(10, 0, 0), Change.FALL),
    ],
)
def test_a_change_is_called_a_change_only_when_it_is_one(first, second, change):
    assert compare.verdict(first, second) is change


def test_what_would_be_worth_acting_on_may_be_changed():
    same = Tally(30, 30, 40)
    assert compare.verdict(same, same, worthwhile_points=30) is Change.NOISE
    assert compare.verdict(same, same, worthwhile_points=20) is Change.NOT_ENOUGH


@given(some_answers, some_answers)
def test_with_the_answers_needed_the_margin_is_as_promised(first, second):
    needed = compare.answers_needed(first, second)
    if needed is None or needed > 10**7:
        return
    assert needed >= compare.MINIMUM_ANSWERS
    variance_now = intervals.adjusted_estimate(second).variance
    before = intervals.adjusted_estimate(first).standard_error
    margin = 196 * math.hypot(before, math.sqrt(variance_now / (needed + 3)))
    assert margin <= compare.WORTHWHILE_POINTS + 0.01


@given(some_answers, some_answers)
def test_who_has_not_enough_needs_more_than_they_have(first, second):
    """Or nothing they could gather would do, because the first group is too small."""
    needed = compare.answers_needed(first, second)
    if compare.verdict(first, second) is Change.NOT_ENOUGH and needed is not None:
        assert needed > second.n
    if compare.verdict(first, second) is Change.NOISE:
        assert needed is not None
        assert needed <= max(second.n, compare.MINIMUM_ANSWERS)


def test_too_small_a_beginning_cannot_be_mended_by_the_other_side():
    assert compare.answers_needed(Tally(3, 3, 3), Tally(100, 100, 100)) is None
    assert compare.answers_needed(Tally(20, 30, 30), Tally(100, 100, 100)) is None
    assert compare.answers_needed(Tally(200, 300, 300), Tally(10, 14, 14)) is not None


def test_ten_answers_are_a_beginning_and_nine_are_not():
    now = Tally(10, 14, 14)
    assert compare.answers_needed(Tally(0, 0, 9), now, worthwhile_points=60) is None
    assert compare.answers_needed(Tally(0, 0, 10), now, worthwhile_points=60) is not None


@given(some_answers, some_answers)
def test_what_is_told_is_the_difference_of_the_scores_that_are_shown(
    first: Tally, second: Tally
) -> None:
    expected = (second.score or 0.0) - (first.score or 0.0) if first.n and second.n else 0.0
    assert compare.apart(first, second) == pytest.approx(expected)
    assert compare.apart(second, first) == pytest.approx(-expected)
    assert -200 <= compare.apart(first, second) <= 200
