"""The same customers answering otherwise, or other customers answering."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import mix, nps
from afterscore.domain.mix import Verdict
from afterscore.domain.nps import Tally

TALLY = st.builds(Tally, *[st.integers(0, 200)] * 3)
PERIOD = st.dictionaries(st.sampled_from("abcdef"), TALLY, min_size=1, max_size=6)


@given(PERIOD, PERIOD)
def test_the_two_parts_add_up_to_the_whole_and_segments_to_their_parts(before, after) -> None:
    found = mix.decompose(before, after)
    if found is None:
        assert not any(t.n for t in before.values()) or not any(t.n for t in after.values())
        return
    assert found.rate + found.mix == pytest.approx(found.difference, abs=1e-9)
    assert sum(p.rate for p in found.parts) == pytest.approx(found.rate, abs=1e-9)
    assert sum(p.mix for p in found.parts) == pytest.approx(found.mix, abs=1e-9)


@given(PERIOD, st.integers(2, 5))
def test_more_of_the_same_answers_in_the_same_shares_changes_nothing(before, times: int) -> None:
    after = {
        name: Tally(t.detractors * times, t.passives * times, t.promoters * times)
        for name, t in before.items()
    }
    found = mix.decompose(before, after)
    if found is not None:
        assert (found.rate, found.mix) == pytest.approx((0, 0), abs=1e-9)


@given(PERIOD, PERIOD)
def test_backwards_it_is_the_same_with_the_other_sign(before, after) -> None:
    there, back = mix.decompose(before, after), mix.decompose(after, before)
    if there is not None and back is not None:
        assert back.rate == pytest.approx(-there.rate, abs=1e-9)
        assert back.mix == pytest.approx(-there.mix, abs=1e-9)
        assert back.verdict is there.verdict


def test_a_drop_that_is_nothing_but_more_answers_of_the_unhappy_is_called_mix() -> None:
    """Each segment answers exactly as before; only more of the second one answered."""
    before = {"enterprise": Tally(20, 60, 320), "starter": Tally(40, 40, 20)}
    after = {"enterprise": Tally(5, 15, 80), "starter": Tally(160, 160, 80)}
    found = mix.decompose(before, after)
    assert found is not None
    assert found.difference == pytest.approx(-57)
    assert found.rate == pytest.approx(0)
    assert found.mix == pytest.approx(-57)
    assert found.verdict is Verdict.MIX


def test_a_drop_of_everybody_is_real() -> None:
    before = {"enterprise": Tally(20, 60, 320), "starter": Tally(20, 60, 120)}
    after = {"enterprise": Tally(120, 160, 120), "starter": Tally(100, 60, 40)}
    found = mix.decompose(before, after)
    assert found is not None
    assert found.mix == pytest.approx(0)
    assert found.rate == pytest.approx(found.difference)
    assert found.verdict is Verdict.REAL


def test_kitagawas_formula_by_hand() -> None:
    """Shares 1/2 and 1/2, then 1/4 and 3/4; scores 80 and 0, then 60 and 20.

    Rate: (60 - 80)(1/2 + 1/4)/2 + (20 - 0)(1/2 + 3/4)/2 = -7.5 + 12.5 = 5.
    Mix: (1/4 - 1/2)(80 + 60)/2 + (3/4 - 1/2)(0 + 20)/2 = -17.5 + 2.5 = -15.
    """
    before = {"a": Tally(0, 20, 80), "b": Tally(50, 0, 50)}
    after = {"a": Tally(0, 40, 60), "b": Tally(90, 60, 150)}
    found = mix.decompose(before, after)
    assert found is not None
    assert (found.rate, found.mix, found.difference) == pytest.approx((5, -15, -10))


def test_a_whole_that_is_worth_less_than_its_parts_decides_what_is_beyond_chance() -> None:
    """Accounts with people in both segments are one account in the whole."""
    before = {"user": Tally(20, 60, 120), "administrator": Tally(20, 60, 120)}
    after = {"user": Tally(60, 60, 80), "administrator": Tally(60, 60, 80)}
    whole = (nps.merge(before.values()), nps.merge(after.values()))
    found = mix.decompose(before, after)
    assert found is not None
    assert mix.decompose(before, after, whole=whole) == found
    assert found.verdict is Verdict.REAL
    alike = mix.decompose(
        before,
        after,
        whole=(replace(whole[0], design_effect=40), replace(whole[1], design_effect=40)),
    )
    assert alike == replace(found, verdict=Verdict.NOT_ENOUGH)


def test_segments_of_people_who_are_alike_have_wider_limits() -> None:
    before, after = {"a": Tally(20, 60, 120)}, {"a": Tally(60, 60, 80)}
    plain = mix.decompose(before, after)
    alike = mix.decompose(
        *({"a": replace(side["a"], design_effect=4.0)} for side in (before, after))
    )
    assert plain is not None
    assert alike is not None
    assert alike.rate == plain.rate
    assert alike.rate_high - alike.rate_low > 1.9 * (plain.rate_high - plain.rate_low)


def test_with_few_answers_nothing_is_said() -> None:
    found = mix.decompose({"a": Tally(1, 2, 3)}, {"a": Tally(3, 2, 1)})
    assert found is not None
    assert found.verdict is Verdict.NOT_ENOUGH
    assert mix.decompose({"a": Tally(0, 0, 0)}, {"a": Tally(3, 2, 1)}) is None
