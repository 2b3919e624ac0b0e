"""Whether a message in doubt may be sent once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import doubts
from afterscore.domain.doubts import Doubt, Policy

THEN = datetime(2026, 5, 4, 9, tzinfo=UTC)
TOMORROW = THEN + timedelta(days=1)
SILENT = Doubt(since=THEN)

moments = st.datetimes(
    min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31), timezones=st.just(UTC)
)
anything = st.builds(
    Doubt,
    since=moments,
    resends=st.integers(0, 2),
    valid_until=st.none() | moments,
    is_heard_of=st.booleans(),
    is_overtaken=st.booleans(),
)


def test_after_a_day_of_silence_it_may_go_once_more_where_that_is_wanted():
    assert doubts.may_resend(SILENT, Policy.RESEND_ONCE, TOMORROW)
    assert not doubts.may_resend(SILENT, Policy.HOLD, TOMORROW)
    just_before = TOMORROW - timedelta(seconds=1)
    assert not doubts.may_resend(SILENT, Policy.RESEND_ONCE, just_before)


@pytest.mark.parametrize(
    "doubt",
    [
        replace(SILENT, resends=1),
        replace(SILENT, is_heard_of=True),
        replace(SILENT, is_overtaken=True),
        replace(SILENT, valid_until=TOMORROW),
    ],
)
def test_nothing_goes_twice_after_a_sign_a_second_try_or_its_end(doubt: Doubt):
    assert not doubts.may_resend(doubt, Policy.RESEND_ONCE, TOMORROW)


@given(anything, st.sampled_from(Policy), moments)
def test_one_who_holds_never_resends_and_nobody_resends_what_was_heard_of(doubt, policy, now):
    if doubts.may_resend(doubt, policy, now):
        assert policy is Policy.RESEND_ONCE
        assert (doubt.resends, doubt.is_heard_of, doubt.is_overtaken) == (0, False, False)
        assert now >= doubt.since + doubts.WAIT


def test_after_a_week_nothing_more_is_expected():
    assert doubts.is_stale(THEN, THEN + timedelta(days=7))
    assert not doubts.is_stale(THEN, THEN + timedelta(days=6, hours=23))
