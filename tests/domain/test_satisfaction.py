"""CSAT and CES: shares and means with limits that hold."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import satisfaction
from afterscore.domain.scales import Scale


def counts_on(scale: Scale, most: int = 200) -> st.SearchStrategy[dict[int, int]]:
    numbers = range(scale.lowest, scale.highest + 1)
    return st.fixed_dictionaries({number: st.integers(0, most) for number in numbers})


@given(st.data())
def test_the_share_of_the_satisfied_lies_within_its_limits(data) -> None:
    scale = data.draw(st.sampled_from(satisfaction.CSAT_SCALES))
    counts = data.draw(counts_on(scale))
    found = satisfaction.csat(counts, scale)
    if found is None:
        assert sum(counts.values()) == 0
        return
    assert 0 <= found.low <= found.ratio <= found.high <= 1
    assert found.low < found.high
    assert found.satisfied == sum(counts[box] for box in found.boxes)


def test_the_two_best_boxes_of_each_scale() -> None:
    assert satisfaction.best_boxes(Scale.ONE_TO_FIVE) == (4, 5)
    assert satisfaction.best_boxes(Scale.ONE_TO_SEVEN) == (6, 7)
    assert satisfaction.best_boxes(Scale.ZERO_TO_TEN) == (9, 10)


def test_a_share_has_wilsons_limits() -> None:
    """Newcombe (1998), Statistics in Medicine 17, p. 857-872, table I: 81 of 263 gives .2553 to
    .3662, 15 of 148 gives .0624 to .1605, 0 of 20 gives 0 to .1611."""
    for satisfied, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
    ):
        found = satisfaction.csat({5: satisfied, 1: n - satisfied}, Scale.ONE_TO_FIVE)
        assert found is not None
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_the_difference_of_two_shares_has_newcombes_limits() -> None:
    """Newcombe (1998), Statistics in Medicine 17, p. 873-890, table II, method 10: 56/70 - 48/80
    gives .0524 to .3339, 9/10 - 3/10 gives .1705 to .8090."""
    for (a, m), (b, n), low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
    ):
        one = satisfaction.csat({5: b, 1: n - b}, Scale.ONE_TO_FIVE)
        two = satisfaction.csat({5: a, 1: m - a}, Scale.ONE_TO_FIVE)
        assert one is not None
        assert two is not None
        found = satisfaction.difference_of_shares(one, two)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
        assert found.is_beyond_chance


@given(
    st.sampled_from(satisfaction.CES_SCALES).flatmap(lambda s: st.tuples(st.just(s), counts_on(s)))
)
def test_the_mean_lies_within_limits_that_stay_on_the_scale(drawn) -> None:
    scale, counts = drawn
    found = satisfaction.ces(counts, scale)
    if found is None:
        assert sum(counts.values()) == 0
        return
    assert scale.lowest <= found.low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= found.high <= scale.highest
    assert found.low < found.high


def test_a_mean_has_students_limits_with_an_answer_and_a_half_added() -> None:
    """By hand: 9 answers of mean 5, with .75 at 1 and at 7 the mean is 51 / 10.5 and the sum of
    squares 243 + 37.5 - 51^2 / 10.5; t(.975, 8) = 2.306004."""
    counts = {3: 2, 4: 1, 5: 3, 6: 1, 7: 2}
    found = satisfaction.ces(counts, Scale.ONE_TO_SEVEN)
    assert found is not None
    assert (found.mean, found.spread**2) == pytest.approx((5, 18 / 8))
    centre, variance = 51 / 10.5, (243 + 37.5 - 51**2 / 10.5) / 9.5
    reach = 2.306004135 * math.sqrt(variance / 10.5)
    assert (found.low, found.high) == pytest.approx((centre - reach, centre + reach), abs=1e-8)


@pytest.mark.parametrize(("n", "least"), [(1, 0.9), (5, 3), (20, 6), (100, 6.8)])
def test_answers_that_all_agree_are_not_taken_for_certainty(n: int, least: float) -> None:
    found = satisfaction.ces({7: n}, Scale.ONE_TO_SEVEN)
    assert found is not None
    assert least < found.low < 7
    assert found.high == 7


def coverage_of_the_mean(n: int, shares: dict[int, float]) -> float:
    """How often the limits hold the true mean, over every sample of three boxes."""
    (a, p), (b, q), (c, r) = shares.items()
    truth = a * p + b * q + c * r
    covered = 0.0
    for i in range(n + 1):
        for j in range(n - i + 1):
            found = satisfaction.ces({a: i, b: j, c: n - i - j}, Scale.ONE_TO_SEVEN)
            assert found is not None
            if found.low <= truth <= found.high:
                ways = math.comb(n, i) * math.comb(n - i, j)
                covered += ways * p**i * q**j * r ** (n - i - j)
    return covered


@pytest.mark.parametrize(
    ("n", "shares", "expected"),
    [
        (10, {3: 0.2, 5: 0.4, 7: 0.4}, 0.990),
        (50, {3: 0.2, 5: 0.4, 7: 0.4}, 0.963),
        (20, {1: 0.05, 6: 0.15, 7: 0.8}, 0.998),
        (50, {1: 0.05, 6: 0.15, 7: 0.8}, 0.958),
        (20, {1: 0.3, 4: 0.4, 7: 0.3}, 0.959),
    ],
)
def test_the_exact_coverage_of_the_mean_is_what_the_docs_say(n, shares, expected) -> None:
    assert coverage_of_the_mean(n, shares) == pytest.approx(expected, abs=0.0015)


@given(counts_on(Scale.ONE_TO_SEVEN), counts_on(Scale.ONE_TO_SEVEN))
def test_two_means_turned_round_differ_the_other_way(one, two) -> None:
    there = satisfaction.difference_of_means(one, two, Scale.ONE_TO_SEVEN)
    back = satisfaction.difference_of_means(two, one, Scale.ONE_TO_SEVEN)
    if there is None or back is None:
        assert there is back
        assert min(sum(one.values()), sum(two.values())) < 2
        return
    assert there.difference == pytest.approx(-back.difference)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.is_beyond_chance == back.is_beyond_chance


def test_what_is_not_on_the_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="8 is not on the scale 1 to 7"):
        satisfaction.ces({8: 1}, Scale.ONE_TO_SEVEN)
    with pytest.raises(ValueError, match="a scale from 0 to 10 is not one of 1 to 7 or 1 to 5"):
        satisfaction.ces({8: 1}, Scale.ZERO_TO_TEN)
    with pytest.raises(ValueError, match="less than never"):
        satisfaction.csat({5: -1}, Scale.ONE_TO_FIVE)
    five = satisfaction.csat({5: 1}, Scale.ONE_TO_FIVE)
    seven = satisfaction.csat({5: 1}, Scale.ONE_TO_SEVEN)
    assert five is not None
    assert seven is not None
    with pytest.raises(ValueError, match="1 to 5 and one from 1 to 7 cannot be compared"):
        satisfaction.difference_of_shares(five, seven)
