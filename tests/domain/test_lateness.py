"""Early answers against late ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import compare, lateness
from afterscore.domain.lateness import Lateness
from afterscore.domain.nps import Tally

TALLY = st.builds(Tally, *[st.integers(0, 300)] * 3)


@given(TALLY, TALLY)
def test_turned_round_early_and_late_say_the_opposite(early, late) -> None:
    there, back = lateness.find(early, late).lateness, lateness.find(late, early).lateness
    opposite = {
        Lateness.LATE_LOWER: Lateness.LATE_HIGHER,
        Lateness.LATE_HIGHER: Lateness.LATE_LOWER,
    }
    assert back is opposite.get(there, there)


def test_late_answers_that_are_lower_say_what_the_silent_might_do_to_the_score() -> None:
    found = lateness.find(Tally(20, 60, 120), Tally(60, 60, 80), asked=1000)
    assert found.lateness is Lateness.LATE_LOWER
    assert found.as_late == pytest.approx((120 + 600 * 0.1) / 10)
    assert found.sentence == (
        "Late answers are 40 points lower (200 answers came early and 200 late): the silent may "
        "differ as well. If they were like the late ones, the score of all would be 18."
    )


def test_that_late_answers_are_alike_says_nothing_of_the_silent() -> None:
    found = lateness.find(Tally(100, 300, 600), Tally(100, 300, 600))
    assert found.lateness is Lateness.ALIKE
    assert found.sentence.endswith("That the silent are so too does not follow.")
    assert found.as_late is None


def test_few_answers_tell_nothing() -> None:
    found = lateness.find(Tally(1, 1, 20), Tally(3, 0, 2), asked=100)
    assert found.lateness is Lateness.NOT_ENOUGH
    assert found.sentence == (
        "Too few to tell whether late answers differ: 22 answers came early and 5 late."
    )


@given(TALLY, TALLY)
def test_the_slope_of_two_steps_is_their_difference(first, second) -> None:
    found, comparison = lateness.slope([first, second]), compare.compare(first, second)
    if min(first.n, second.n) < compare.MINIMUM_ANSWERS:
        assert found is None
        return
    assert found is not None
    assert comparison is not None
    assert (found.points, found.low, found.high, found.p_value) == pytest.approx(
        (comparison.difference, comparison.low, comparison.high, comparison.p_value)
    )


def test_the_slope_holds_its_truth_in_95_of_100_worlds() -> None:
    """Three steps, each three points of promoters lower: six points of score a step."""
    lots = np.random.default_rng(3)
    held = wrong = 0
    for _ in range(1000):
        steps = [
            Tally(*map(int, lots.multinomial(n, [0.2 + 0.03 * k, 0.3, 0.5 - 0.03 * k])))
            for k, n in enumerate((120, 80, 50))
        ]
        flat = [Tally(*map(int, lots.multinomial(n, [0.2, 0.3, 0.5]))) for n in (120, 80, 50)]
        found, none = lateness.slope(steps), lateness.slope(flat)
        assert found is not None
        assert none is not None
        held += found.low <= -6 <= found.high
        wrong += none.p_value < 0.05
    assert 930 <= held <= 970
    assert wrong <= 70
