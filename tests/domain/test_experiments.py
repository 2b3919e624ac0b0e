from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import experiments
from afterscore.domain.effects import Effect
from afterscore.domain.experiments import Arm, Trial

arms = st.integers(0, 2_000).flatmap(lambda n: st.integers(0, n).map(lambda k: Arm(n, k)))
trials = st.builds(Trial, arms, arms)


def one(treated: tuple[int, int], held_out: tuple[int, int]) -> list[Trial]:
    """(people, events) of each arm."""
    return [Trial(Arm(*treated), Arm(*held_out))]


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((70, 56), (80, 48), 0.0524, 0.3339),
        ((10, 9), (10, 3), 0.1705, 0.8090),
        ((7, 6), (7, 2), 0.0582, 0.8062),
        ((56, 5), (29, 0), -0.0381, 0.1926),
        ((20, 0), (10, 0), -0.2775, 0.1611),
        ((10, 0), (10, 0), -0.2775, 0.2775),
        ((10, 10), (20, 0), 0.6791, 1.0000),
        ((10, 10), (10, 0), 0.6075, 1.0000),
    ],
)
def test_the_interval_is_newcombes(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
):
    """Newcombe (1998), table II, method 10, contrasts (a) to (h)."""
    found = experiments.difference(one(first, second))

    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.00006)


@pytest.mark.parametrize(
    ("treated", "held_out", "verdict"),
    [
        ((180, 36), (19, 0), Effect.NOT_ENOUGH),  # too few held out
        ((180, 60), (20, 0), Effect.WORKED),
        ((180, 18), (20, 2), Effect.NOT_ENOUGH),
        ((900, 180), (100, 10), Effect.WORKED),
        ((9_000, 900), (9_000, 900), Effect.DID_NOT),
        ((900, 45), (100, 20), Effect.DID_NOT),  # it does harm
    ],
)
def test_the_verdict(treated: tuple[int, int], held_out: tuple[int, int], verdict: Effect):
    assert experiments.find(one(treated, held_out), hold_out=0.1).verdict is verdict


def test_while_it_cannot_be_told_it_says_how_many_people_it_would_take():
    found = experiments.find(one((34, 3), (4, 0)), hold_out=0.1)

    assert (found.verdict, found.people, found.needed) == (Effect.NOT_ENOUGH, 38, 485)


def test_a_larger_hold_out_needs_fewer_people():
    needed = [experiments.people_needed(hold_out=ratio) for ratio in (0.1, 0.2, 0.5)]
    assert needed == [485, 312, 275]


def test_people_needed_are_enough_in_four_of_five_worlds():
    """The promise of the power calculation, kept within two points by the verdict itself."""
    needed = experiments.people_needed(hold_out=0.5)
    lots = random.Random(11)
    worked = sum(_world(lots, needed, base=0.05, lift=0.1) is Effect.WORKED for _ in range(600))
    assert worked / 600 == pytest.approx(0.8, abs=0.05)


def _world(lots: random.Random, people: int, *, base: float, lift: float) -> Effect:
    half = people // 2
    held_out = sum(lots.random() < base for _ in range(half))
    treated = sum(lots.random() < base + lift for _ in range(half))
    return experiments.find(one((half, treated), (half, held_out)), hold_out=0.5).verdict


def test_two_waves_of_different_kinds_do_not_pass_for_an_effect():
    """In each wave both arms answer alike; thrown together, the treated would seem to win."""
    waves = [Trial(Arm(900, 270), Arm(100, 30)), Trial(Arm(100, 5), Arm(900, 45))]

    pooled = experiments.difference(waves)
    thrown_together = experiments.difference(one((1_000, 275), (1_000, 75)))

    assert pooled is not None
    assert thrown_together is not None
    assert pooled.difference == pytest.approx(0)
    assert thrown_together.low > 0.15


def test_a_wave_in_which_nobody_was_held_out_tells_nothing():
    alone = Trial(Arm(500, 100), Arm(0, 0))
    with_lots = Trial(Arm(90, 20), Arm(90, 10))
    assert experiments.difference([alone, with_lots]) == experiments.difference([with_lots])
    assert experiments.difference([alone]) is None


@given(st.lists(trials, min_size=1, max_size=4))
def test_the_interval_encloses_the_difference(waves: list[Trial]):
    found = experiments.difference(waves)
    if found is not None:
        assert -1 <= found.low <= found.difference + 1e-12
        assert found.difference - 1e-12 <= found.high <= 1


@given(st.lists(trials, min_size=1, max_size=4))
def test_the_other_way_round_it_is_the_opposite(waves: list[Trial]):
    there = experiments.difference(waves)
    back = experiments.difference([Trial(wave.held_out, wave.treated) for wave in waves])
    if there is None or back is None:
        assert there == back
    else:
        assert there.difference == pytest.approx(-back.difference)
        assert there.low == pytest.approx(-back.high)


@given(arms)
def test_no_difference_is_never_called_a_success(arm: Arm):
    assert experiments.find([Trial(arm, arm)], hold_out=0.5).verdict is not Effect.WORKED


@pytest.mark.parametrize(("people", "events"), [(5, 6), (5, -1)])
def test_more_events_than_people_are_refused(people: int, events: int):
    with pytest.raises(ValueError, match="no more"):
        Arm(people, events)


@pytest.mark.parametrize(("hold_out", "lift"), [(0, 0.1), (1, 0.1), (0.1, 0)])
def test_a_plan_without_a_control_group_or_an_effect_is_refused(hold_out: float, lift: float):
    with pytest.raises(ValueError, match=r"lies between|above 0"):
        experiments.people_needed(hold_out=hold_out, lift=lift)
