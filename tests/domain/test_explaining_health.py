"""Explanations on the page Health: what is printed can be reckoned by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import coverage, explaining
from afterscore.domain.coverage import Criterion, Crowd
from afterscore.domain.explaining import Explanation
from tests.domain.test_explaining import assert_can_be_reckoned

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
