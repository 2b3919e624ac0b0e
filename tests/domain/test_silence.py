"""Whose silence one should know of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afterscore.domain import silence


@pytest.mark.parametrize(
    ("persona", "decides"),
    [
        ("decision maker", True), ("Economic Buyer", True), ("CEO", True), ("CTO", True),
        ("Head of IT", True), ("executive_sponsor", True), ("VP Sales", True),
        ("administrator", False), ("daily user", False), ("", False), ("coordinator", False),
        ("ownership unclear", False), ("keyboard tester", False), ("overhead", False),
    ],
)  # fmt: skip
def test_words_for_people_who_decide(persona: str, *, decides: bool) -> None:
    assert silence.decides(persona) is decides


@pytest.mark.parametrize(
    ("revenue", "days", "why"),
    [
        (None, 0, "renews today"), (None, 1, "renews in 1 day"), (None, 90, "renews in 90 days"),
        (None, 91, ""), (None, -1, ""), (Decimal(10_000), None, "large account"),
        (Decimal(9_999), None, ""), (Decimal(50_000), 30, "renews in 30 days"), (None, None, ""),
    ],
)  # fmt: skip
def test_much_depends_on_accounts_that_renew_soon_or_are_large(
    revenue: Decimal | None, days: int | None, why: str
) -> None:
    said = silence.why_it_matters(persona="decision maker", revenue=revenue, renewal_in_days=days)
    assert said == why


def test_who_does_not_decide_is_left_in_peace() -> None:
    why = silence.why_it_matters(persona="user", revenue=Decimal(10**6), renewal_in_days=5)
    assert why == ""
