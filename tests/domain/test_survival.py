from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import survival
from afterscore.domain.survival import Span

# survival::aml, weeks until a relapse: (week, relapsed?)
MAINTAINED = [
    (9, 1), (13, 1), (13, 0), (18, 1), (23, 1), (28, 0), (31, 1), (34, 1), (45, 0), (48, 1),
    (161, 0),
]  # fmt: skip
NOT_MAINTAINED = [
    (5, 1), (5, 1), (8, 1), (8, 1), (12, 1), (16, 0), (23, 1), (27, 1), (30, 1), (33, 1), (43, 1),
    (45, 1),
]  # fmt: skip

spans = st.lists(
    st.builds(Span, st.integers(0, 60).map(float), st.integers(0, 5), st.integers(0, 5)),
    max_size=30,
)


def people(rows: list[tuple[int, int]]) -> list[Span]:
    return [Span(time, happened, 1 - happened) for time, happened in rows]


def test_the_curve_is_that_of_the_textbook():
    """R's survival::aml, reference_numbers.md section 6."""
    found = survival.curve(people(MAINTAINED))

    times = [9, 13, 18, 23, 31, 34, 48]
    ratios = [0.9091, 0.8182, 0.7159, 0.6136, 0.4909, 0.3682, 0.1841]
    assert [point.time for point in found.points] == times
    assert [point.ratio for point in found.points] == pytest.approx(ratios, abs=0.00005)
    assert (found.people, found.events, found.middle.time) == (11, 7, 31)
    other = survival.curve(people(NOT_MAINTAINED))
    assert (other.people, other.events, other.middle.time) == (12, 11, 23)


def test_the_log_rank_test_is_that_of_the_textbook():
    found = survival.compare([people(MAINTAINED), people(NOT_MAINTAINED)])

    assert found is not None
    assert found.statistic == pytest.approx(3.396389, abs=1e-6)
    assert found.p_value == pytest.approx(0.0653393, abs=1e-6)
    assert found.freedom == 1


def test_limits_are_on_the_log_log_scale():
    """By hand: of ten, two are through after a day, so ln S = ln 0.8 and Greenwood's sum is
    2 / (10 * 8)."""
    (point,) = survival.curve([Span(1, 2, 0), Span(2, 0, 8)]).points

    reach = 1.959964 * math.sqrt(2 / 80) / abs(math.log(0.8))
    assert point.low == pytest.approx(0.8 ** math.exp(reach), abs=1e-6)
    assert point.high == pytest.approx(0.8 ** math.exp(-reach), abs=1e-6)


def test_the_median_has_limits_where_those_of_the_curve_pass_a_half():
    """lifelines 0.30 on the maintained: 13 to infinity; the limits of three points beside it."""
    found = survival.curve(people(MAINTAINED))

    assert found.middle == survival.Middle(31, 13, None)
    limits = {9: (0.508080, 0.986674), 31: (0.167331, 0.753400), 48: (0.011738, 0.525015)}
    for time, (low, high) in limits.items():
        point = found.at(time)
        assert point is not None
        assert (point.low, point.high) == pytest.approx((low, high), abs=1e-6)


def test_open_cases_are_not_taken_for_fast_ones():
    """Ten answered after a day and ninety still wait: the median is not known, and is not a day."""
    found = survival.curve([Span(24, 10, 0), Span(48, 0, 90)])

    assert found.middle == survival.Middle(None, None, None)
    assert found.points[-1].ratio == pytest.approx(0.9)


def test_nothing_is_said_of_times_that_nobody_was_watched_for():
    found = survival.curve([Span(3, 1, 0), Span(5, 0, 4)])

    assert found.at(6) is None
    assert found.at(2) == survival.Point(2, 1.0, 1.0, 1.0, 5, 0)
    here = found.at(5)
    assert here is not None
    assert here.ratio == pytest.approx(0.8)


def test_a_curve_ends_where_the_time_of_most_is_not_up_yet():
    found = survival.curve([Span(1, 5, 0), Span(2, 1, 30), Span(9, 1, 0), Span(12, 0, 3)])
    shown = found.while_watched(10)
    assert [point.time for point in shown.points] == [1, 2]
    assert (shown.longest, shown.people, shown.events) == (2, 40, 6)
    assert shown.at(3) is None
    assert found.while_watched(3) == found
    assert survival.curve([]).while_watched(10) == survival.curve([])


def test_a_curve_goes_on_where_it_has_happened_to_most():
    found = survival.curve([Span(1, 30, 0), Span(2, 5, 0), Span(3, 3, 0), Span(4, 0, 2)])
    assert found.while_watched(10) == found


def test_when_it_has_happened_to_everybody_the_upper_limit_stays():
    first, last = survival.curve([Span(1, 3, 0), Span(2, 3, 0)]).points

    assert (last.ratio, last.low, last.high) == (0.0, 0.0, first.high)


def test_of_nobody_there_is_an_empty_curve_and_no_test():
    found = survival.curve([])

    assert (found.people, found.points, found.at(0)) == (0, (), None)
    assert survival.compare([[], [Span(1, 1, 0)]]) is None
    assert survival.compare([[Span(1, 0, 2)], [Span(1, 0, 2)]]) is None


@pytest.mark.parametrize("values", [(-1.0, 0, 0), (1.0, -1, 0), (1.0, 0, -1)])
def test_a_span_is_of_people_who_exist(values: tuple[float, int, int]):
    with pytest.raises(ValueError, match="0 or more"):
        Span(*values)


@given(spans)
def test_the_curve_only_falls_and_stays_within_its_limits(rows: list[Span]):
    before = 1.0
    for point in survival.curve(rows).points:
        assert 0 <= point.low <= point.ratio + 1e-12
        assert point.ratio <= point.high + 1e-12
        assert point.high <= 1
        assert point.ratio < before
        before = point.ratio


@given(spans, st.randoms(use_true_random=False))
def test_neither_order_nor_grouping_changes_it(rows: list[Span], chance):
    single = [
        part
        for row in rows
        for part in [Span(row.time, 1, 0)] * row.happened + [Span(row.time, 0, 1)] * row.censored
    ]
    chance.shuffle(single)

    assert survival.curve(single) == survival.curve(rows)


@given(spans)
def test_without_waiting_ones_it_is_the_plain_share(rows: list[Span]):
    done = [Span(row.time, row.happened, 0) for row in rows]
    total = sum(row.happened for row in done)

    for point in survival.curve(done).points:
        later = sum(row.happened for row in done if row.time > point.time)
        assert point.ratio == pytest.approx(later / total, abs=1e-12)


@given(spans)
def test_a_group_does_not_differ_from_itself(rows: list[Span]):
    found = survival.compare([rows, rows])

    assert found is None or (found.statistic == pytest.approx(0, abs=1e-9) and found.p_value > 0.99)


def test_three_groups_have_two_degrees_of_freedom():
    found = survival.compare([people(MAINTAINED), people(NOT_MAINTAINED), people(MAINTAINED)])

    assert found is not None
    assert found.freedom == 2
    assert 0 < found.p_value < 1
