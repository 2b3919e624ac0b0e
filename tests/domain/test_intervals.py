from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import intervals
from afterscore.domain.nps import Tally

counts = st.integers(min_value=0, max_value=5000)
tallies = st.builds(Tally, counts, counts, counts).filter(lambda tally: tally.n > 0)
confidences = st.floats(min_value=0.5, max_value=0.999)
NOBODY = Tally(0, 0, 0)
METHODS = [
    intervals.score_interval,
    intervals.adjusted_wald,
    intervals.wald,
    intervals.goodman,
]


@pytest.mark.parametrize("method", METHODS)
def test_without_answers_there_is_no_interval(method):
    assert method(NOBODY) is None


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("confidence", [0, 1, -0.1, 95, math.nan])
@pytest.mark.parametrize("tally", [NOBODY, Tally(1, 1, 1)])
def test_a_confidence_is_a_ratio(method, confidence, tally):
    with pytest.raises(ValueError, match="confidence"):
        method(tally, confidence)


@pytest.mark.parametrize(
    ("method", "name"),
    list(zip(METHODS, ["score", "adjusted wald", "wald", "goodman"], strict=True)),
)
def test_an_interval_says_how_it_was_made(method, name):
    interval = method(Tally(10, 30, 60), 0.9)
    assert interval is not None
    assert (interval.method, interval.confidence) == (name, 0.9)


@given(tallies, confidences)
def test_the_score_interval_holds_the_score_and_stays_on_the_scale(tally, confidence):
    interval = intervals.score_interval(tally, confidence)
    assert interval is not None
    assert -100 <= interval.low <= tally.score <= interval.high <= 100
    assert interval.low < interval.high


@given(tallies, confidences)
def test_the_score_interval_of_the_mirror_image_is_mirrored(tally, confidence):
    interval = intervals.score_interval(tally, confidence)
    mirrored = intervals.score_interval(
        Tally(tally.promoters, tally.passives, tally.detractors), confidence
    )
    assert interval is not None
    assert mirrored is not None
    assert mirrored.low == pytest.approx(-interval.high, abs=1e-9)
    assert mirrored.high == pytest.approx(-interval.low, abs=1e-9)


@given(tallies)
def test_more_confidence_takes_a_wider_interval(tally):
    narrow = intervals.score_interval(tally, 0.8)
    wide = intervals.score_interval(tally, 0.95)
    assert narrow is not None
    assert wide is not None
    assert wide.low <= narrow.low
    assert narrow.high <= wide.high


@given(tallies.filter(lambda tally: tally.variance > 0), confidences)
def test_at_the_limits_the_answers_are_just_not_contradicted(tally, confidence):
    """Tango's condition, |c - b - nD| = z sqrt(n (2q + D(1 - D))), written out afresh."""
    interval = intervals.score_interval(tally, confidence)
    assert interval is not None
    n, b, c = tally.n, tally.detractors, tally.promoters
    for limit in (interval.low / 100, interval.high / 100):
        if abs(limit) == 1:
            continue
        linear = -b - c + (2 * n - c + b) * limit
        q = (math.sqrt(linear**2 + 8 * n * b * limit * (1 - limit)) - linear) / (4 * n)
        spread = math.sqrt(n * (2 * q + limit * (1 - limit)))
        reach = abs(c - b - n * limit)
        assert reach == pytest.approx(intervals.quantile(confidence) * spread, rel=1e-6, abs=1e-6)


@given(st.integers(min_value=1, max_value=10**6))
def test_unanimous_answers_reach_the_end_of_the_scale_and_leave_room_on_the_other_side(n):
    promoters = intervals.score_interval(Tally(0, 0, n))
    detractors = intervals.score_interval(Tally(n, 0, 0))
    passives = intervals.score_interval(Tally(0, n, 0))
    assert promoters is not None
    assert detractors is not None
    assert passives is not None
    assert promoters.high == 100
    assert -100 <= promoters.low < 100
    assert detractors.low == -100
    assert passives.low == pytest.approx(-passives.high, abs=1e-9)
    assert passives.high > 0


def test_a_billion_answers_are_still_told_apart():
    interval = intervals.score_interval(Tally(150_000_000, 300_000_000, 550_000_000))
    assert interval is not None
    wald = intervals.wald(Tally(150_000_000, 300_000_000, 550_000_000))
    assert wald is not None
    assert interval.low == pytest.approx(wald.low, abs=1e-6)
    assert interval.high == pytest.approx(wald.high, abs=1e-6)
    assert interval.low < 40 < interval.high


def test_wald_is_not_clamped():
    interval = intervals.wald(Tally(0, 1, 9))
    assert interval is not None
    assert interval.high > 100


def test_goodman_is_wider_than_wald():
    wald, goodman = (method(Tally(10, 30, 60)) for method in (intervals.wald, intervals.goodman))
    assert wald is not None
    assert goodman is not None
    # chi-square with two degrees of freedom: 5.991 at 95 %.
    ratio = (goodman.high - goodman.low) / (wald.high - wald.low)
    assert ratio == pytest.approx(math.sqrt(5.991464547) / 1.959963985, abs=1e-9)


def test_nothing_is_estimated_from_nothing():
    with pytest.raises(ValueError, match="no answers"):
        intervals.plain_estimate(NOBODY)


@given(st.floats(min_value=1, max_value=60), st.floats(min_value=0.05, max_value=1), confidences)
def test_a_sample_of_that_size_has_that_margin_and_one_answer_less_has_not(
    margin, variance, confidence
):
    n = intervals.sample_size_for_margin(margin, variance, confidence)

    def reached(answers):
        return 100 * intervals.quantile(confidence) * math.sqrt(variance / (answers + 3))

    assert reached(n) <= margin + 1e-9
    assert n == 1 or reached(n - 1) > margin - 1e-9


@pytest.mark.parametrize("margin", [0, -5])
def test_a_margin_of_nothing_takes_forever(margin):
    with pytest.raises(ValueError, match="above 0"):
        intervals.sample_size_for_margin(margin)


def test_a_negative_variance_is_refused():
    with pytest.raises(ValueError, match="variance"):
        intervals.sample_size_for_margin(5, variance=-0.1)


@pytest.mark.parametrize("power", [0, 1, 80])
def test_a_power_is_a_ratio(power):
    with pytest.raises(ValueError, match="power"):
        intervals.sample_size_for_difference(10, power=power)
    with pytest.raises(ValueError, match="power"):
        intervals.sample_size_for_benchmark(10, power=power)


def test_comparing_two_groups_takes_twice_the_variance_in_each():
    z = 1.959963984540054 + 0.8416212335729143
    assert intervals.sample_size_for_difference(10) == math.ceil(2 * 0.67 * z**2 / 0.01 - 3)


def test_the_smallest_sample_is_one():
    assert intervals.sample_size_for_margin(5, variance=0) == 1
    assert intervals.sample_size_for_margin(100) == 1
