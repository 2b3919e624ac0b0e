from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import effects
from afterscore.domain.effects import Effect, Spell

spells = st.integers(0, 5_000).flatmap(
    lambda waiting: st.integers(0, waiting).map(lambda answered: Spell(waiting, answered))
)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((19, 0), (19, 19), Effect.NOT_ENOUGH),
        ((20, 0), (20, 10), Effect.WORKED),
        ((100, 5), (95, 6), Effect.NOT_ENOUGH),
        ((100, 5), (95, 25), Effect.WORKED),
        ((10_000, 500), (9_500, 475), Effect.DID_NOT),
        ((10_000, 500), (9_500, 0), Effect.DID_NOT),
        ((10_000, 500), (9_500, 600), Effect.WORKED),
    ],
)
def test_the_verdict_needs_a_rise_beyond_chance(
    before: tuple[int, int], after: tuple[int, int], verdict: Effect
):
    assert effects.judge(Spell(*before), Spell(*after)) is verdict


def test_the_interval_is_agresti_and_caffos():
    """56 of 70 against 48 of 80, worked by hand from the formula of the paper."""
    found = effects.lift(Spell(80, 48), Spell(70, 56))

    assert found.low == pytest.approx(0.0525, abs=0.0001)
    assert found.high == pytest.approx(0.3358, abs=0.0001)


@given(spells, spells)
def test_the_interval_encloses_the_difference(before: Spell, after: Spell):
    found = effects.lift(before, after)
    assert -1.5 < found.low <= found.difference <= found.high < 1.5


@given(spells, spells)
def test_the_way_back_is_the_opposite(before: Spell, after: Spell):
    there, back = effects.lift(before, after), effects.lift(after, before)
    assert there.difference == pytest.approx(-back.difference)
    assert there.low == pytest.approx(-back.high)


@given(spells)
def test_no_difference_is_never_called_a_success(spell: Spell):
    assert effects.judge(spell, spell) is not Effect.WORKED


@pytest.mark.parametrize(("waiting", "answered"), [(5, 6), (5, -1), (-1, 0)])
def test_more_answers_than_people_are_refused(waiting: int, answered: int):
    with pytest.raises(ValueError, match="everybody"):
        Spell(waiting, answered)


def test_a_ratio_of_nobody_is_unknown():
    assert Spell(0, 0).ratio is None
    assert Spell(4, 1).ratio == 0.25
