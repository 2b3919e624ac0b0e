from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import gestures
from afterscore.domain.gestures import Purse, Share, State, Verdict
from afterscore.domain.nps import Group


@pytest.mark.parametrize(
    "text",
    [
        "Mug for promoters", "Thanks for the 10/10", "Nine out of ten: 9 out of 10", "NPS hero",
        "A better score next time", "For our detractors", "Passive rescue", "rating reward",
    ],
)  # fmt: skip
def test_words_that_tie_a_gift_to_a_score_are_found(text: str) -> None:
    assert gestures.names_score(text)


@pytest.mark.parametrize(
    "text",
    ["Gift card", "T-shirt, size 10", "They tested the import for us", "10 cups of coffee", ""],
)
def test_words_about_people_are_left_alone(text: str) -> None:
    assert gestures.names_score(text) == ""


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_one_quarter(day: date) -> None:
    start, end = gestures.quarter_of(day), gestures.quarter_after(day)
    assert start <= day < end
    assert gestures.quarter_of(end) == end
    assert 90 <= (end - start).days <= 92
    assert gestures.quarter_of(end - timedelta(days=1)) == start


def test_a_quarter_has_a_name() -> None:
    assert gestures.quarter_name(date(2026, 11, 26)) == "Q4 2026"


AMOUNTS = st.decimals(Decimal(0), Decimal(10_000), places=2)


@given(amount=AMOUNTS, costs=st.lists(AMOUNTS, max_size=30))
def test_whatever_is_approved_one_by_one_the_purse_is_never_overdrawn(
    amount: Decimal, costs: list[Decimal]
) -> None:
    spent = Decimal(0)
    for cost in costs:
        if Purse(amount, spent).holds(cost):
            spent += cost
    assert spent <= amount


def test_without_a_budget_only_what_costs_nothing_may_be_given() -> None:
    assert Purse(None).holds(Decimal(0))
    assert not Purse(None).holds(Decimal("0.01"))
    assert Purse(Decimal(10), spent=Decimal(12)).holds(Decimal(0))
    assert Purse(Decimal("0.30"), spent=Decimal("0.10")).holds(Decimal("0.20"))


def test_money_is_spoken_for_only_where_somebody_approved() -> None:
    assert {state for state in State if state in gestures.SPENDING} == {
        State.APPROVED, State.SENT, State.ARRIVED,
    }  # fmt: skip
    assert not gestures.may_become(State.ASKED, State.SENT)
    assert not gestures.may_become(State.SENT, State.CANCELLED)
    assert not any(gestures.may_become(State.DECLINED, state) for state in State)


def shares(*counts: tuple[int, int]) -> dict[Group, Share]:
    return {group: Share(*count) for group, count in zip(Group, counts, strict=True)}


def test_gifts_for_promoters_alone_are_called_uneven() -> None:
    found = gestures.audit(shares((12, 40), (0, 30), (0, 30)))
    assert found.verdict is Verdict.UNEVEN


def test_gifts_in_proportion_are_even_and_few_say_nothing() -> None:
    assert gestures.audit(shares((8, 80), (4, 40), (4, 40))).verdict is Verdict.EVEN
    few = gestures.audit(shares((9, 40), (0, 30), (0, 30)))
    assert (few.verdict, few.p_value) == (Verdict.TOO_FEW, None)


def test_the_chance_of_imbalance_is_fishers_for_two_groups() -> None:
    """The lady who tasted tea: 3 of 4 right of 8 cups; Fisher (1935) gives 34/70."""
    assert gestures.chance_of_imbalance([(3, 4), (1, 4)]) == pytest.approx(34 / 70)


COUNTS = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(COUNTS, min_size=2, max_size=3))
def test_the_chance_of_imbalance_is_that_of_counting_all_tables(
    counts: list[tuple[int, int]],
) -> None:
    total = sum(given for given, _ in counts)
    sizes = [answers for _, answers in counts]
    weight = rare = 0

    def weigh(given: tuple[int, ...]) -> int:
        product = 1
        for chosen, size in zip(given, sizes, strict=True):
            product *= comb(size, chosen)
        return product

    observed = weigh(tuple(given for given, _ in counts))
    for table in _tables(sizes, total):
        weight += weigh(table)
        rare += weigh(table) if weigh(table) <= observed else 0
    assert gestures.chance_of_imbalance(counts) == pytest.approx(rare / weight)


def _tables(sizes: list[int], total: int) -> list[tuple[int, ...]]:
    first, *others = sizes
    if not others:
        return [(total,)] if total <= first else []
    return [
        (given, *rest)
        for given in range(min(first, total) + 1)
        for rest in _tables(others, total - given)
    ]
