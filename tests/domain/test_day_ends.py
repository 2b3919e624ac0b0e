"""The evening so many business days later: by when a step is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import calendars

FREE = frozenset({date(2026, 5, 1)})  # a Friday
OFFICE = calendars.Calendar(
    zone="Europe/Dublin",
    days=frozenset({0, 1, 2, 3, 4}),
    opens=time(9),
    closes=time(17),
    holidays=FREE,
)


def at(day: int, hour: int, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (at(4, 8), 0, at(4, 16)),  # Monday as the office opens (Dublin is an hour ahead)
        (at(4, 8), 1, at(5, 16)),
        (at(4, 15), 1, at(5, 16)),
        (at(4, 20), 0, at(5, 16)),
        (at(4, 20), 1, at(5, 16)),
        (at(8, 10), 1, at(11, 16)),  # Friday
        (at(9, 10), 1, at(11, 16)),  # Saturday
        (at(9, 10), 2, at(12, 16)),
        (at(30, 10, 4), 1, at(4, 16)),  # Thursday before the holiday
        (at(4, 8), 5, at(11, 16)),
    ],
)
def test_it_is_the_evening_of_a_business_day(start: datetime, days: int, end: datetime) -> None:
    assert calendars.end_of_day_after(OFFICE, start, days) == end


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),
    st.integers(0, 20),
)
def test_it_lies_ahead_and_grows_with_the_days(start: datetime, days: int) -> None:
    end = calendars.end_of_day_after(OFFICE, start, days)
    assert end > start
    assert end <= calendars.end_of_day_after(OFFICE, start, days + 1)
    assert calendars.is_open(OFFICE, end - timedelta(seconds=1))
    assert not calendars.is_open(OFFICE, end)
