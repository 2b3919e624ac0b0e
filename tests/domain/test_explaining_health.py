"""Explanations on the page Health: what is printed can be reckoned by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import (
    coverage,
    effects,
    experiments,
    explaining,
    outcomes,
    relations,
    satisfaction,
    targets,
)
from afterscore.domain.coverage import Criterion, Crowd
from afterscore.domain.effects import Spell
from afterscore.domain.experiments import Arm, Trial
from afterscore.domain.explaining import Explanation
from afterscore.domain.scales import Scale
from tests.domain.test_explaining import assert_can_be_reckoned, reckoned

NAMES = ("asked", "never asked")


def crowd(values: Sequence[float], worth: float | None = None) -> Crowd:
    return Crowd(len(values), sum(values), sum(value**2 for value in values), worth)


def result(found: Explanation | None, label: str) -> float:
    assert found is not None
    return next(step.value for step in found.steps if step.label == label)


VALUES = st.lists(st.floats(-90, 900).map(lambda value: round(value, 2)), max_size=60)


@given(VALUES, VALUES, st.floats(0.3, 1))
def test_two_groups_are_set_apart_in_standard_deviations(heard, unheard, share) -> None:
    finding = coverage.compare(
        Criterion.USAGE, crowd(heard, share * len(heard)), crowd(unheard, share * len(unheard))
    )
    found = explaining.standardised(finding, title="Usage", names=NAMES)
    if found is None:
        assert finding.difference is None
        return
    assert_can_be_reckoned(found)
    assert result(found, "Difference") == finding.difference
    assert result(found, "Lower limit") == pytest.approx(finding.low)
    assert result(found, "Upper limit") == pytest.approx(finding.high)


def test_a_difference_of_two_groups_by_hand() -> None:
    """Means 60 and 50, both with a variance of 400: half a standard deviation."""
    finding = coverage.compare(
        Criterion.HEALTH,
        Crowd(201, 201 * 60, 201 * 3600 + 200 * 400),
        Crowd(101, 5050, 252_500 + 40_000),
    )
    found = explaining.standardised(finding, title="Health", names=NAMES)
    assert found is not None
    steps = {step.label: step.text for step in found.steps}
    assert steps["Mean, asked"].endswith("12,060 / 201 = 60")
    assert steps["Variance, asked"].endswith("(803,600 − 12,060² / 201) / (201 − 1) = 400")
    assert steps["Difference"].endswith("(60 − 50) / 20 = 0.5")
    assert found.says == "+0.5 standard deviations (0.26 to 0.74): asked minus never asked."


@given(VALUES)
def test_a_mean(values) -> None:
    found = explaining.mean(crowd(values), title="Tickets")
    if found is None:
        assert not values
        return
    assert_can_be_reckoned(found)


ARM = st.tuples(st.integers(0, 300), st.integers(0, 300)).map(
    lambda pair: Arm(max(pair), min(pair))
)
TRIALS = st.lists(st.builds(Trial, ARM, ARM), max_size=5)


@given(TRIALS, st.sampled_from([0.1, 0.25, 0.5]))
def test_what_lots_tell_of_a_message(trials, hold_out) -> None:
    finding = experiments.find(trials, hold_out=hold_out)
    found = explaining.lots(finding, title="What the reminder brings")
    if found is None:
        assert finding.people == 0
        return
    assert_can_be_reckoned(found)
    assert result(found, "People compared") == finding.people
    if finding.needed is not None:
        assert result(found, "In whole people") == finding.needed
    if finding.difference is not None:
        known, tail = finding.difference, "of the difference"
        assert result(found, "Difference, of a hundred") == pytest.approx(100 * known.difference)
        assert result(found, f"Lower limit {tail}") == pytest.approx(100 * known.low)
        assert result(found, f"Upper limit {tail}") == pytest.approx(100 * known.high)
        assert result(found, "Answers that would not have come") == pytest.approx(finding.gained)
    usable = [trial for trial in trials if trial.weight]
    assert (found.table is not None) is (len(usable) > 1)


def test_one_lot_by_hand() -> None:
    """30 of 100 who were reminded and 5 of 100 who were not: 25 more, Newcombe's limits."""
    finding = experiments.find([Trial(Arm(100, 30), Arm(100, 5))], hold_out=0.5)
    found = explaining.lots(finding, title="What the reminder brings")
    assert found is not None
    steps = {step.label: step.text for step in found.steps}
    assert steps["Share, with it"].endswith("30 / 100 = 0.3")
    assert steps["Difference, of a hundred"].endswith("100 × (0.3 − 0.05) = 25")
    assert found.says == (
        "100 were to get it and 100 were held out by lot: +25 answers of a hundred people "
        "(14.81 to 35)."
    )


SPELL = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(
    lambda pair: Spell(max(pair), min(pair))
)


@given(SPELL, SPELL)
def test_the_days_before_a_message_beside_those_after_it(before, after) -> None:
    found = explaining.spells(before, after, title="What the reminder brings")
    assert_can_be_reckoned(found)
    lift = effects.lift(before, after)
    assert result(found, "Lower limit") == pytest.approx(100 * lift.low)
    assert result(found, "Upper limit") == pytest.approx(100 * lift.high)


HISTOGRAM = st.tuples(*[st.integers(0, 40)] * 11)


@given(HISTOGRAM, HISTOGRAM)
def test_pairs_of_one_that_left_and_one_that_stayed(left, stayed) -> None:
    leaving = outcomes.leaving(left, stayed)
    found = explaining.area(left, stayed)
    if found is None:
        assert leaving.auc is None
        return
    assert_can_be_reckoned(found)
    assert result(found, "Share of the pairs") == leaving.auc
    assert result(found, "Lower limit") == pytest.approx(leaving.low)
    assert result(found, "Upper limit") == pytest.approx(leaving.high)
    assert result(found, "Pairs") == sum(left) * sum(stayed)


def test_pairs_by_hand() -> None:
    """Of 40 at 3 half left, of 40 at 9 a tenth."""
    found = explaining.area(*PARTED)
    assert found is not None
    steps = {step.label: step.text for step in found.steps}
    assert steps["Pairs won"].endswith("20 × 36 + 4 × 0 = 720")
    assert steps["Pairs tied"].endswith("20 × 20 + 4 × 36 = 544")
    assert steps["Share of the pairs"].endswith("(720 + 544 / 2) / 1,344 = 0.738095")


PARTED = (
    (0, 0, 0, 20, 0, 0, 0, 0, 0, 4, 0),
    (0, 0, 0, 20, 0, 0, 0, 0, 0, 36, 0),
)


@given(HISTOGRAM, HISTOGRAM)
def test_the_odds_of_leaving_for_each_point_less(left, stayed) -> None:
    pairs = {float(-score): (left[score], stayed[score]) for score in range(11)}
    slope = relations.logistic(pairs)
    if slope is None:
        return
    found = explaining.odds(left, stayed, slope)
    assert_can_be_reckoned(found)
    assert result(found, "Left") == pytest.approx(result(found, "Leaving, by the curve"))
    both = "Scores of those who left, together", "The same, by the curve"
    assert result(found, both[0]) == pytest.approx(result(found, both[1]), abs=1e-6)
    error = next(step for step in found.steps if step.label == "Standard error of b")
    assert reckoned(error.filled) == pytest.approx(slope.standard_error, rel=0.01)


def test_odds_by_hand() -> None:
    """Two scores: the curve goes through both shares, a half and a tenth; ln(9) over six points."""
    left, stayed = PARTED
    slope = relations.logistic({-3.0: (20, 20), -9.0: (4, 36)})
    assert slope is not None
    found = explaining.odds(left, stayed, slope)
    assert found.table is not None
    assert [row[3] for row in found.table.rows] == ["0.5", "0.1"]
    assert result(found, "Odds, for each point less") == pytest.approx(9 ** (1 / 6))


FIVE = st.fixed_dictionaries({number: st.integers(0, 200) for number in range(1, 6)})
SEVEN = st.fixed_dictionaries({number: st.integers(0, 200) for number in range(1, 8)})


@given(FIVE, FIVE)
def test_a_change_of_the_share_of_the_satisfied(before, now) -> None:
    first, second = (satisfaction.csat(each, Scale.ONE_TO_FIVE) for each in (before, now))
    if first is None or second is None:
        return
    known = satisfaction.difference_of_shares(first, second)
    found = explaining.satisfaction_change(first, second)
    assert_can_be_reckoned(found)
    tail = "of the difference"
    assert result(found, "Difference, of a hundred") == pytest.approx(100 * known.difference)
    assert result(found, f"Lower limit {tail}") == pytest.approx(100 * known.low)
    assert result(found, f"Upper limit {tail}") == pytest.approx(100 * known.high)


@given(SEVEN, SEVEN)
def test_a_change_of_the_mean_effort(before, now) -> None:
    known = satisfaction.difference_of_means(before, now, Scale.ONE_TO_SEVEN)
    found = explaining.effort_change(before, now, Scale.ONE_TO_SEVEN)
    if found is None:
        assert known is None
        return
    assert known is not None
    assert_can_be_reckoned(found)
    assert result(found, "Lower limit") == pytest.approx(known.low)
    assert result(found, "Upper limit") == pytest.approx(known.high)


def test_a_change_of_the_satisfied_by_hand() -> None:
    """Newcombe (1998), table II: 48 of 80 before, 56 of 70 now, 5.24 to 33.39 points more."""
    before, now = (
        satisfaction.csat({5: done, 1: n - done}, Scale.ONE_TO_FIVE)
        for done, n in ((48, 80), (56, 70))
    )
    assert before is not None
    assert now is not None
    found = explaining.satisfaction_change(before, now)
    assert found.says == "+20 percentage points since the wave before (5.24 to 33.39)."


@given(st.floats(-80, 80), st.integers(1, 5_000), st.floats(0.05, 3))
def test_what_a_target_takes(goal, answers, variance) -> None:
    known = targets.thresholds(goal, answers, variance=variance)
    assert known is not None
    found = explaining.thresholds(goal, known)
    assert_can_be_reckoned(found)
    assert result(found, "Met from") == known.met_from
