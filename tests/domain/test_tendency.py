"""Whether a score went one way through all periods."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from afterscore.domain import compare, explaining, tendency
from afterscore.domain.compare import Change
from afterscore.domain.nps import Tally
from tests.domain.test_explaining import assert_can_be_reckoned

TALLIES = st.builds(Tally, *[st.integers(0, 40)] * 3)


def rising(step: int, *, periods: int = 12, n: int = 60) -> list[tuple[float, Tally]]:
    """Month by month `step` detractors fewer and as many promoters more."""
    return [
        (month, Tally(25 - step * month, n - 40, 15 + step * month)) for month in range(periods)
    ]


def test_a_slow_rise_is_found_of_which_no_single_step_is_a_change() -> None:
    months = rising(1)
    assert {compare.verdict(one, two) for (_, one), (_, two) in pairwise(months)} <= {
        Change.NOISE,
        Change.NOT_ENOUGH,
    }
    found = tendency.through(months)
    assert found is not None
    assert found.difference == pytest.approx(11 * 200 / 60)
    assert found.change is Change.RISE
    assert found.sentence.startswith("Over the whole time a straight line rises by 36.7 points (+")
    assert found.sentence.endswith("a real change.")


def test_limits_are_said_on_their_own_side_of_zero() -> None:
    found = tendency.through(rising(1))
    assert found is not None
    assert "(+0.01 to +5.99): a real" in replace(found, low=0.01, high=5.99).sentence
    assert "no real change (−0.01 to +6.01)" in replace(found, low=-0.01, high=6.01).sentence


def test_fewer_than_four_periods_with_answers_are_no_line() -> None:
    assert tendency.through(rising(1, periods=3)) is None
    assert tendency.through([*rising(1, periods=3), (9, Tally(0, 0, 0))]) is None
    assert tendency.through(rising(1, periods=4)) is not None
    assert tendency.through([(7, tally) for _month, tally in rising(1)]) is None


def test_the_line_is_that_of_weighted_least_squares() -> None:
    """Against numpy, whose errors are those of the scatter around the line."""
    chance = random.Random(5)
    periods = [
        (
            float(day),
            Tally(chance.randint(3, 60), chance.randint(3, 60), chance.randint(3, 60), 1.3),
        )
        for day in range(0, 400, 31)
    ]
    found = tendency.through(periods)
    days, scores, weights = zip(
        *((day, tally.score, math.sqrt(tally.worth)) for day, tally in periods), strict=True
    )
    (slope, _start), errors = np.polyfit(days, scores, 1, w=weights, cov=True)
    assert found is not None
    assert found.excess > 1  # it is by their scatter that the limits are told
    assert found.difference == pytest.approx(slope * 372)
    reach = special.stdtrit(len(periods) - 2, 0.975) * math.sqrt(errors[0, 0]) * 372
    assert (found.low, found.high) == pytest.approx(
        (found.difference - reach, found.difference + reach)
    )


@given(st.lists(TALLIES, min_size=4, max_size=12), st.floats(0.1, 90), st.integers(-999, 999))
def test_neither_the_unit_nor_the_beginning_of_time_matters(tallies, unit, start) -> None:
    plain = tendency.through(list(enumerate(tallies)))
    moved = tendency.through([(start + unit * at, each) for at, each in enumerate(tallies)])
    assert (plain is None) == (moved is None)
    if plain and moved:
        assert (moved.difference, moved.low, moved.high) == pytest.approx(
            (plain.difference, plain.low, plain.high), abs=1e-6
        )


@given(st.lists(TALLIES, min_size=4, max_size=12))
def test_backwards_a_rise_is_a_fall(tallies) -> None:
    ahead = tendency.through(list(enumerate(tallies)))
    back = tendency.through(list(enumerate(reversed(tallies))))
    if ahead and back and all(each.n for each in tallies):
        assert back.difference == pytest.approx(-ahead.difference, abs=1e-6)
        assert back.low == pytest.approx(-ahead.high, abs=1e-6)


def test_where_everybody_agrees_nothing_is_certain() -> None:
    found = tendency.through([(month, Tally(0, 0, 5)) for month in range(6)])
    assert found is not None
    assert found.low < 0 < found.high


@pytest.mark.parametrize("scatter", [0.0, 0.06], ids=["chance alone", "good and bad months too"])
@pytest.mark.parametrize("rise", [0, 30])
@pytest.mark.parametrize("periods", [4, 8, 24])
def test_limits_hold_the_truth_in_93_of_100_worlds(periods, rise, scatter) -> None:
    """With few periods that scatter of themselves, in 91 at least: docs/algorithms/trends.md."""
    chance = random.Random(7)
    held = sum(_holds(chance, periods, rise, scatter) for _world in range(600))
    assert held / 600 >= (0.91 if scatter and periods < 8 else 0.93)


def _holds(chance: random.Random, periods: int, rise: int, scatter: float) -> bool:
    told = []
    for month in range(periods):
        moved = rise / 200 * month / (periods - 1) + chance.gauss(0, scatter)
        drawn = chance.choices(
            ("detractor", "passive", "promoter"),
            (max(0.02, 0.35 - moved), 0.3, max(0.02, 0.35 + moved)),
            k=chance.randint(20, 90),
        )
        groups = [drawn.count(name) for name in ("detractor", "passive", "promoter")]
        told.append((float(month), Tally(*groups)))
    found = tendency.through(told)
    assert found is not None
    return found.low <= rise <= found.high


def test_how_it_comes_about_can_be_reckoned_by_hand() -> None:
    chance = random.Random(9)
    for periods in (rising(1), [(31.0 * at, Tally(*chance.choices(range(5, 60), k=3)))
                                for at in range(7)]):  # fmt: skip
        found = explaining.tendency([(f"Month {at}", at, tally) for at, tally in periods])
        assert found is not None
        assert_can_be_reckoned(found)
        assert found.table is not None
        assert len(found.table.rows) == len(periods)
    assert explaining.tendency([("One", 0.0, Tally(1, 2, 3))]) is None
