from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import pace
from afterscore.domain.pace import AtOnce, ByCapacity, PaceError, PerDay

PACES = st.one_of(
    st.just(AtOnce()),
    st.builds(PerDay, st.integers(1, 1_000_000)),
    st.builds(ByCapacity, st.none() | st.integers(1, 10_000), st.integers(1, 200)),
)


@pytest.mark.parametrize("nothing", [None, "", {}, "at_once"])
def test_nothing_said_means_everybody_at_once(nothing):
    assert pace.parse(nothing) == AtOnce()


def test_by_capacity_takes_everybody_who_answers_unless_a_number_is_given():
    assert pace.parse("capacity") == ByCapacity(None, 8)
    assert pace.parse({"by": "capacity", "people": 3, "follow_ups_per_day": 12}) == ByCapacity(
        3, 12
    )
    assert pace.parse({"people": 3}) == ByCapacity(3, 8)


def test_a_fixed_rate_is_a_number_a_day():
    assert pace.parse({"per_day": 50}) == PerDay(50)


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        ({"per_day": 0}, "per_day", "from 1 to"),
        ({"per_day": True}, "per_day", "whole number"),
        ({"per_day": 5, "people": 3}, "people", "Known are per_day"),
        ({"by": "magic"}, "by", "capacity"),
        ({"by": "capacity", "people": 0}, "people", "from 1 to"),
        ({"by": "capacity", "follow_ups_per_day": 201}, "follow_ups_per_day", "from 1 to 200"),
        ({"speed": 3}, "speed", "no such key"),
        ("fast", "", "Expected at_once"),
        ([1], "", "Expected at_once"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_key(data, path, words):
    with pytest.raises(PaceError, match=words) as refused:
        pace.parse(data)
    assert refused.value.path == path


@given(PACES)
def test_a_pace_written_down_is_read_back(given_pace):
    assert pace.parse(pace.to_data(given_pace)) == given_pace


def test_each_way_says_why():
    assert all(pace.WHY[kind].endswith(".") for kind in (AtOnce, PerDay, ByCapacity))
