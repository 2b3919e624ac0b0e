"""Whether only happy customers had a say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import coverage
from afterscore.domain.coverage import Criterion, Crowd, Finding, Grade, Lean


def crowd(values) -> Crowd:
    array = np.asarray(values, dtype=float)
    return Crowd(len(array), float(array.sum()), float((array**2).sum()))


VALUES = st.lists(st.integers(0, 100), min_size=0, max_size=80)


@given(VALUES, VALUES, st.sampled_from(list(Criterion)))
def test_the_other_way_round_everything_has_the_other_sign(heard, unheard, criterion) -> None:
    there = coverage.compare(criterion, crowd(heard), crowd(unheard))
    back = coverage.compare(criterion, crowd(unheard), crowd(heard))
    opposite = {Lean.FLATTERING: Lean.UNFLATTERING, Lean.UNFLATTERING: Lean.FLATTERING}
    assert back.lean is opposite.get(there.lean, there.lean)
    if there.difference is not None:
        assert back.difference == pytest.approx(-there.difference)


@given(VALUES, st.integers(1, 50), st.integers(-20, 20))
def test_in_other_units_it_is_the_same(values, times: int, added: int) -> None:
    some, others = values[::2], values[1::2]
    plain = coverage.compare(Criterion.USAGE, crowd(some), crowd(others))
    other = coverage.compare(
        Criterion.USAGE,
        crowd([times * v + added for v in some]),
        crowd([times * v + added for v in others]),
    )
    assert other.lean is plain.lean
    if plain.difference is not None:
        assert other.difference == pytest.approx(plain.difference, abs=1e-6)


def test_by_hand() -> None:
    """Means 60 and 50, both with a variance of 400 (sd 20): half a standard deviation."""
    heard, unheard = (
        Crowd(201, 201 * 60, 201 * 3600 + 200 * 400),
        Crowd(101, 5050, 252_500 + 40_000),
    )
    found = coverage.compare(Criterion.HEALTH, heard, unheard)
    assert found.difference == pytest.approx(0.5)
    error = (1 / 201 + 1 / 101 + 0.25 / (2 * 302)) ** 0.5
    assert found.low == pytest.approx(0.5 - 1.959963985 * error)
    assert found.lean is Lean.FLATTERING


def test_people_of_one_company_are_known_by_one_value_and_worth_one() -> None:
    """Ten of each company: the limits are those of the companies, the difference that of all."""
    chance = np.random.default_rng(5)
    happy, others = chance.normal(60, 20, 40), chance.normal(55, 20, 30)
    companies = coverage.compare(Criterion.HEALTH, crowd(happy), crowd(others))
    heard, unheard = (
        Crowd(plain.n, plain.total, plain.squares, worth=worth)
        for plain, worth in ((crowd(np.repeat(happy, 10)), 40), (crowd(np.repeat(others, 10)), 30))
    )
    people = coverage.compare(Criterion.HEALTH, heard, unheard)
    assert people.difference == pytest.approx(companies.difference, rel=0.02)
    assert reach(people) == pytest.approx(reach(companies), rel=0.02)


def test_chance_among_companies_speaks_of_a_difference_in_at_most_one_of_twenty_worlds() -> None:
    """Without it a few large companies would be told as proof in every second world."""
    chance = np.random.default_rng(7)
    found, naive = 0, 0
    for _world in range(400):
        sizes = chance.geometric(0.15, 60)
        values = chance.normal(0, 1, 60)
        never = np.arange(60) < 22
        sides, plain = [], []
        for side in (~never, never):
            everybody = np.repeat(values[side], sizes[side])
            worth = sizes[side].sum() ** 2 / (sizes[side] ** 2).sum()
            one = crowd(everybody)
            plain.append(one)
            sides.append(Crowd(one.n, one.total, one.squares, worth=worth))
        found += beyond_chance(coverage.compare(Criterion.HEALTH, *sides))
        naive += beyond_chance(coverage.compare(Criterion.HEALTH, *plain))
    assert found / 400 <= 0.07
    assert naive / 400 > 0.3


def beyond_chance(finding: Finding) -> bool:
    return finding.low is not None and finding.high is not None and finding.low * finding.high > 0


def reach(finding: Finding) -> float:
    assert finding.low is not None
    assert finding.high is not None
    return finding.high - finding.low


def test_asking_those_without_tickets_flatters_and_asking_large_ones_is_only_different() -> None:
    chance = np.random.default_rng(2)
    few, many = chance.poisson(1, 400), chance.poisson(3, 400)
    assert coverage.compare(Criterion.TICKETS, crowd(few), crowd(many)).lean is Lean.FLATTERING
    assert coverage.compare(Criterion.TICKETS, crowd(many), crowd(few)).lean is Lean.UNFLATTERING
    assert coverage.compare(Criterion.REVENUE, crowd(many), crowd(few)).lean is Lean.DIFFERENT


def test_that_nothing_was_found_among_few_is_not_called_even() -> None:
    chance = np.random.default_rng(4)
    few = coverage.compare(
        Criterion.HEALTH, crowd(chance.normal(50, 9, 25)), crowd(chance.normal(50, 9, 25))
    )
    many = coverage.compare(
        Criterion.HEALTH, crowd(chance.normal(50, 9, 2500)), crowd(chance.normal(50, 9, 2500))
    )
    assert (few.lean, many.lean) == (Lean.CANNOT_TELL, Lean.EVEN)


def test_where_everybody_is_the_same_it_is_even() -> None:
    same = crowd([0] * 30)
    assert coverage.compare(Criterion.COMPLAINTS, same, same).lean is Lean.EVEN


def finding(criterion: Criterion, lean: Lean, difference: float = 0.0) -> Finding:
    return Finding(criterion, crowd([]), crowd([]), difference, 0, 0, lean)


@pytest.mark.parametrize(
    ("findings", "grade"),
    [
        ([], Grade.UNKNOWN),
        ([finding(Criterion.REVENUE, Lean.DIFFERENT, 2)], Grade.UNKNOWN),
        ([finding(Criterion.HEALTH, Lean.CANNOT_TELL)], Grade.UNKNOWN),
        ([finding(Criterion.HEALTH, Lean.EVEN), finding(Criterion.USAGE, Lean.EVEN)], Grade.A),
        ([finding(Criterion.HEALTH, Lean.UNFLATTERING, -2)], Grade.A),
        ([finding(Criterion.HEALTH, Lean.EVEN), finding(Criterion.USAGE, Lean.CANNOT_TELL)],
         Grade.B),
        ([finding(Criterion.HEALTH, Lean.FLATTERING, 0.2)], Grade.B),
        ([finding(Criterion.TICKETS, Lean.FLATTERING, -0.3)], Grade.C),
        ([finding(Criterion.TICKETS, Lean.FLATTERING, -0.7)], Grade.D),
    ],
)  # fmt: skip
def test_the_grade_is_that_of_the_strongest_flattery(findings, grade) -> None:
    found = coverage.audit(findings)
    assert found.grade is grade
    assert {each.criterion for each in findings} | set(found.unknown) == set(Criterion)


def test_even_surveys_are_seldom_blamed_and_picked_ones_are_found() -> None:
    """300 seeded worlds of each kind, 300 people heard and 300 not."""
    chance = np.random.default_rng(9)
    blamed = found = 0
    for _ in range(300):
        everybody = chance.normal(50, 15, 600)
        order = chance.permutation(600)
        fair = coverage.compare(
            Criterion.HEALTH, crowd(everybody[order[:300]]), crowd(everybody[order[300:]])
        )
        blamed += fair.lean is Lean.FLATTERING
        liking = np.argsort(-(everybody + chance.normal(0, 45, 600)))
        picked = coverage.compare(
            Criterion.HEALTH, crowd(everybody[liking[:300]]), crowd(everybody[liking[300:]])
        )
        found += picked.lean is Lean.FLATTERING
    assert blamed <= 14  # of 300; 2.5 % are 7.5
    assert found >= 285
