from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import periods

days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


def test_a_month_begins_on_its_first():
    assert periods.month_of(date(2026, 2, 28)) == date(2026, 2, 1)
    assert periods.month_of(date(2026, 2, 1)) == date(2026, 2, 1)


def test_december_is_followed_by_january():
    assert periods.month_after(date(2026, 12, 31)) == date(2027, 1, 1)
    assert periods.month_after(date(2026, 11, 1)) == date(2026, 12, 1)


def test_months_are_listed_across_the_year():
    assert periods.month_starts(date(2026, 11, 30), date(2027, 1, 1)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


def test_one_day_lies_in_one_month():
    assert periods.month_starts(date(2026, 5, 31), date(2026, 5, 31)) == [date(2026, 5, 1)]


def test_no_month_lies_between_an_end_and_its_start():
    assert periods.month_starts(date(2026, 5, 1), date(2026, 4, 30)) == []


@given(days, st.integers(min_value=0, max_value=1500))
def test_every_day_between_falls_in_a_listed_month(first, length):
    last = first + timedelta(days=length)
    starts = periods.month_starts(first, last)
    assert starts == sorted(
        {periods.month_of(first + timedelta(days=n)) for n in range(length + 1)}
    )
