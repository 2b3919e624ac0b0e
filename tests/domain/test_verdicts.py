"""A whole trend judged at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import compare, verdicts
from afterscore.domain.compare import Change
from afterscore.domain.nps import Tally
from afterscore.domain.verdicts import Verdict

TALLY = st.builds(Tally, *[st.integers(0, 300)] * 3)
HIGH, LOW = Tally(50, 150, 300), Tally(150, 150, 200)


@given(st.lists(TALLY, max_size=8))
def test_what_is_called_real_also_is_so_alone_and_never_the_other_way(periods) -> None:
    found = verdicts.judge(periods)
    assert len(found) == max(0, len(periods) - 1)
    for step, first, second in zip(found, periods, periods[1:], strict=False):
        alone = compare.verdict(first, second)
        if step.verdict.is_real:
            assert alone is Change(step.verdict.value)
            assert step.chance is not None
            assert step.chance < verdicts.BEYOND_CHANCE
        if alone in {Change.NOISE, Change.NOT_ENOUGH}:
            assert step.verdict is Verdict(alone.value)


def test_a_change_that_is_clear_alone_may_be_chance_among_many() -> None:
    steady, lucky = Tally(100, 150, 250), Tally(75, 150, 275)
    assert compare.verdict(steady, lucky) is Change.RISE
    assert verdicts.judge([steady, lucky])[0].verdict is Verdict.RISE
    among = verdicts.judge([steady] * 11 + [lucky])
    assert among[-1].verdict is Verdict.PERHAPS
    assert among[-1].sentence == (
        "Perhaps a change, but among 11 comparisons one like this is expected by chance."
    )


def test_a_fall_in_every_segment_is_real() -> None:
    before = {"small": HIGH, "large": HIGH}
    after = {"small": LOW, "large": LOW}
    step = verdicts.judge([doubled(HIGH), doubled(LOW)], segments=[before, after])[0]
    assert step.verdict is Verdict.FALL
    assert step.decomposition is not None
    assert step.decomposition.mix == pytest.approx(0)


def test_a_fall_because_others_answered_is_the_mix() -> None:
    happy, unhappy = Tally(20, 60, 320), Tally(240, 60, 100)
    half = Tally(10, 30, 160), Tally(120, 30, 50)
    before = {"small": half[1], "large": happy}
    after = {"small": unhappy, "large": half[0]}
    whole = [total(before), total(after)]
    step = verdicts.judge(whole, segments=[before, after])[0]
    assert step.verdict is Verdict.MIX
    assert step.sentence == (
        "Other customers answered: of 37 points down, −37 come from who answered and 0 from what "
        "they say."
    )
    assert verdicts.judge(whole)[0].verdict is Verdict.FALL


def test_one_list_of_segments_for_each_period() -> None:
    with pytest.raises(ValueError, match="as many periods"):
        verdicts.judge([HIGH, LOW], segments=[{"a": HIGH}])


def test_a_year_of_noise_seldom_holds_a_change() -> None:
    lots = np.random.default_rng(12)
    rings = 0
    for _ in range(500):
        months = [Tally(*map(int, lots.multinomial(150, [0.2, 0.3, 0.5]))) for _ in range(12)]
        rings += any(step.verdict.is_real for step in verdicts.judge(months))
    assert rings <= 0.065 * 500


def total(parts: dict[str, Tally]) -> Tally:
    return Tally(
        sum(each.detractors for each in parts.values()),
        sum(each.passives for each in parts.values()),
        sum(each.promoters for each in parts.values()),
    )


def doubled(tally: Tally) -> Tally:
    return Tally(2 * tally.detractors, 2 * tally.passives, 2 * tally.promoters)
