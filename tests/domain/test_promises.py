from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import promises
from afterscore.domain.promises import Record, Standing, State

TODAY = date(2026, 5, 4)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("state", "due_in", "is_settled", "standing"),
    [
        (State.OPEN, 1, False, Standing.AHEAD),
        (State.OPEN, 0, False, Standing.TODAY),
        (State.OPEN, -1, False, Standing.LATE),
        (State.BROKEN, -1, False, Standing.LATE),
        (State.BROKEN, -1, True, Standing.KEPT_LATE),
        (State.KEPT, -1, True, Standing.KEPT),
        (State.RELEASED, 3, True, Standing.RELEASED),
    ],
)
def test_where_a_promise_stands(
    state: State, due_in: int, is_settled: bool, standing: Standing
) -> None:
    due_on = TODAY + timedelta(days=due_in)
    found = promises.standing(state, due_on=due_on, is_settled=is_settled, today=TODAY)
    assert found is standing
    assert found.is_owed is not is_settled


@given(due_on=DAYS, today=DAYS)
def test_what_is_done_on_its_day_is_kept_and_later_it_is_not(due_on: date, today: date) -> None:
    became = promises.settled_as(due_on=due_on, today=today)
    assert (became is State.KEPT) == (today <= due_on)


@pytest.mark.parametrize(
    ("text", "due_in", "field"),
    [("", 1, "text"), ("  ", 1, "text"), ("A fix", -1, "due_on"), ("A fix", 367, "due_on")],
)
def test_a_promise_says_what_and_a_day_to_come(text: str, due_in: int, field: str) -> None:
    with pytest.raises(promises.Unfit) as refusal:
        promises.check(text, due_on=TODAY + timedelta(days=due_in), today=TODAY)
    assert refusal.value.field == field


@pytest.mark.parametrize("due_in", [0, 366])
def test_today_and_a_year_ahead_can_be_promised(due_in: int) -> None:
    promises.check("A fix", due_on=TODAY + timedelta(days=due_in), today=TODAY)


def test_the_record_of_nothing_says_nothing() -> None:
    assert (Record(0, 0).ratio, Record(0, 0).limits) == (None, (0.0, 1.0))
    low, high = Record(kept=9, broken=1).limits
    assert low < 0.9 < high < 1
