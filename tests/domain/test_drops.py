"""The alarm of a falling score: noise seldom rings it, a real fall does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import drops
from afterscore.domain.nps import Tally

WORLDS = {
    "typical": (0.50, 0.30, 0.20),
    "loved": (0.80, 0.15, 0.05),
    "hated": (0.05, 0.15, 0.80),
    "divided": (0.50, 0.00, 0.50),
    "lukewarm": (0.10, 0.80, 0.10),
}


def tally(promoters: int, passives: int, detractors: int) -> Tally:
    return Tally(promoters=promoters, passives=passives, detractors=detractors)


def rings(before: np.ndarray, now: np.ndarray) -> bool:
    """As the product looks: whenever the answers have doubled, and once all are there."""
    size = len(now)
    for look in range(1, (drops.look_at(size) or 0) + 1):
        count = drops.FIRST_LOOK * 2 ** (look - 1)
        if drops.judge(_tally(before[:count]), _tally(now[:count]), look=look):
            return True
    return drops.judge(_tally(before), _tally(now), look=drops.LAST) is not None


def _tally(groups: np.ndarray) -> Tally:
    return tally(*np.bincount(groups, minlength=3).tolist())


@pytest.mark.parametrize("world", sorted(WORLDS))
@pytest.mark.parametrize("size", [60, 700])
def test_noise_rings_no_oftener_than_it_is_said(world: str, size: int) -> None:
    """Of 600 waves without a change 15 may ring; 28 would be three and a half standard errors
    more, which chance gives once in five thousand times."""
    chance, waves = np.random.default_rng(size), 600
    rang = sum(
        rings(chance.choice(3, size, p=WORLDS[world]), chance.choice(3, size, p=WORLDS[world]))
        for _ in range(waves)
    )
    assert rang <= waves * drops.FALSE_ALARMS + 13


def test_a_large_fall_rings_nearly_always() -> None:
    chance = np.random.default_rng(3)
    rang = sum(
        rings(chance.choice(3, 300, p=(0.5, 0.3, 0.2)), chance.choice(3, 300, p=(0.35, 0.3, 0.35)))
        for _ in range(200)
    )
    assert rang > 190


def test_all_looks_together_have_no_more_than_the_whole_risk() -> None:
    looks = sum(drops.risk_of(look) for look in range(1, 10_000))
    assert looks + drops.risk_of(drops.LAST) < drops.FALSE_ALARMS
    with pytest.raises(ValueError, match="from 1"):
        drops.risk_of(-1)


@pytest.mark.parametrize(
    ("answers", "look"),
    [(0, None), (19, None), (20, 1), (39, 1), (40, 2), (79, 2), (80, 3), (1_280, 7)],
)
def test_there_is_a_look_whenever_the_answers_have_doubled(answers: int, look: int | None) -> None:
    assert drops.look_at(answers) == look


def test_a_rise_never_rings() -> None:
    assert drops.judge(tally(20, 30, 50), tally(80, 10, 10), look=drops.LAST) is None


def test_few_answers_never_ring() -> None:
    assert drops.judge(tally(19, 0, 0), tally(0, 0, 40), look=1) is None
    assert drops.judge(tally(40, 0, 0), tally(0, 0, 19), look=1) is None
    assert drops.judge(tally(20, 0, 0), tally(0, 0, 20), look=1) is not None


def test_a_fall_too_small_to_act_on_does_not_ring_however_sure_it_is() -> None:
    before, now = tally(500_000, 300_000, 200_000), tally(480_000, 300_000, 220_000)
    assert drops.judge(before, now, look=drops.LAST) is None
    deeper = tally(470_000, 300_000, 230_000)
    fall = drops.judge(before, deeper, look=drops.LAST)
    assert fall is not None
    assert fall.points == pytest.approx(-6)
    assert fall.low < -6 < fall.high < 0


groups = st.tuples(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))


@given(groups, groups, st.integers(0, 12))
def test_what_rings_lies_below_zero_on_every_side(
    before: tuple[int, int, int], now: tuple[int, int, int], look: int
) -> None:
    fall = drops.judge(tally(*before), tally(*now), look=look)
    if fall is not None:
        assert fall.points <= -drops.WORTH_TELLING
        assert fall.low <= fall.high < 0


@given(groups, groups)
def test_a_later_look_among_the_early_ones_is_never_easier(
    before: tuple[int, int, int], now: tuple[int, int, int]
) -> None:
    rang = [drops.judge(tally(*before), tally(*now), look=look) is not None for look in (1, 3, 6)]
    assert rang == sorted(rang, reverse=True)
