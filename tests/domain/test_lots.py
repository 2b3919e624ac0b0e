from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import lots

ratios = st.sampled_from([0.01, 0.05, 0.1, 0.15, 0.2, 0.33, 0.5])


def drawn(ratio: float, people: int, *, seed: int = 7, purpose: str = "reminder") -> list[int]:
    return [
        number
        for number in range(people)
        if lots.is_drawn(seed=seed, purpose=purpose, number=number, ratio=ratio)
    ]


def test_of_every_ten_people_one_is_held_out():
    found = drawn(0.1, 100)
    assert [number // 10 for number in found] == list(range(10))
    assert len({number % 10 for number in found}) > 4  # and not always the same place


def test_the_same_seed_draws_the_same_people():
    assert drawn(0.1, 300) == drawn(0.1, 300)
    assert drawn(0.1, 300) != drawn(0.1, 300, seed=8)
    assert drawn(0.1, 300) != drawn(0.1, 300, purpose="heads_up")


def test_nobody_is_held_out_of_nothing():
    assert drawn(0, 500) == []


@pytest.mark.parametrize(
    ("ratio", "block"), [(0.1, (1, 10)), (0.15, (3, 20)), (0.33, (33, 100)), (0, (0, 1))]
)
def test_blocks_are_as_small_as_the_ratio_allows(ratio: float, block: tuple[int, int]):
    assert lots.block_of(ratio) == block


@given(seed=st.integers(0, 2**62), ratio=ratios, people=st.integers(0, 400))
def test_the_proportion_holds_at_every_moment(seed: int, ratio: float, people: int):
    of, size = lots.block_of(ratio)
    whole, rest = divmod(people, size)
    assert whole * of <= len(drawn(ratio, people, seed=seed)) <= whole * of + min(of, rest)


def test_every_place_has_the_same_chance():
    """2,000 waves: each of the ten places is drawn in about a tenth of them."""
    counts = [0] * 10
    for seed in range(2_000):
        counts[drawn(0.1, 10, seed=seed)[0]] += 1
    assert all(150 < count < 250 for count in counts)


@pytest.mark.parametrize(("number", "ratio"), [(-1, 0.1), (0, 1.0), (0, -0.1)])
def test_what_is_no_ratio_is_refused(number: int, ratio: float):
    with pytest.raises(ValueError, match="from 0"):
        lots.is_drawn(seed=1, purpose="reminder", number=number, ratio=ratio)
