"""Explanations on the pages of departments: what is printed can be reckoned by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import explaining, mentions
from afterscore.domain.explaining import Explanation
from afterscore.domain.health import Rate
from afterscore.domain.nps import Tally
from tests.domain.test_alike import rate_of, sums_of
from tests.domain.test_explaining import assert_can_be_reckoned, shown

RATES = st.integers(1, 400).flatmap(
    lambda n: st.builds(
        Rate, st.integers(0, n), st.just(n), st.floats(1, 9).map(lambda effect: round(effect, 3))
    )
)
SHARES = st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def result(found: Explanation | None, label: str) -> float:
    assert found is not None
    return next(step.value for step in found.steps if step.label == label)


def share_of(rate: Rate) -> Explanation | None:
    return explaining.share(
        rate.count, rate.n, title="Reports", done_word="raised it", whole_word="answered",
        design_effect=rate.design_effect,
    )  # fmt: skip


@given(RATES)
def test_a_rate_has_the_limits_of_as_many_people_as_they_are_worth(rate: Rate) -> None:
    found = share_of(rate)
    assert found is not None
    assert_can_be_reckoned(found)
    assert result(found, "Lower limit") == pytest.approx(100 * rate.low)
    assert result(found, "Upper limit") == pytest.approx(100 * rate.high)
    assert ("What they are worth" in found.text) is (rate.design_effect > 1)


@given(st.lists(SHARES, min_size=2, max_size=30))
def test_what_people_are_worth(accounts) -> None:
    found = explaining.people(sums_of(accounts))
    assert found is not None
    steps = {step.label: step for step in found.steps}
    if "Design effect" not in steps:
        assert "of its own" in found.says
        return
    assert_can_be_reckoned(found)
    assert steps["Design effect"].value == rate_of(accounts).design_effect


def test_what_people_are_worth_in_words() -> None:
    found = explaining.people(sums_of([(4, 4)] * 3 + [(0, 4)] * 7))
    assert found is not None
    assert (
        found.says
        == "The 40 people of 10 accounts are worth 10 independent ones (design effect 4)."
    )
    steps = {step.label: step.text for step in found.steps}
    assert steps["Share, from 0 to 1"].endswith("r = Σ b / n = 12 / 40 = 0.3")
    assert steps["Variance of one person"].endswith("12 / 40 − 0.3² = 0.21")


@given(RATES, RATES, st.dictionaries(st.sampled_from("abcdef"), st.tuples(RATES, RATES)))
def test_a_change_of_a_theme_beside_others(before, after, others) -> None:
    themes = {**others, "Reports": (before, after)}
    found = explaining.theme_change(themes, "Reports")
    assert_can_be_reckoned(found)
    shift = mentions.shift(before, after)
    assert result(found, "Difference") == pytest.approx(100 * shift.difference)
    assert result(found, "Lower limit") == pytest.approx(100 * shift.low)
    assert result(found, "Upper limit") == pytest.approx(100 * shift.high)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.tuples(RATES, RATES), min_size=1))
def test_the_family_of_all_themes_can_be_reckoned_from_the_table(themes) -> None:
    name = next(iter(themes))
    found = explaining.theme_change(themes, name)
    assert found.table is not None
    remains = 0.0
    for theme, chance, times, among in found.table.rows:
        assert shown(chance) == pytest.approx(mentions.shift(*themes[theme]).p_value, abs=1e-4)
        remains = max(remains, min(1.0, shown(chance) * shown(times)))
        assert shown(among) == pytest.approx(remains, abs=1e-4 * len(themes))
    real = {theme for theme, _chance, _times, among in found.table.rows if shown(among) < 0.0499}
    told = mentions.changes(themes)
    assert all(told[theme] in (mentions.Change.MORE, mentions.Change.FEWER) for theme in real)


def test_a_change_by_hand() -> None:
    """11/102 and 21/102, as if of half as many people."""
    before, after = Rate(20, 200, design_effect=2), Rate(40, 200, design_effect=2)
    found = explaining.theme_change({"Reports": (before, after)}, "Reports")
    steps = {step.label: step.text for step in found.steps}
    assert steps["The same with one person of either kind added, now"].endswith(
        "(40 / 2 + 1) / (200 / 2 + 2) = 0.205882"
    )
    assert found.says == "+9.8 points (−0.09 to 19.69): can’t tell."
    plain = replace(before, design_effect=1.0), replace(after, design_effect=1.0)
    assert "more than before" in explaining.theme_change({"Reports": plain}, "Reports").says


def test_where_too_few_answered_it_says_so() -> None:
    found = explaining.theme_change({"Reports": (Rate(0, 0), Rate(3, 30))}, "Reports")
    assert "fewer than 20 people" in " ".join(found.notes)
    assert found.table is not None
    assert found.table.rows == ()


def test_a_part_of_the_revenue() -> None:
    found = explaining.part_of_total(
        Decimal(30_000), Decimal(100_000), title="Revenue", of="of all who answered"
    )
    assert found is not None
    assert_can_be_reckoned(found)
    assert found.says == "30 % of the revenue of all who answered."
    assert explaining.part_of_total(Decimal(0), Decimal(0), title="", of="") is None


@given(st.builds(Tally, *[st.integers(0, 99)] * 3))
def test_what_part_each_group_is(tally: Tally) -> None:
    found = explaining.groups(tally, title="Who they are")
    if found is None:
        assert tally.n == 0
        return
    assert_can_be_reckoned(found)
    assert sum(step.value for step in found.steps[1:]) == pytest.approx(100)


def test_what_is_only_counted() -> None:
    found = explaining.counted(12, title="Open tasks", says="12 tasks are open.")
    assert_can_be_reckoned(found)
    assert found.says == "12 tasks are open."
