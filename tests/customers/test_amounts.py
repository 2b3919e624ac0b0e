"""Amounts of money as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.customers.importers.amounts import Marks, read_amount
from afterscore.customers.importers.cells import CellError

amounts = st.decimals(0, 10**9, places=2)


@given(amounts)
def test_an_amount_is_read_in_the_english_and_the_continental_way(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    continental = english.translate(str.maketrans(",.", ".,"))
    assert read_amount(english, ".").value == amount
    assert read_amount(continental, ",").value == amount


@given(st.lists(amounts, min_size=1, max_size=10))
def test_a_column_is_never_read_a_thousand_times_wrong(column: list[Decimal]) -> None:
    """Whatever the amounts are, a column in one way of writing is read right or refused."""
    for mark, texts in (
        (".", [f"{amount:,}" for amount in column]),
        (",", [f"{amount:,}".translate(str.maketrans(",.", ".,")) for amount in column]),
    ):
        marks = Marks()
        for text in texts:
            marks.add(text)
        assert marks.mark in ("", mark)
        for text, amount in zip(texts, column, strict=True):
            try:
                assert read_amount(text, marks.mark).value == amount
            except CellError as error:
                assert "two ways" in error.reason  # noqa: PT017 (only this refusal is right)


@pytest.mark.parametrize(
    ("text", "mark", "value", "currency"),
    [
        ("1200", "", "1200", ""),
        ("1.234,50", "", "1234.50", ""),
        ("1,234.50", "", "1234.50", ""),
        ("1.234", ",", "1234", ""),
        ("1.234", ".", "1.234", ""),
        ("1.234.567", "", "1234567", ""),
        ("€ 1 200,5", "", "1200.5", "EUR"),
        ("CHF 3'400", "", "3400", "CHF"),
        ("$99", "", "99", ""),
        ("99 EUR", "", "99", "EUR"),
        (".5", "", "0.5", ""),
        ("0.125", "", "0.125", ""),
    ],
)
def test_an_amount_is_read(text: str, mark: str, value: str, currency: str) -> None:
    amount = read_amount(text, mark)
    assert (amount.value, amount.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1.234", "two ways"),
        ("-5", "below zero"),
        ("n/a", "not an amount"),
        ("12,34,56", "not an amount"),
        ("1.2.3", "not an amount"),
        ("XYZ 12", "not an amount"),
        ("9" * 14, "too large"),
    ],
)
def test_an_amount_that_is_none_says_why(text: str, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        read_amount(text, "")
