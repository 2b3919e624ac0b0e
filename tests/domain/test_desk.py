from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import desk
from afterscore.domain.casework import DuePolicy
from afterscore.domain.desk import Allowance
from afterscore.domain.nps import Group

ONE_DAY = (Allowance(1, 1.0),)
THREE_DAYS = (Allowance(3, 1.0),)


def late_on(incoming, *, capacity=10.0, promise=ONE_DAY, queue=0.0, since=0):
    return desk.work_off(
        incoming, capacity=[capacity] * len(incoming), promise=promise, queue=queue, since=since
    ).late_on


def test_what_can_be_done_the_same_day_is_never_late():
    assert late_on([10, 10, 10]) is None
    assert late_on([10, 10.001, 10]) == 1


def test_more_days_carry_a_peak():
    assert late_on([30, 0, 0], promise=THREE_DAYS) is None
    assert late_on([31, 0, 0], promise=THREE_DAYS) == 2


def test_time_that_nobody_needed_yesterday_is_gone():
    assert late_on([0, 0, 11]) == 2


def test_the_most_urgent_come_first():
    promise = (Allowance(1, 0.5), Allowance(3, 0.5))
    assert late_on([20, 0, 0], promise=promise) is None
    assert late_on([20, 10, 0], promise=promise) is None
    assert late_on([20, 20.1, 0, 0], promise=promise) is not None


def test_the_queue_comes_before_anything_new():
    assert late_on([1, 1, 1], queue=10) == 0
    assert late_on([0, 10, 0], queue=10) is None


def test_what_was_late_before_a_day_is_not_held_against_it():
    assert late_on([15, 0, 5], since=1) is None
    assert late_on([15, 0, 5]) == 0


def test_days_and_shares_follow_the_promise_of_each_group():
    promise = desk.promise_of(DuePolicy(detractor_days=0.5, passive_days=3, promoter_days=5), {})
    assert {(allowance.days, allowance.share) for allowance in promise} == {
        (5, 0.5), (3, 0.3), (1, 0.2)
    }  # fmt: skip


def test_shares_are_learned_from_answers():
    promise = desk.promise_of(DuePolicy(), {Group.DETRACTOR: 1_980})
    shares = {allowance.days: allowance.share for allowance in promise}
    assert shares[1] == pytest.approx((4 + 1_980) / 2_000)
    assert sum(shares.values()) == pytest.approx(1)


WORK = st.lists(st.floats(0, 30), min_size=1, max_size=15)


@given(WORK, st.floats(0, 30), st.floats(0.5, 20))
def test_no_more_is_done_than_there_is_and_than_there_is_time(incoming, queue, capacity):
    promise = desk.promise_of(DuePolicy(), {})
    course = desk.work_off(
        incoming, capacity=[capacity] * len(incoming), promise=promise, queue=queue
    )
    assert (course.done <= capacity + 1e-6).all()
    assert course.done.sum() <= queue + sum(incoming) + 1e-6


@given(WORK, st.floats(0.5, 20), st.floats(1, 2))
def test_more_time_never_makes_late(incoming, capacity, factor):
    promise = desk.promise_of(DuePolicy(), {})

    def is_late(each_day):
        capacities = [each_day] * len(incoming)
        return desk.work_off(incoming, capacity=capacities, promise=promise).late_on is not None

    assert is_late(capacity) or not is_late(capacity * factor)
