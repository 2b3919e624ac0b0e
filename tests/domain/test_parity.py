from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import parity
from afterscore.domain.experiments import Arm
from afterscore.domain.parity import Care

arms = st.integers(0, 3_000).flatmap(lambda n: st.integers(0, n).map(lambda k: Arm(n, k)))


def care_of(own: tuple[int, int], rest: tuple[int, int], *, looks: int = 5) -> Care:
    """(loops, closed) of a part and of the rest."""
    return parity.compare({"own": Arm(*own), "rest": Arm(*rest)}, looks=looks)["own"].care


@pytest.mark.parametrize(
    ("own", "rest", "care"),
    [
        ((100, 40), (300, 240), Care.NEGLECTED),
        ((100, 80), (300, 240), Care.NOT_ENOUGH),  # ten points less would not have shown
        ((1_000, 800), (3_000, 2_400), Care.EVEN),
        ((1_000, 900), (3_000, 2_400), Care.FAVOURED),
        ((50_000, 41_000), (50_000, 40_000), Care.EVEN),
        ((50_000, 39_000), (50_000, 40_000), Care.EVEN),  # real, and too small for an alarm
        ((19, 0), (300, 300), Care.NOT_ENOUGH),  # too few
        ((300, 0), (19, 19), Care.NOT_ENOUGH),
        ((0, 0), (300, 300), Care.NOT_ENOUGH),
    ],
)
def test_what_may_be_said(own: tuple[int, int], rest: tuple[int, int], care: Care):
    assert care_of(own, rest) is care


def test_more_looks_make_it_more_careful():
    assert care_of((60, 41), (300, 245), looks=1) is Care.NEGLECTED
    assert care_of((60, 41), (300, 245), looks=5) is Care.NOT_ENOUGH


def test_while_it_cannot_be_told_it_says_how_many_loops_it_takes():
    found = parity.compare({"own": Arm(30, 22), "rest": Arm(900, 720)}, looks=5)

    assert found["own"].needed is not None
    assert 100 < found["own"].needed < 400
    assert found["own"].rest == Arm(900, 720)
    assert parity.compare({"own": Arm(30, 22), "rest": Arm(10, 8)}, looks=5)["own"].needed is None


def test_one_looks_at_something():
    with pytest.raises(ValueError, match="at least"):
        parity.compare({}, looks=0)


@given(arms, arms, arms)
def test_the_rest_is_everybody_else_and_the_best_part_is_never_neglected(a: Arm, b: Arm, c: Arm):
    parts = {"a": a, "b": b, "c": c}
    found = parity.compare(parts, looks=5)

    for name, part in found.items():
        assert part.own + part.rest == a + b + c
        assert part.own == parts[name]
    known = {name: arm.ratio for name, arm in parts.items() if arm.ratio is not None}
    if known:
        best = max(known, key=lambda name: known[name] or 0)
        assert found[best].care is not Care.NEGLECTED


def _alarms(shares: dict[str, float], *, loops: int, worlds: int) -> int:
    """In how many of these worlds anybody is called neglected, by a desk that closes these shares:
    three groups, and the silent beside the speaking ones."""
    chance = random.Random(7)
    count = 0
    for _ in range(worlds):
        closed = {}
        for name, share in shares.items():
            closed[name] = Arm(loops, sum(chance.random() < share for _ in range(loops)))
        groups = {name: closed[name] for name in ("detractor", "passive", "promoter")}
        voices = {name: closed[name] for name in ("silent", "speaking")}
        parts = [
            *parity.compare(groups, looks=5).values(),
            *parity.compare(voices, looks=5).values(),
        ]
        count += any(part.care is Care.NEGLECTED for part in parts)
    return count


def test_a_fair_desk_is_seldom_accused_and_an_unfair_one_mostly():
    fair = dict.fromkeys(("detractor", "passive", "promoter", "silent", "speaking"), 0.7)
    assert _alarms(fair, loops=150, worlds=300) <= 15  # one in twenty
    assert _alarms(fair | {"silent": 0.45}, loops=150, worlds=100) >= 90
    assert _alarms(fair | {"promoter": 0.45}, loops=150, worlds=100) >= 90
