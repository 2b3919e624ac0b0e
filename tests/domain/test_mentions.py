from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import mentions
from afterscore.domain.health import Rate
from afterscore.domain.mentions import Change

rates = st.integers(1, 400).flatmap(lambda n: st.integers(0, n).map(lambda count: Rate(count, n)))


def test_a_rate_that_doubles_among_many_is_a_change():
    found = mentions.changes({"reports": (Rate(60, 600), Rate(120, 600))})
    assert found == {"reports": Change.MORE}
    found = mentions.changes({"reports": (Rate(120, 600), Rate(60, 600))})
    assert found == {"reports": Change.FEWER}


def test_equal_rates_are_called_the_same_only_where_a_change_would_have_shown():
    assert mentions.changes({"a": (Rate(100, 2_000), Rate(100, 2_000))}) == {"a": Change.SAME}
    assert mentions.changes({"a": (Rate(5, 100), Rate(5, 100))}) == {"a": Change.NOT_ENOUGH}


def test_below_twenty_people_nothing_is_said():
    assert mentions.changes({"a": (Rate(0, 19), Rate(300, 300))}) == {"a": Change.NOT_ENOUGH}
    assert mentions.changes({"a": (Rate(0, 0), Rate(0, 0))}) == {"a": Change.NOT_ENOUGH}


def test_the_difference_and_its_interval_are_those_of_agresti_and_caffo():
    found = mentions.shift(Rate(10, 100), Rate(20, 100))
    # (21/102 - 11/102), with sqrt(p(1-p)/102) of each: computed by hand.
    assert found.difference == pytest.approx(0.0980392, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((-0.000859, 0.196938), abs=1e-6)
    assert found.p_value == pytest.approx(0.05202, abs=1e-5)


def test_what_looks_real_alone_need_not_be_among_twenty():
    moved = (Rate(20, 200), Rate(36, 200))
    assert mentions.shift(*moved).p_value == pytest.approx(0.025, abs=0.005)
    assert mentions.changes({"moved": moved}) == {"moved": Change.MORE}
    still = {f"still {number}": (Rate(20, 200), Rate(20, 200)) for number in range(19)}
    assert mentions.changes({"moved": moved, **still})["moved"] is Change.NOT_ENOUGH


def test_holm_goes_on_to_the_next_after_each_that_is_real():
    strong = (Rate(20, 400), Rate(120, 400))
    weak = (Rate(40, 400), Rate(59, 400))
    assert 0.025 < mentions.shift(*weak).p_value < 0.05
    assert mentions.changes({"strong": strong, "weak": weak})["weak"] is Change.MORE
    other = (Rate(40, 400), Rate(40, 400))
    assert mentions.changes({"other": other, "weak": weak})["weak"] is Change.NOT_ENOUGH


@given(st.dictionaries(st.integers(), st.tuples(rates, rates), max_size=12))
def test_looking_at_more_themes_never_makes_a_change_more_certain(
    pairs: dict[int, tuple[Rate, Rate]],
):
    together = mentions.changes(pairs)
    for key, pair in pairs.items():
        if together[key] in (Change.MORE, Change.FEWER):
            assert mentions.changes({key: pair}) == {key: together[key]}


def test_people_of_one_account_count_for_what_they_are_worth():
    """Twice as many, of which two are worth one."""
    alone = mentions.shift(Rate(10, 100), Rate(20, 100))
    paired = mentions.shift(Rate(20, 200, design_effect=2), Rate(40, 200, design_effect=2))
    assert paired == alone
    moved = (Rate(20, 200), Rate(36, 200))
    assert mentions.changes({"moved": moved}) == {"moved": Change.MORE}
    alike = (Rate(20, 200, design_effect=1.5), Rate(36, 200, design_effect=1.5))
    assert mentions.changes({"moved": alike}) == {"moved": Change.NOT_ENOUGH}


def test_who_answered_is_enough_by_heads_and_denied_by_worth():
    many = Rate(100, 2_000)
    alike = Rate(100, 2_000, design_effect=20)
    assert mentions.changes({"a": (many, many)}) == {"a": Change.SAME}
    assert mentions.is_enough(alike)
    assert mentions.changes({"a": (alike, alike)}) == {"a": Change.NOT_ENOUGH}


@given(rates, rates, st.floats(1, 20), st.floats(1, 20))
def test_the_limits_of_a_change_are_never_narrower_than_the_plain_ones(
    before: Rate, after: Rate, effect: float, other: float
):
    plain = mentions.shift(before, after)
    robust = mentions.shift(
        replace(before, design_effect=effect), replace(after, design_effect=other)
    )
    assert robust.high - robust.low >= plain.high - plain.low - 1e-12
    assert mentions.shift(replace(before, design_effect=1.0), after) == plain


@given(rates, rates)
def test_turning_time_around_turns_the_change_around(first: Rate, second: Rate):
    there, back = mentions.shift(first, second), mentions.shift(second, first)
    assert there.difference == pytest.approx(-back.difference)
    assert there.p_value == pytest.approx(back.p_value)
    opposite = {Change.MORE: Change.FEWER, Change.FEWER: Change.MORE}
    change = mentions.changes({0: (first, second)})[0]
    assert mentions.changes({0: (second, first)})[0] == opposite.get(change, change)
