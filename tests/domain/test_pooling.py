"""How far to believe each of many small segments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import intervals, pooling
from afterscore.domain.nps import Tally

TALLIES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=3),
    st.builds(Tally, *[st.integers(0, 300)] * 3),
    min_size=3,
    max_size=12,
)


@given(TALLIES)
def test_nobody_is_drawn_beyond_what_was_seen_anywhere(tallies) -> None:
    found = pooling.pool(tallies)
    if found is None:
        assert sum(1 for each in tallies.values() if each.n) < 3
        return
    seen = [100 * intervals.adjusted_estimate(each).score for each in tallies.values() if each.n]
    for each in (*found.segments.values(),):
        assert min(seen) - 1e-9 <= each.score <= max(seen) + 1e-9
        assert each.low <= each.score <= each.high
        assert 0 <= each.weight <= 1


def test_segments_that_answer_alike_all_have_the_common_score() -> None:
    found = pooling.pool({name: Tally(10, 20, 30) for name in "abcd"})
    assert found is not None
    assert all(each.score == pytest.approx(found.common) for each in found.segments.values())
    alone = intervals.score_interval(Tally(10, 20, 30))
    assert alone is not None
    assert all(each.high - each.low < alone.high - alone.low for each in found.segments.values())


def test_the_eight_schools() -> None:
    """The textbook's example (Gelman et al. 2013, section 5.5): effects drawn from 28 to about 10,
    from -3 to about 5; a spread of about 6.6 at a common effect of about 8."""
    effects = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    spreads, chances, middles, _ = pooling._weigh(effects, errors**2)
    assert chances @ middles == pytest.approx(7.9, abs=0.4)
    weights = spreads[:, None] ** 2 / (spreads[:, None] ** 2 + errors[None, :] ** 2)
    means = chances @ (middles[:, None] + weights * (effects[None, :] - middles[:, None]))
    assert means[0] == pytest.approx(11, abs=1)
    assert means[2] == pytest.approx(6, abs=1)


def test_a_large_segment_keeps_its_own_and_a_small_one_is_drawn_to_the_middle() -> None:
    found = pooling.pool(
        {
            "large": Tally(100, 300, 1600),
            "other": Tally(900, 600, 500),
            "third": Tally(500, 700, 800),
            "tiny": Tally(0, 0, 3),
        }
    )
    assert found is not None
    assert found.segments["large"].weight > 0.99
    assert found.segments["tiny"].weight < 0.8
    assert found.common < found.segments["tiny"].score < 100


def test_nobody_answered_means_the_middle_with_the_spread_of_all() -> None:
    tallies = {"a": Tally(10, 20, 170), "b": Tally(90, 60, 50), "c": Tally(50, 70, 80)}
    found = pooling.pool({**tallies, "silent": Tally(0, 0, 0)})
    assert found is not None
    silent = found.segments["silent"]
    assert silent.score == found.common
    assert silent.high - silent.low > 2 * 1.96 * found.spread


def test_a_spread_is_not_learned_from_two() -> None:
    assert pooling.pool({"a": Tally(1, 2, 3), "b": Tally(3, 2, 1), "c": Tally(0, 0, 0)}) is None


@pytest.mark.parametrize("spread", [0.0, 10.0, 30.0])
def test_the_intervals_hold_the_truth_in_about_95_of_100_segments(spread: float) -> None:
    """200 seeded worlds of 30 segments with 5 to 200 answers; true scores around 20."""
    chance = np.random.default_rng(8)
    held = total = 0
    pooled_error = raw_error = 0.0
    for _ in range(200):
        truths = np.clip(chance.normal(20, spread, 30), -75, 75) / 100
        sizes = chance.integers(5, 200, 30)
        tallies = {}
        for number, (truth, size) in enumerate(zip(truths, sizes, strict=True)):
            shares = [(0.75 - truth) / 2, 0.25, (0.75 + truth) / 2]
            tallies[str(number)] = Tally(*(int(n) for n in chance.multinomial(size, shares)))
        found = pooling.pool(tallies)
        assert found is not None
        for name, truth in zip(tallies, 100 * truths, strict=True):
            each = found.segments[name]
            held += bool(each.low <= truth <= each.high)
            pooled_error += (each.score - truth) ** 2
            raw_error += ((tallies[name].score or 0) - truth) ** 2
            total += 1
    assert 0.925 <= held / total <= 1
    assert pooled_error < raw_error
    if spread == 0:
        assert math.sqrt(pooled_error / raw_error) < 0.5
