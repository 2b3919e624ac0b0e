"""The demo's truth, drawn a thousand times: how often 95 % intervals cover it.

The truth is exact (`worlds.true_score`: normal distribution, no drawing), the worlds are the demo's
own (`worlds.draw_customers`), the intervals are the product's. `python bench/worlds.py` prints all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from afterscore.config.demo import cast, worlds
from afterscore.config.demo.recovering import recover
from afterscore.config.demo.truth import TRUTH, answer_chance, chance, score_of, scores_of
from afterscore.domain import nps

WORLDS = 1_000


@pytest.fixture(scope="module")
def recovered() -> dict[str, float]:
    return {line.figure: line.covered for line in recover(TRUTH, worlds_drawn=WORLDS)}


@pytest.mark.parametrize(
    "figure",
    [
        "score of a first wave",
        "score of the sixth wave",
        "score of accounts, one voice each",
        "score of starter customers",
        "score of business customers",
        "score of enterprise customers",
        "enterprise against starter customers",
        "change from the first wave to the sixth",
        "score with decision makers counted three times",
        "score re-weighted to all customers",
    ],
)
def test_95_percent_limits_cover_the_truth_in_93_to_97_of_100_worlds(
    recovered: dict[str, float], figure: str
) -> None:
    assert 0.93 <= recovered[figure] <= 0.97


def test_limits_that_take_answers_of_one_account_for_independent_ones_cover_less(
    recovered: dict[str, float],
) -> None:
    assert recovered["enterprise customers, taking answers for independent"] < 0.92


def test_a_drawn_world_is_as_large_as_the_demo_and_mixed_as_its_cast() -> None:
    drawn = worlds.draw_customers(TRUTH, np.random.default_rng(5))
    assert drawn.account.size == TRUTH.contacts
    assert drawn.revenue.size == TRUTH.accounts
    assert np.bincount(drawn.account, minlength=TRUTH.accounts).min() >= 1
    many = replace(TRUTH, accounts=50_000, contacts=312_500)
    large = worlds.draw_customers(many, np.random.default_rng(6))
    first = np.unique(large.account, return_index=True)[1]
    plans = np.bincount(large.plan[first]) / many.accounts
    assert plans == pytest.approx([cast.PLAN_SHARES[plan] for plan in TRUTH.plan], abs=0.01)
    personas = np.bincount(large.persona) / many.contacts
    assert personas == pytest.approx([cast.PERSONAS[each] for each in TRUTH.persona], abs=0.01)
    spread = TRUTH.account_spread**2 + TRUTH.contact_spread**2
    assert large.leaning.var() == pytest.approx(spread, rel=0.02)
    assert (large.joins_wave[first] == 1).mean() == pytest.approx(cast.EARLY)


def test_people_of_the_cast_spread_as_people_of_a_drawn_world_do() -> None:
    """The cast is drawn one by one with Python's chance, a world with numpy's."""
    truth = replace(TRUTH, accounts=300, contacts=2_000)
    made = cast.draw_companies(truth, owners=["a@x.example"], first_wave_on=date(2025, 1, 7))
    people = [person for company in made for person in company.people]
    drawn = worlds.draw_customers(truth, np.random.default_rng(8))
    own = np.array([person.leaning + person.company.leaning for person in people])
    assert own.std() == pytest.approx(drawn.leaning.std(), rel=0.1)
    sizes = np.array([len(company.people) for company in made])
    assert sizes.std() == pytest.approx(np.bincount(drawn.account).std(), rel=0.15)
    works = np.array([person.address_works for person in people]).mean()
    assert works == pytest.approx(drawn.works.mean(), abs=0.015)


def test_the_exact_truth_is_what_a_very_large_world_converges_to() -> None:
    huge = replace(TRUTH, accounts=60_000, contacts=375_000)
    lots = np.random.default_rng(9)
    customers = worlds.draw_customers(huge, lots)
    answers = worlds.draw_answers(huge, customers, 6, lots)
    enterprise = customers.plan == list(TRUTH.plan).index("enterprise")
    assert worlds.tally(answers).score == pytest.approx(worlds.true_score(TRUTH, 6), abs=1.2)
    assert worlds.tally(answers, enterprise).score == pytest.approx(
        worlds.true_score(TRUTH, 6, plan="enterprise"), abs=2
    )
    expected = sum(kind.share * kind.answering for kind in worlds.true_kinds(TRUTH, 6))
    came = answers.answered[answers.asked & customers.works].mean()
    assert came == pytest.approx(expected, abs=0.003)


def test_one_and_many_are_the_same_function() -> None:
    loyalty = np.linspace(-3, 14, 400)
    for persona in TRUTH.persona:
        many = answer_chance(TRUTH, loyalty, persona, was_heard=True)
        one = [answer_chance(TRUTH, float(each), persona, was_heard=True) for each in loyalty]
        assert many.tolist() == one
    assert scores_of(loyalty).tolist() == [score_of(float(each)) for each in loyalty]
    assert answer_chance(TRUTH, 7.0, "user", was_heard=False) == pytest.approx(chance(-2.8))


def test_tallies_of_accounts_add_up_to_the_tally_of_all() -> None:
    lots = np.random.default_rng(10)
    customers = worlds.draw_customers(TRUTH, lots)
    answers = worlds.draw_answers(TRUTH, customers, 6, lots)
    whole, each = worlds.tally(answers), worlds.tallies_by_account(answers, customers)
    assert len(each) == TRUTH.accounts
    for group in nps.Group:
        assert sum(tally.count_of(group) for tally in each) == whole.count_of(group)
