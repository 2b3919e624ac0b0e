"""Every segment, month and wave of golden.json, counted from the data itself.

Source of all figures: ../shared/data/golden.json (pandas, statsmodels, scikit-learn, checked
against R). Counts are exact, scores and intervals to 1e-9, odds and logistic slopes to 1e-6.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from afterscore.domain import nps, outcomes, relations, satisfaction, scales
from afterscore.domain.nps import Group
from afterscore.domain.scales import Scale
from tests.statistics.test_real_data import SCORE_COLUMNS, assert_figures, tally_of

Rows = list[dict[str, str]]
ReadRows = Callable[[str], Rows]


def visit_band(row: dict[str, str]) -> str | None:
    limits = ((1, "1"), (5, "2-5"), (10, "6-10"), (20, "11-20"), (float("inf"), "21+"))
    return _band(row["visits"], limits, at_least=1)


def ticket_band(row: dict[str, str]) -> str | None:
    limits = ((0, "<=0 (return)"), (25, "0-25"), (50, "25-50"), (100, "50-100"))
    return _band(row["ticket_eur"], (*limits, (float("inf"), ">100")))


def _band(
    text: str, limits: tuple[tuple[float, str], ...], *, at_least: float = float("-inf")
) -> str | None:
    if not text.strip() or float(text) < at_least:
        return None
    return next(name for limit, name in limits if float(text) <= limit)


def column(name: str) -> Callable[[dict[str, str]], str | None]:
    return lambda row: row[name] or None


def number(name: str) -> Callable[[dict[str, str]], str | None]:
    return lambda row: str(int(float(row[name]))) if row[name] else None


def start_of_date(length: int) -> Callable[[dict[str, str]], str | None]:
    return lambda row: row["date"][:length] or None


SEGMENTS = [
    ("garden_fr_nps", "by_visit_band", visit_band),
    ("garden_fr_nps", "by_ticket_band", ticket_band),
    ("garden_fr_nps", "by_t", number("t")),
    ("carpentries_longterm_nps", "by_wave", column("wave")),
    ("carpentries_longterm_nps", "by_workshop_type", column("workshop_attended_type")),
    ("carpentries_longterm_nps", "by_country_n>=10", column("workshop_country")),
    ("carpentries_longterm_nps", "by_has_recommended", column("has_recommended")),
    ("skytrax_seat", "by_year", start_of_date(4)),
    ("skytrax_seat", "by_month_2014on", start_of_date(7)),
    ("skytrax_seat", "by_cabin", column("cabin_flown")),
    ("skytrax_airline_sample", "by_year", start_of_date(4)),
    ("skytrax_airline_sample", "by_month_2014on", start_of_date(7)),
    ("skytrax_airline_sample", "by_cabin", column("cabin_flown")),
    ("skytrax_airline_sample", "by_country_n>=40", column("author_country")),
    ("rpkg_nps_testdata", "by_BU", column("BU")),
    ("rpkg_nps_testdata", "by_Region", column("Region")),
    ("rpkg_nps_testdata", "by_month", start_of_date(7)),
]


@pytest.mark.parametrize(("name", "block", "segment"), SEGMENTS)
def test_each_segment_counted_from_the_data_has_its_figures(
    *,
    name: str,
    block: str,
    segment: Callable[[dict[str, str]], str | None],
    golden: dict[str, Any],
    rows_of: ReadRows,
) -> None:
    split: dict[str, Rows] = {}
    for row in rows_of(name):
        split.setdefault(segment(row) or "", []).append(row)
    expected = golden[name][block]
    assert expected
    for value, figures in expected.items():
        assert_figures(tally_of(split[value], SCORE_COLUMNS[name]), figures)


HISTOGRAMS = [
    ("garden_fr_nps", "nps", "hist"),
    ("garden_fr_nps", "satisfaction", "hist_satisfaction"),
    ("garden_fr_nps", "intention", "hist_intention"),
    ("skytrax_seat", "overall_rating", "hist"),
    ("skytrax_airline_sample", "overall_rating", "hist"),
    ("rpkg_nps_testdata", "REC", "hist"),
    ("ecsi_mobi", "CUSL3", "hist_CUSL3"),
    ("ecsi_mobi", "CUSA1", "satisfaction_CUSA1_hist"),
    ("ibm_telco_v11", "Satisfaction Score", "satisfaction_hist"),
]


@pytest.mark.parametrize(("name", "score", "block"), HISTOGRAMS)
def test_cells_are_read_into_the_same_histogram(
    *, name: str, score: str, block: str, golden: dict[str, Any], rows_of: ReadRows
) -> None:
    numbers, _ = scales.count(row[score] for row in rows_of(name))
    assert {str(int(value)): count for value, count in numbers.items()} == golden[name][block]


@pytest.mark.parametrize(
    ("name", "key", "score"),
    [
        ("garden_fr_nps", "missing_nps", "nps"),
        ("skytrax_seat", "missing_overall", "overall_rating"),
        ("skytrax_airline_sample", "missing_overall", "overall_rating"),
    ],
)
def test_missing_scores_are_counted(
    *, name: str, key: str, score: str, golden: dict[str, Any], rows_of: ReadRows
) -> None:
    _, missing = scales.count(row[score] for row in rows_of(name))
    assert missing.total() == golden[name][key]


def test_satisfaction_of_telco_customers_is_a_share_and_a_mean(
    golden: dict[str, Any], rows_of: ReadRows
) -> None:
    expected = golden["ibm_telco_v11"]
    numbers, _ = scales.count(row["Satisfaction Score"] for row in rows_of("ibm_telco_v11"))
    counts = {int(value): count for value, count in numbers.items()}
    share = satisfaction.csat(counts, Scale.ONE_TO_FIVE)
    mean = satisfaction.ces(counts, Scale.ONE_TO_FIVE)
    assert share is not None
    assert mean is not None
    assert share.ratio == pytest.approx((1789 + 1149) / 7043, abs=1e-12)
    assert mean.mean == pytest.approx(expected["mean_satisfaction"], abs=1e-9)


def test_who_writes_goes_with_the_group_as_published(
    golden: dict[str, Any], rows_of: ReadRows
) -> None:
    """Published too: chi2 385.12, V 0.168 (recode.html, BenaventC/NPSgame)."""
    expected = golden["garden_fr_nps"]
    by_group = expected["verbatim"]["by_group"]
    table = [
        [
            by_group[group.value]["with_text"],
            by_group[group.value]["n"] - by_group[group.value]["with_text"],
        ]
        for group in Group
    ]
    found = relations.association(table)
    assert found is not None
    assert found.chi_square == pytest.approx(expected["text_by_group_chi2"]["chi2"], rel=1e-9)
    assert found.p_value == pytest.approx(expected["text_by_group_chi2"]["p"], rel=1e-6)
    assert found.strength == pytest.approx(expected["text_by_group_chi2"]["cramers_v"], abs=1e-9)


def test_correlations_of_garden_centre_answers(golden: dict[str, Any], rows_of: ReadRows) -> None:
    expected = golden["garden_fr_nps"]["correlations_6vars"]
    names = list(expected["matrix"])
    rows = [row for row in rows_of("garden_fr_nps") if all(row[name] for name in names)]
    assert len(rows) == expected["n"]
    columns = {name: [float(row[name]) for row in rows] for name in names}
    for one in names:
        for two in names:
            found = relations.correlation(columns[one], columns[two])
            assert found == pytest.approx(expected["matrix"][one][two], abs=6e-7)


@pytest.mark.parametrize("name", ["skytrax_seat", "skytrax_airline_sample"])
def test_the_score_and_whether_travellers_recommend(
    name: str, golden: dict[str, Any], rows_of: ReadRows
) -> None:
    rows = [row for row in rows_of(name) if row["overall_rating"]]
    scores = [int(float(row["overall_rating"])) for row in rows]
    says = [float(row["recommended"]) for row in rows]
    yes = nps.histogram_of(score for score, each in zip(scores, says, strict=True) if each)
    no = nps.histogram_of(score for score, each in zip(scores, says, strict=True) if not each)
    assert outcomes.area(no, yes) == pytest.approx(
        golden[name]["auc_overall_for_recommended"], abs=1e-9
    )
    assert relations.correlation([float(score) for score in scores], says) == pytest.approx(
        golden[name]["point_biserial_overall_recommended"], abs=1e-9
    )


def test_themes_by_key_word_have_their_scores(golden: dict[str, Any], rows_of: ReadRows) -> None:
    rows = [row for row in rows_of("garden_fr_nps") if row["nps"]]
    for theme in golden["garden_fr_nps"]["keyword_themes"].values():
        pattern = re.compile(theme["regex"], re.IGNORECASE)
        tally = tally_of([row for row in rows if pattern.search(row["verbatim"])], "nps")
        assert tally.n == theme["total"]
        assert {group.value: tally.count_of(group) for group in Group} == theme["by_group"]
        assert tally.score == pytest.approx(theme["nps_of_mentioners"], abs=1e-9)


def people_by(rows: Rows, name: str) -> dict[float, tuple[int, int]]:
    """How many left and stayed at each value."""
    found: dict[float, list[int]] = {}
    for row in rows:
        found.setdefault(float(row[name]), [0, 0])[row["Churn Value"] == "0"] += 1
    return {value: (left, stayed) for value, (left, stayed) in found.items()}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Satisfaction Score", "auc_low_satisfaction_for_churn"),
        ("CLTV", "auc_low_cltv"),
        ("Tenure in Months", "auc_short_tenure"),
        ("Number of Referrals", "auc_few_referrals"),
    ],
)
def test_how_well_a_low_value_tells_who_leaves(
    name: str, key: str, golden: dict[str, Any], rows_of: ReadRows
) -> None:
    people = people_by(rows_of("ibm_telco_v11"), name)
    values = sorted(people)
    left, stayed = [people[each][0] for each in values], [people[each][1] for each in values]
    assert outcomes.area(left, stayed) == pytest.approx(golden["ibm_telco_v11"][key], abs=1e-9)


def test_odds_of_leaving_by_contract(golden: dict[str, Any], rows_of: ReadRows) -> None:
    expected = golden["ibm_telco_v11"]["or_month_to_month_vs_longer"]
    sides = {True: [0, 0], False: [0, 0]}
    for row in rows_of("ibm_telco_v11"):
        sides[row["Contract"] == "Month-to-Month"][row["Churn Value"] == "0"] += 1
    monthly, longer = (sides[True][0], sides[True][1]), (sides[False][0], sides[False][1])
    assert [list(monthly), list(longer)] == expected["table"]
    found = relations.odds(monthly, longer)
    assert found is not None
    assert found.ratio == pytest.approx(expected["odds_ratio"], rel=1e-9)
    assert (found.low, found.high) == pytest.approx(expected["or95"], rel=1e-9)
    assert found.risk_ratio == pytest.approx(expected["risk_ratio"], rel=1e-9)


def test_a_logistic_slope_of_leaving_by_referrals(
    golden: dict[str, Any], rows_of: ReadRows
) -> None:
    expected = golden["ibm_telco_v11"]["logit_referrals"]
    found = relations.logistic(people_by(rows_of("ibm_telco_v11"), "Number of Referrals"))
    assert found is not None
    assert found.slope == pytest.approx(expected["coef"], abs=1e-6)
    assert found.standard_error == pytest.approx(expected["se"], abs=1e-6)
    assert found.odds == pytest.approx(expected["odds_ratio"], abs=1e-6)
    assert (found.low, found.high) == pytest.approx(expected["or95"], abs=1e-6)
    assert found.p_value == pytest.approx(expected["p"], rel=1e-4)


def test_satisfaction_parts_who_leaves_from_who_stays_so_there_is_no_slope(
    rows_of: ReadRows,
) -> None:
    """All with 1 or 2 left, nobody with 4 or 5 did; only at 3 are there both."""
    people = people_by(rows_of("ibm_telco_v11"), "Satisfaction Score")
    assert people[3.0] == (429, 2236)
    assert relations.logistic(people) is None
