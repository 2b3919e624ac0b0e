"""Dates are read in the order that the file shows, or not at all."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.customers.importers.cells import CellError
from afterscore.customers.importers.dates import Evidence, read_day

FORMATS = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y-%m-%d"}
days = st.dates(date(1901, 1, 1), date(2199, 12, 31))


def _evidence(*texts: str) -> Evidence:
    evidence = Evidence()
    for text in texts:
        evidence.add(text)
    return evidence


@given(st.lists(days, min_size=1, max_size=30), st.sampled_from(sorted(FORMATS)))
def test_a_column_in_one_order_is_read_right_or_asked_about(days: list[date], order: str) -> None:
    texts = [day.strftime(FORMATS[order]).zfill(10) for day in days]
    found = _evidence(*texts).order
    if found:
        assert [read_day(text, found) for text in texts] == days
    else:
        assert all(day.day <= 12 and day.month <= 12 for day in days)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["31/12/2026", "01/02/2026"], "dmy"),
        (["12/31/2026", "01/02/2026"], "mdy"),
        (["2026-04-03"], "ymd"),
        (["01/02/2026", "03/04/2026"], ""),
        (["04/04/2026"], "dmy"),
        (["31/12/2026", "12/31/2026", "01/02/2026"], ""),
        (["31/12/2026", "30/11/2026", "12/31/2026"], "dmy"),
        ([*["31.12.2026"] * 10, "12.31.2026", "1.2.2026"], "dmy"),
        (["31/12/2026", "12/31/2026"], ""),
    ],
)
def test_the_order_of_a_column(texts: list[str], order: str) -> None:
    assert _evidence(*texts).order == order


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/2026", "dmy", date(2026, 4, 3)),
        ("03/04/2026", "mdy", date(2026, 3, 4)),
        ("3.4.2026", "dmy", date(2026, 4, 3)),
        ("2026/4/3", "dmy", date(2026, 4, 3)),
        ("2026-04-03T10:00:00Z", "", date(2026, 4, 3)),
        ("04/04/2026", "", date(2026, 4, 4)),
        ("3 Apr 2026", "mdy", date(2026, 4, 3)),
        ("April 3rd, 2026", "", date(2026, 4, 3)),
        ("29/02/2028", "dmy", date(2028, 2, 29)),
    ],
)
def test_a_date_is_read(text: str, order: str, day: date) -> None:
    assert read_day(text, order) == day


@pytest.mark.parametrize(
    ("text", "order", "reason"),
    [
        ("03/04/2026", "", "day first and month first"),
        ("12/31/2026", "dmy", "not a day of the calendar, read as day/month/year"),
        ("31/02/2026", "dmy", "not a day of the calendar"),
        ("2026-02-30", "", "not a day of the calendar"),
        ("29/02/2026", "dmy", "not a day of the calendar"),
        ("03/04/26", "dmy", "four digits"),
        ("03/04/2026", "ymd", "does not begin with the year"),
        ("3 Smarch 2026", "dmy", "names no month"),
        ("3 Ju 2026", "dmy", "not a date"),
        ("soon", "dmy", "not a date"),
        ("45291", "dmy", "not a date"),
        ("0001-01-01", "", "out of range"),
    ],
)
def test_a_date_that_is_none_says_why(text: str, order: str, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        read_day(text, order)
