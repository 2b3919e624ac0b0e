"""Explanations of the loop ledger: what is printed can be reckoned by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import explaining, parity, returns, survival
from afterscore.domain.experiments import Arm, Trial
from afterscore.domain.returns import Basis, Renewals
from afterscore.domain.survival import Span
from tests.domain.test_explaining import CONFIDENCE, assert_can_be_reckoned, shown

SPANS = st.lists(
    st.builds(Span, st.integers(1, 900).map(float), st.integers(0, 9), st.integers(0, 9)),
    max_size=30,
)


@given(SPANS, CONFIDENCE)
def test_how_long_half_of_them_waited(spans, confidence) -> None:
    curve = survival.curve(spans, confidence)
    found = explaining.waiting(curve, title="", done="had a first reply")
    if found is None:
        assert curve.people == 0
        return
    assert_can_be_reckoned(found)
    named = {step.label: step.value for step in found.steps}
    middle = curve.middle
    assert named.get("Median, in hours") == middle.time
    if middle.time is not None:
        assert named.get("Lower limit of the median, in hours") == middle.low
        assert named.get("Upper limit of the median, in hours") == middle.high


@given(SPANS)
def test_each_step_of_the_curve_follows_from_the_one_before(spans) -> None:
    curve = survival.curve(spans)
    found = explaining.stairs(curve)
    if found is None:
        assert not curve.events
        return
    assert found.table is not None
    still, gathered = 100.0, 0.0
    for point, row in zip(curve.points, found.table.rows, strict=True):
        _hours, waiting, then, still_waiting, no_longer, spread = row
        still *= 1 - shown(then) / shown(waiting)
        assert shown(still_waiting) == pytest.approx(still, abs=1e-3)
        assert shown(no_longer) == pytest.approx(100 - still, abs=1e-3)
        if point.happened < point.at_risk:
            gathered += shown(then) / (shown(waiting) * (shown(waiting) - shown(then)))
            assert shown(spread) == pytest.approx(gathered, abs=1e-6)
        else:
            assert spread == "nobody is left"


def test_the_median_in_words() -> None:
    """The dozen of docs/algorithms/loop-ledger.md."""
    times = [5, 10, 30, 40, 54, 84, 102]
    spans = [*(Span(float(time), 1) for time in times), Span(20.0, 0, 1), Span(390.0, 0, 4)]
    found = explaining.waiting(survival.curve(spans), title="Half", done="had a first reply")
    assert found is not None
    assert found.says == (
        "Half of 12 answers had a first reply within 84 hours (3.5 days); with 95 %, not before "
        "10 hours."
    )
    assert found.text.startswith(
        f"Half\n{found.says}\n\n"
        "Answers: n = had a first reply + wait still = 7 + 5 = 12\n"
        "Share still waiting after 84 hours, in percent: "
        "100 × S = 100 × S before × (1 − then / waiting before) = "
        "100 × 0.555556 × (1 − 1 / 6) = 46.3\n"
        "Median, in hours: first time at which 100 × S ≤ 50 = 84\n"
        "Median, in days: hours / 24 = 84 / 24 = 3.5\n"
    )


def test_where_half_is_not_reached_there_is_no_median() -> None:
    curve = survival.curve([Span(5.0, 1), Span(20.0, 0, 3)])
    found = explaining.waiting(curve, title="", done="had a first reply")
    assert found is not None
    assert found.says == (
        "25 % of 4 answers had a first reply within 5 hours: half is not reached, so there is no "
        "median yet."
    )
    assert_can_be_reckoned(found)


def test_one_late_reply_among_the_few_who_are_left_is_no_median() -> None:
    """Of forty who answered this week one had waited longer than all the others, and closed."""
    curve = survival.curve([Span(5.0, 1), Span(20.0, 0, 37), Span(200.0, 1), Span(201.0, 0, 1)])
    found = explaining.waiting(curve, title="", done="had a first reply", fewest=10)
    assert curve.middle.time == 200
    assert found is not None
    assert found.says.startswith("2.5 % of 40 answers had a first reply within 5 hours")
    assert any("fewer than 10 are left" in note for note in found.notes)
    assert_can_be_reckoned(found)


@given(st.dictionaries(st.integers(0, 500), st.integers(0, 40)), st.integers(0, 300))
def test_minutes_that_were_written_down(loops, closed) -> None:
    found = explaining.minutes(loops, closed=closed)
    whole = sum(minutes * number for minutes, number in loops.items())
    if found is None:
        assert whole == 0
        return
    assert_can_be_reckoned(found)
    assert found.steps[1].value == whole
    assert len(found.steps) == (3 if closed else 2)


ARM = st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda two: Arm(max(two), min(two)))


@given(ARM, ARM)
def test_the_same_care_for_everybody(own, rest) -> None:
    confidence = parity.confidence_of_each(5)
    judged = parity.compare({"own": own, "rest": rest}, looks=5)["own"]
    found = explaining.care(judged, names=("detractors", "all others"), confidence=confidence)
    assert_can_be_reckoned(found)
    named = {step.label: step.value for step in found.steps}
    known = judged.difference
    if known is not None:
        assert named["Difference, of a hundred"] == pytest.approx(100 * known.difference)
        assert named["Lower limit of the difference"] == pytest.approx(100 * known.low)
        assert named["Upper limit of the difference"] == pytest.approx(100 * known.high)
    assert ("As it is told" in named) == (judged.needed is not None)


def test_care_that_cannot_be_told_says_how_many_it_takes() -> None:
    judged = parity.compare({"own": Arm(40, 26), "rest": Arm(2000, 1400)}, looks=5)["own"]
    found = explaining.care(judged, names=("passives", "all others"), confidence=0.99)
    assert found.says == "26 of 40 loops closed, of all others 1,400 of 2,000: cannot be told yet."
    assert found.steps[-1].text == "As it is told: rounded up = 320"


TRIALS = st.lists(st.builds(Trial, ARM, ARM), max_size=4)


@given(TRIALS, st.sampled_from(Basis))
def test_both_arms_of_what_it_brings(trials, basis) -> None:
    judged = returns.contrast(trials, basis=basis)
    strata = [str(place) for place in range(len(trials))]
    found = explaining.contrast(judged, title="", who="people", did="stayed", strata=strata)
    if found is None:
        assert judged.customers == 0
        return
    assert_can_be_reckoned(found)
    named = {step.label: step.value for step in found.steps}
    assert named["People compared"] == judged.customers
    known = judged.difference
    if known is not None:
        assert named["Difference, of a hundred"] == pytest.approx(100 * known.difference)
        assert named["Lower limit of the difference"] == pytest.approx(100 * known.low)
        assert named["Upper limit of the difference"] == pytest.approx(100 * known.high)
    assert ("As it is told" in named) == (judged.needed is not None)


def test_what_it_brings_in_words() -> None:
    trials = [Trial(Arm(60, 30), Arm(50, 15)), Trial(Arm(40, 10), Arm(60, 12))]
    judged = returns.contrast(trials, basis=Basis.OBSERVED)
    found = explaining.contrast(
        judged, title="", who="people", did="became promoters", strata=("Passives", "Detractors")
    )
    assert found is not None
    assert found.says == (
        "Of a hundred people, 12.98 more became promoters of those contacted than of those not "
        "contacted (0.26 to 25.25)."
    )
    assert found.table is not None
    assert found.table.rows == (
        ("Passives", "60", "30", "50", "15", "27.2727"),
        ("Detractors", "40", "10", "60", "12", "24"),
    )


@given(TRIALS, st.integers(1, 10**7), st.integers(0, 5000))
def test_revenue_that_was_kept(trials, stake, minutes) -> None:
    judged = returns.contrast(trials, basis=Basis.OBSERVED)
    renewals = [Renewals(3, True, 1, 0, Decimal(stake), minutes)]
    amount = returns.kept_revenue(renewals, judged)
    if amount is None:
        return
    found = explaining.kept(amount, judged, unit="EUR")
    assert found is not None
    assert_can_be_reckoned(found)
    assert found.steps[0].value == float(amount.kept)
    assert len(found.steps) == (6 if minutes else 3)
