"""How long the periods of a trend are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import windows
from afterscore.domain.windows import Window

DAYS = st.dates(date(2018, 1, 1), date(2027, 12, 31))
FIRST = date(2025, 1, 6)


def each_day(days: int, count: int) -> dict[date, int]:
    return {FIRST + timedelta(days=number): count for number in range(days)}


@given(DAYS, st.sampled_from(Window))
def test_every_day_lies_in_one_period_and_periods_follow_each_other(day, window) -> None:
    start, end = window.start_of(day), window.end_of(day)
    assert start <= day < end
    assert window.start_of(end) == end
    assert window.start_of(end - timedelta(days=1)) == start


@pytest.mark.parametrize(
    ("answers_a_day", "window"), [(8, Window.WEEK), (2, Window.MONTH), (1, Window.QUARTER)]
)
def test_the_more_answers_the_shorter_the_window(answers_a_day, window) -> None:
    found = windows.choose(each_day(400, answers_a_day))
    assert found is not None
    assert found.window is window
    assert found.visible is not None
    assert found.visible <= windows.VISIBLE_POINTS


def test_with_very_few_answers_the_longest_that_still_is_a_trend() -> None:
    found = windows.choose({FIRST + timedelta(days=30 * number): 1 for number in range(10)})
    assert found is not None
    assert found.window is Window.QUARTER
    assert found.typical == 3
    assert found.describe().startswith(
        "4 quarters with typically 3 answers each, which show a change of "
    )
    alone = windows.choose({FIRST: 1})
    assert alone is not None
    assert alone.window is Window.YEAR
    assert windows.choose({}) is None
    assert windows.choose({FIRST: 0}) is None


def test_answers_of_people_who_think_alike_show_less() -> None:
    found = windows.choose(each_day(400, 2))
    assert found is not None
    assert found.describe().endswith("which show a change of 41 points or more.")
    assert found.describe(design_effect=2.0).endswith("which show a change of 57 points or more.")


def test_so_many_weeks_that_nobody_can_read_them_become_months() -> None:
    found = windows.choose(each_day(700, 50))
    assert found is not None
    assert found.window is Window.MONTH


def test_whoever_wants_to_see_less_gets_longer_periods() -> None:
    found = windows.choose(each_day(400, 8), visible_points=20)
    assert found is not None
    assert found.window is Window.QUARTER


@given(st.dictionaries(DAYS, st.integers(0, 200), max_size=60))
def test_no_answer_is_lost(by_day) -> None:
    found = windows.choose(by_day)
    if found is None:
        assert sum(by_day.values()) == 0
        return
    assert sum(found.counts.values()) == sum(by_day.values())
    assert all(found.window.start_of(start) == start for start in found.counts)


def test_gaps_count_where_they_are_asked_for_and_one_wrong_date_makes_none_elsewhere() -> None:
    full = {date(2026, 1, 5) + timedelta(weeks=2 * week): 90 for week in range(8)}
    gapless, sparse = windows.choose(full), windows.choose(full, with_gaps=True)
    assert gapless is not None
    assert sparse is not None
    assert (gapless.window, gapless.typical) == (Window.WEEK, 90)
    assert (sparse.window, sparse.typical) == (Window.WEEK, 90)
    fewer = {day: 90 for place, day in enumerate(full) if place % 2 == 0}
    spread = windows.choose(fewer, with_gaps=True)
    assert spread is not None
    assert spread.window is Window.MONTH
    wrong = windows.choose({**full, date(1970, 1, 1): 1})
    assert wrong is not None
    assert wrong.window is Window.WEEK
