"""When a month of answers is written into a file, and when anew."""

from __future__ import annotations

from datetime import date

import pytest

from afterscore.domain.sealing import MonthState, months_to_seal

MAY = date(2026, 5, 1)
RUNNING, OVER, JUST_OVER = date(2026, 5, 20), date(2026, 6, 2), date(2026, 6, 1)


def is_due(rows: int | None, beside: int, *, today: date, must_renew: bool = False) -> bool:
    return bool(months_to_seal([MonthState(MAY, rows, beside, must_renew)], today=today))


@pytest.mark.parametrize(
    ("rows", "beside", "due"),
    [
        (None, 0, False),
        (None, 1, True),
        (100, 50, False),
        (100, 51, True),
        (2_000, 100, False),
        (2_000, 101, True),
        (1_000_000, 20_000, False),
        (1_000_000, 20_001, True),
    ],
)
def test_a_month_that_is_over_has_a_file_beside_which_little_lies(
    rows: int | None, beside: int, due: bool
) -> None:
    assert is_due(rows, beside, today=OVER) is due


@pytest.mark.parametrize(
    ("rows", "beside", "due"),
    [
        (None, 500, False),
        (None, 501, True),
        (25_000, 500, False),
        (25_000, 501, True),
        (50_000, 1_000, False),
        (50_000, 1_001, True),
        (2_000_000, 20_001, True),
    ],
)
def test_a_running_month_waits_until_it_is_worth_while(
    rows: int | None, beside: int, due: bool
) -> None:
    assert is_due(rows, beside, today=RUNNING) is due


def test_a_day_after_its_end_a_month_is_still_running() -> None:
    assert not is_due(None, 3, today=JUST_OVER)
    assert is_due(None, 3, today=OVER)


def test_a_file_that_holds_somebody_erased_is_written_anew_at_once() -> None:
    assert is_due(100, 0, today=RUNNING, must_renew=True)


def test_months_come_in_order_of_time() -> None:
    states = [MonthState(date(2026, month, 1), None, 1) for month in (3, 1, 2)]
    assert months_to_seal(states, today=OVER) == [date(2026, month, 1) for month in (1, 2, 3)]
