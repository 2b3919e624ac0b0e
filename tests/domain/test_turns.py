from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import lots, turns
from afterscore.domain.turns import Drawing, Work

TODAY = date(2026, 5, 4)
YESTERDAY = TODAY - timedelta(days=1)

work_lists = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=25).map(
    lambda rows: [
        Work(f"case_{number}", priority, TODAY - timedelta(days=days))
        for number, (priority, days) in enumerate(rows)
    ]
)


def equals(number: int, *, priority: int = 1, due_on: date = TODAY, name: str = "c") -> list[Work]:
    return [Work(f"{name}{each}", priority, due_on) for each in range(number)]


@pytest.mark.parametrize("capacity", [3, 4, 0])
def test_where_everything_fits_or_nothing_does_there_is_no_lot(capacity: int):
    assert turns.draw(equals(3), capacity=capacity, seed="s") is None


def test_where_the_day_ends_between_two_ranks_there_is_no_lot():
    work = [*equals(2, priority=3, name="urgent"), *equals(5)]

    assert turns.draw(work, capacity=2, seed="s") is None


def test_only_equals_compete_and_the_urgent_are_not_put_to_the_lot():
    work = [*equals(2, priority=3, name="urgent"), *equals(5)]
    found = turns.draw(work, capacity=4, seed="s")

    assert found is not None
    assert (found.priority, found.chosen) == (1, 2)
    assert sorted(found.names) == ["c0", "c1", "c2", "c3", "c4"]


def test_what_was_put_back_yesterday_comes_before_todays_equals():
    work = [*equals(2, due_on=YESTERDAY, name="late"), *equals(3)]
    found = turns.draw(work, capacity=3, seed="s")

    assert found is not None
    assert found.chosen == 1
    assert all(name.startswith("c") for name in found.names)


def test_whoever_knows_the_seed_finds_the_same_order():
    found = turns.draw(equals(6), capacity=2, seed="today")

    assert found == turns.draw(list(reversed(equals(6))), capacity=2, seed="today")
    assert found is not None
    assert list(found.names) == lots.in_order("today", [f"c{each}" for each in range(6)])
    assert turns.draw(equals(6), capacity=2, seed="tomorrow") != found


def test_nobody_is_favoured():
    """Of six equals two are chosen, 3,000 times: each about 1,000 times (five deviations: 129)."""
    counted: Counter[str] = Counter()
    for seed in range(3_000):
        found = turns.draw(equals(6), capacity=2, seed=str(seed))
        assert found is not None
        counted.update(found.names[: found.chosen])

    assert len(counted) == 6
    assert all(abs(number - 1_000) < 129 for number in counted.values()), counted


@given(work_lists, st.integers(0, 30), st.text(max_size=5))
def test_a_lot_is_only_among_equals_at_the_end_of_the_day(
    work: list[Work], capacity: int, seed: str
):
    found = turns.draw(work, capacity=capacity, seed=seed)
    if found is None:
        return
    assert isinstance(found, Drawing)
    by_name = {each.name: each for each in work}
    ranks = {by_name[name].rank for name in found.names}
    assert len(ranks) == 1
    (rank,) = ranks
    assert sorted(found.names) == sorted(each.name for each in work if each.rank == rank)
    assert 0 < found.chosen < len(found.names)
    assert sum(each.rank < rank for each in work) + found.chosen == capacity
