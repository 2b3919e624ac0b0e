"""Survival curves of real customers against independently computed figures, to 1e-9."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from afterscore.domain import survival
from afterscore.domain.survival import Curve, Span

Rows = list[dict[str, str]]


def spans_of(rows: Rows) -> list[Span]:
    """Months as a customer; whoever is still one is censored."""
    return [
        Span(float(row["Tenure in Months"]), int(row["Churn Value"]), 1 - int(row["Churn Value"]))
        for row in rows
    ]


def assert_curve(found: Curve, expected: dict[str, Any]) -> None:
    assert (found.people, found.events) == (expected["n"], expected["events"])
    assert found.middle.time == expected["median"]
    for months, ratio in expected["survival"].items():
        point = found.at(float(months))
        assert point is not None
        assert point.ratio == pytest.approx(ratio, abs=1e-9), months


@pytest.mark.parametrize(
    ("column", "block"),
    [
        (None, "km_all"),
        ("Contract", "km_by_contract"),
        ("Satisfaction Score", "km_by_satisfaction"),
    ],
)
def test_every_curve_has_its_figures(
    column: str | None,
    block: str,
    golden: dict[str, Any],
    rows_of: Callable[[str], Rows],
):
    rows = rows_of("ibm_telco_v11")
    expected = golden["ibm_telco_v11"][block]
    if column is None:
        assert_curve(survival.curve(spans_of(rows)), expected)
        return
    assert len(expected) >= 3
    for value, figures in expected.items():
        group = [row for row in rows if row[column] == value]
        assert_curve(survival.curve(spans_of(group)), figures)


def test_the_log_rank_test_has_its_figure(golden: dict[str, Any], rows_of: Callable[[str], Rows]):
    rows = rows_of("ibm_telco_v11")
    monthly = [row for row in rows if row["Contract"] == "Month-to-Month"]
    longer = [row for row in rows if row["Contract"] != "Month-to-Month"]

    found = survival.compare([spans_of(monthly), spans_of(longer)])

    expected = golden["ibm_telco_v11"]["logrank_month_vs_rest"]
    assert found is not None
    assert found.statistic == pytest.approx(expected["chi2"], rel=1e-9)
    assert found.p_value == pytest.approx(expected["p"], abs=1e-9)
