"""Scores and intervals of real data against independently computed figures, to 1e-9 points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from afterscore.domain import compare, intervals, nps, trends
from afterscore.domain.compare import Change
from afterscore.domain.nps import Tally

Rows = list[dict[str, str]]

SCORE_COLUMNS = {
    "garden_fr_nps": "nps",
    "carpentries_longterm_nps": "recommendation_score",
    "skytrax_seat": "overall_rating",
    "skytrax_airline_sample": "overall_rating",
    "rpkg_nps_testdata": "REC",
    "ecsi_mobi": "CUSL3",
}
OVERALL = {
    "garden_fr_nps": "overall",
    "carpentries_longterm_nps": "all",
    "skytrax_seat": "overall",
    "skytrax_airline_sample": "overall",
    "rpkg_nps_testdata": "overall",
    "ecsi_mobi": "recommend_CUSL3",
}


def tally_of(rows: Rows, column: str) -> Tally:
    """Missing scores are left out."""
    texts = (row[column].strip() for row in rows)
    scores = [int(float(text)) for text in texts if text not in ("", "NA")]
    return nps.tally(nps.histogram_of(scores))


def figures_in(golden: object, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every block of figures that states a score, with the path to it."""
    if isinstance(golden, dict):
        if "nps" in golden and "wald95" in golden:
            yield path, golden
        for key, inner in golden.items():
            yield from figures_in(inner, f"{path}/{key}")


def assert_figures(tally: Tally, expected: dict[str, Any]) -> None:
    wald, adjusted = intervals.wald(tally), intervals.adjusted_wald(tally)
    assert wald is not None
    assert adjusted is not None
    assert (tally.promoters, tally.passives, tally.detractors, tally.n) == (
        expected["promoters"],
        expected["passives"],
        expected["detractors"],
        expected["n"],
    )
    assert tally.score == pytest.approx(expected["nps"], abs=1e-9)
    assert tally.standard_error == pytest.approx(expected["se"], abs=1e-9)
    assert (wald.low, wald.high) == pytest.approx(expected["wald95"], abs=1e-9)
    assert (adjusted.low, adjusted.high) == pytest.approx(expected["adj_wald_3T_95"], abs=1e-9)


@pytest.mark.parametrize("name", sorted(SCORE_COLUMNS))
def test_each_data_set_has_its_score_and_intervals(
    name: str, golden: dict[str, Any], rows_of: Callable[[str], Rows]
):
    tally = tally_of(rows_of(name), SCORE_COLUMNS[name])
    assert_figures(tally, golden[name][OVERALL[name]])


def test_every_segment_month_and_wave_has_its_figures(golden: dict[str, Any]):
    blocks = list(figures_in(golden))
    assert len(blocks) > 120
    for _, expected in blocks:
        tally = Tally(expected["detractors"], expected["passives"], expected["promoters"])
        assert_figures(tally, expected)


def test_the_score_interval_agrees_with_the_others_where_answers_are_many(golden: dict[str, Any]):
    for _, expected in figures_in(golden):
        if expected["n"] < 1000:
            continue
        tally = Tally(expected["detractors"], expected["passives"], expected["promoters"])
        score = intervals.score_interval(tally)
        assert score is not None
        assert (score.low, score.high) == pytest.approx(expected["adj_wald_3T_95"], abs=0.05)


def test_the_published_drop_of_fifteen_points_is_not_called_a_change(
    golden: dict[str, Any], rows_of: Callable[[str], Rows]
):
    rows = rows_of("carpentries_longterm_nps")
    spring, winter = (
        tally_of([row for row in rows if row["wave"] == wave], "recommendation_score")
        for wave in ("2020-04", "2020-12")
    )
    expected = golden["carpentries_longterm_nps"]["wave_change"]
    for adjusted, figures in ((False, expected["wald"]), (True, expected["adj_wald_3T"])):
        comparison = compare.compare(spring, winter, adjusted=adjusted)
        assert comparison is not None
        assert comparison.difference == pytest.approx(figures["diff"], abs=1e-9)
        assert comparison.standard_error == pytest.approx(figures["se"], abs=1e-9)
        assert comparison.p_value == pytest.approx(figures["p"], abs=1e-9)
    assert compare.verdict(spring, winter) is Change.NOT_ENOUGH
    assert trends.describe_change(spring, winter).sentence.startswith("Can't tell yet: 87 answers")


def test_regular_visitors_of_the_garden_centres_score_higher(golden: dict[str, Any]):
    bands = golden["garden_fr_nps"]["by_visit_band"]
    once, often = (
        Tally(bands[band]["detractors"], bands[band]["passives"], bands[band]["promoters"])
        for band in ("1", "21+")
    )
    assert compare.verdict(once, often) is Change.RISE
    assert compare.verdict(often, once) is Change.FALL


def test_two_regions_differ_as_the_published_package_says(rows_of: Callable[[str], Rows]):
    """Printed by NPS 1.1 (R) for its own data: no significant difference."""
    rows = rows_of("rpkg_nps_testdata")
    emea, nam = (
        tally_of([row for row in rows if row["Region"] == region], "REC")
        for region in ("EMEA", "NAM")
    )
    comparison = compare.compare(emea, nam, adjusted=False)
    assert comparison is not None
    printed = (6.79826064, 6.88047942, -6.68723121, 20.28375250)
    assert (
        comparison.difference,
        comparison.standard_error,
        comparison.low,
        comparison.high,
    ) == pytest.approx(printed, abs=6e-9)
    assert comparison.p_value == pytest.approx(0.3231279510, abs=6e-11)
