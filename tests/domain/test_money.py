from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import money
from afterscore.domain.money import CurrencyMismatch, Money

amounts = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@pytest.mark.parametrize(
    ("amount", "short"),
    [
        ("0", "€0"),
        ("0.004", "€0"),
        ("-0.004", "€0"),
        ("9.5", "€9.50"),
        ("950", "€950"),
        ("999.994", "€999.99"),
        ("999.995", "€1k"),
        ("1000", "€1k"),
        ("1049.99", "€1k"),
        ("1050", "€1.1k"),
        ("12400", "€12.4k"),
        ("-12400", "−€12.4k"),
        ("999949", "€999.9k"),
        ("999950", "€1m"),
        ("1234567", "€1.2m"),
        ("999950000", "€1bn"),
        ("5000000000000", "€5,000bn"),
    ],
)
def test_amounts_are_told_in_short(amount, short):
    assert money.format_money(Decimal(amount), "EUR") == short


@pytest.mark.parametrize(
    ("currency", "short"), [("USD", "$1.5k"), ("GBP", "£1.5k"), ("CHF", "CHF 1.5k")]
)
def test_a_currency_without_a_sign_goes_by_its_code(currency, short):
    assert money.format_money(Decimal(1500), currency) == short


@given(amounts)
def test_the_short_form_is_near_the_amount(amount):
    short = money.format_money(amount, "EUR")
    parts = re.fullmatch(r"−?€([0-9,.]+)(k|m|bn)?", short)
    assert parts is not None
    digits, unit = parts.groups()
    size = {None: 1, "k": 10**3, "m": 10**6, "bn": 10**9}[unit]
    told = Decimal(digits.replace(",", "")) * size
    assert abs(told - abs(amount)) <= max(Decimal("0.05") * size if unit else 0, Decimal("0.005"))
    assert short.startswith("−") == (amount < 0 and told != 0)


@given(amounts, amounts)
def test_amounts_of_one_currency_add_and_subtract(first, second):
    total = Money(first, "EUR") + Money(second, "EUR")
    assert total == Money(first + second, "EUR")
    assert total - Money(second, "EUR") == Money(first, "EUR")


def test_different_currencies_do_not_mix():
    with pytest.raises(CurrencyMismatch, match="EUR and USD"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")
    with pytest.raises(CurrencyMismatch):
        Money(Decimal(1), "EUR") - Money(Decimal(1), "USD")


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "E1R"])
def test_a_currency_is_a_three_letter_code(currency):
    with pytest.raises(ValueError, match="currency code"):
        Money(Decimal(1), currency)


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_an_amount_is_finite(amount):
    with pytest.raises(ValueError, match="not an amount"):
        Money(Decimal(amount), "EUR")


def test_money_shows_itself_in_short():
    assert str(Money(Decimal(12_400), "EUR")) == "€12.4k"


@pytest.mark.parametrize(
    ("amount", "price"),
    [("0", "€0"), ("25.00", "€25"), ("9.5", "€9.50"), ("1250", "€1,250"), ("-15", "−€15"),
     ("-0.001", "€0"), ("0.30", "€0.30")],
)  # fmt: skip
def test_a_price_is_told_to_the_cent(amount: str, price: str) -> None:
    assert money.format_price(Decimal(amount), "EUR") == price
