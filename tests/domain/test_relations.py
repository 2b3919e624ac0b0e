"""Whether two things go together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import relations

COUNT = st.integers(1, 200)


@given(COUNT, COUNT, COUNT, COUNT)
def test_odds_turned_round_are_one_over_themselves(a, b, c, d) -> None:
    there, back = relations.odds((a, b), (c, d)), relations.odds((c, d), (a, b))
    assert there is not None
    assert back is not None
    assert there.ratio * back.ratio == pytest.approx(1)
    assert (there.low * back.high, there.high * back.low) == pytest.approx((1, 1))


@given(COUNT, COUNT, COUNT, COUNT)
def test_a_slope_over_two_values_is_the_odds_ratio(a, b, c, d) -> None:
    found, odds = relations.logistic({0.0: (c, d), 1.0: (a, b)}), relations.odds((a, b), (c, d))
    assert found is not None
    assert odds is not None
    assert found.odds == pytest.approx(odds.ratio, rel=1e-6)
    assert (found.low, found.high) == pytest.approx((odds.low, odds.high), rel=1e-5)


def test_values_that_part_the_two_completely_have_no_slope() -> None:
    assert relations.logistic({1.0: (9, 0), 2.0: (5, 0), 3.0: (2, 8), 4.0: (0, 7)}) is None
    assert relations.logistic({1.0: (9, 0), 2.0: (0, 3)}) is None
    assert relations.logistic({1.0: (9, 0)}) is None
    assert relations.logistic({1.0: (3, 4)}) is None
    assert relations.logistic({}) is None


def test_a_slope_holds_its_truth_in_95_of_100_worlds() -> None:
    lots = np.random.default_rng(2)
    held = 0
    for _ in range(600):
        people = {}
        for score in range(11):
            left = int(lots.binomial(30, 1 / (1 + np.exp(-(-0.5 - 0.2 * score)))))
            people[float(score)] = (left, 30 - left)
        found = relations.logistic(people)
        assert found is not None
        held += found.low <= np.exp(-0.2) <= found.high
    assert 0.93 * 600 <= held <= 0.97 * 600


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=40))
def test_a_correlation_lies_between_the_ends_and_knows_no_order(pairs) -> None:
    one, two = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    found = relations.correlation(one, two)
    if found is None:
        assert len(set(one)) < 2 or len(set(two)) < 2
        return
    assert -1 - 1e-9 <= found <= 1 + 1e-9
    assert relations.correlation(two, one) == pytest.approx(found)


def test_a_correlation_is_one_of_pairs() -> None:
    with pytest.raises(ValueError, match="of pairs"):
        relations.correlation([1.0], [1.0, 2.0])


@given(st.integers(1, 40), st.lists(COUNT, min_size=2, max_size=4))
def test_rows_that_are_alike_are_not_associated(times, row) -> None:
    found = relations.association([row, [times * count for count in row]])
    assert found is not None
    assert found.chi_square == pytest.approx(0, abs=1e-9)
    assert found.p_value == pytest.approx(1)


def test_a_table_with_one_row_has_nothing_to_go_together() -> None:
    assert relations.association([[3, 4], [0, 0]]) is None
    assert relations.association([[3, 0], [5, 0]]) is None
