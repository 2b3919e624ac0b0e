from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import loops
from afterscore.domain.experiments import Arm
from afterscore.domain.loops import Count, Line, Promise, Standing
from afterscore.domain.nps import Group

counts = st.lists(
    st.builds(
        Count,
        st.sampled_from(Group),
        st.booleans(),
        st.sampled_from(Standing),
        st.sampled_from(Promise),
        st.booleans(),
        st.booleans(),
        st.integers(0, 500),
        st.integers(0, 900),
    ),
    max_size=20,
)


@given(counts)
def test_every_answer_stands_in_one_place_and_the_places_add_up(rows: list[Count]):
    line = loops.line(rows)

    assert line.answers == sum(row.answers for row in rows)
    assert sum(line.count_of(standing) for standing in Standing) == line.answers
    assert line.minutes == sum(row.minutes for row in rows)
    assert line.uncontacted <= line.closed
    assert line.kept + line.broken <= line.answers
    assert line.share.low <= (line.share.ratio or 0) <= line.share.high


@given(counts)
def test_parts_add_up_to_the_whole(rows: list[Count]):
    parts = [loops.line(row for row in rows if row.group is group) for group in Group]
    whole = loops.line(rows)

    for name in Line.__dataclass_fields__:
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


def test_of_nothing_there_is_no_share():
    assert loops.line([]).share.ratio is None
    assert loops.line([]).minutes_per_closed is None
    assert not loops.line([]).is_ranked


def test_only_old_answers_are_compared():
    def count(standing: Standing, answers: int, *, is_ripe: bool) -> Count:
        return Count(Group.PASSIVE, True, standing, Promise.KEPT, is_ripe, True, answers)

    rows = [
        count(Standing.CLOSED, 5, is_ripe=True),
        count(Standing.LATE, 3, is_ripe=True),
        count(Standing.IN_TIME, 9, is_ripe=False),
    ]
    assert loops.ripe(rows) == Arm(8, 5)


@pytest.mark.parametrize(
    ("hours", "text"),
    [(1, "1 hour"), (23, "23 hours"), (35.4, "35 hours"), (36, "1.5 days"), (48, "2 days"),
     (132, "5.5 days"), (240, "10 days"), (2160, "90 days")],
)  # fmt: skip
def test_lengths_of_time_are_said_as_people_say_them(hours: float, text: str):
    assert loops.describe_hours(hours) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(92, 96, "3.8 to 4 days"), (20, 48, "20 hours to 2 days"), (48, None, "over 2 days"),
     (None, 5, "under 5 hours"), (None, None, ""), (24, 24, "about 24 hours")],
)  # fmt: skip
def test_ranges_name_their_unit_once(low: float | None, high: float | None, text: str):
    assert loops.describe_range(low, high) == text


def test_hours_ascend_and_end_at_ninety_days():
    for edges in (loops.FINE_HOURS, loops.COARSE_HOURS):
        assert list(edges) == sorted(set(edges))
        assert edges[-1] == 24 * 90
    assert set(loops.COARSE_HOURS) <= set(loops.FINE_HOURS)
