"""What so many answers cannot say: bounds, power, and families of comparisons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import bounds, families, intervals, power
from afterscore.domain.nps import Tally

TALLY = st.builds(Tally, *[st.integers(0, 500)] * 3)


@given(TALLY, st.integers(0, 1000))
def test_whatever_the_silent_think_the_score_lies_within_the_bounds(tally, silent: int) -> None:
    found = bounds.bounds(tally, asked=tally.n + silent)
    if found is None:
        assert tally.n + silent == 0
        return
    for promoters in (0, silent // 2, silent):
        whole = Tally(
            tally.detractors + silent - promoters, tally.passives, tally.promoters + promoters
        )
        assert whole.score is not None
        assert found.low - 1e-9 <= whole.score <= found.high + 1e-9
    assert found.width == pytest.approx(200 * silent / (tally.n + silent))


def test_a_fifth_that_answered_leaves_almost_everything_open() -> None:
    found = bounds.bounds(Tally(20, 60, 120), asked=1000)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((-70, 90))
    assert bounds.supposing(Tally(20, 60, 120), asked=1000, silent_score=0) == pytest.approx(10)


def test_more_answers_than_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="only 3 were asked"):
        bounds.bounds(Tally(1, 1, 2), asked=3)


@pytest.mark.parametrize("points", [5.0, 10.0, 25.0])
def test_what_is_noticeable_is_what_the_sample_size_was_planned_for(points: float) -> None:
    n = intervals.sample_size_for_difference(points)
    found = power.noticeable(n, n)
    assert found is not None
    assert found == pytest.approx(points, abs=0.15)
    assert power.power_of(found, n, n) == pytest.approx(0.8, abs=0.001)


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.floats(0, 200))
def test_power_grows_with_the_change_and_with_the_answers(first, second, points) -> None:
    here = power.power_of(points, first, second)
    assert power.power_of(points + 1, first, second) >= here - 1e-12
    assert power.power_of(points, first + 100, second + 100) >= here - 1e-12
    assert 0.05 - 1e-9 <= here <= 1


def test_the_sentence() -> None:
    assert power.describe(60, 60) == (
        "With 60 answers each time a change of 41 points or more shows four times in five."
    )
    assert power.describe(0, 1) == "With 1 answer no change can be noticed."
    assert power.describe(400, 60).startswith("With 400 answers before and 60 now")


def test_holms_own_example() -> None:
    """p-values 0.01, 0.02, 0.03, 0.04 in a family of four: 0.04, 0.06, 0.06, 0.06."""
    assert families.adjusted([0.03, 0.01, 0.04, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])


@given(st.lists(st.floats(0, 1), max_size=30))
def test_a_family_never_makes_anything_surer_and_keeps_the_order(p_values) -> None:
    found = families.adjusted(p_values)
    for one, family in zip(p_values, found, strict=True):
        assert one <= family <= min(1.0, one * len(p_values)) + 1e-12
    ranked = [family for _, family in sorted(zip(p_values, found, strict=True))]
    assert ranked == sorted(ranked)


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        families.adjusted([0.5, 1.5])
