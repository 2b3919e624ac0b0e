"""The figures of golden.json that belong to no segment, and the list of who tests each of them.

Means, sums and shares are counted here from the data; correlations of ranks, the reliability of a
scale and the coefficients of a regression from the product's own correlations.
"""

from __future__ import annotations

import importlib
import inspect
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from afterscore.domain import drivers, nps, outcomes, relations, scales
from afterscore.domain.nps import Group
from tests.statistics.test_drivers import BLOCKS, complete
from tests.statistics.test_golden_segments import column, people_by
from tests.statistics.test_real_data import OVERALL, SCORE_COLUMNS, tally_of

Rows = list[dict[str, str]]
ReadRows = Callable[[str], Rows]
Golden = dict[str, Any]
DRIVERS = [*BLOCKS, ("garden_fr_nps", "drivers")]
TELCO = "ibm_telco_v11"


def numbers(rows: Iterable[dict[str, str]], name: str) -> list[float]:
    return [float(row[name]) for row in rows if row[name].strip()]


def parted(rows: Rows, value: Callable[[dict[str, str]], str | None]) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(value(row) or "", []).append(row)
    return found


def share(rows: Rows, name: str, of: str) -> float:
    return sum(row[name] == of for row in rows) / len(rows)


@pytest.mark.parametrize("name", ["garden_fr_nps", "skytrax_seat", "skytrax_airline_sample", TELCO])
def test_every_row_is_read(name: str, golden: Golden, rows_of: ReadRows) -> None:
    assert len(rows_of(name)) == golden[name]["rows"]


def test_the_mean_of_the_garden_centres_scores(golden: Golden, rows_of: ReadRows) -> None:
    found = statistics.fmean(numbers(rows_of("garden_fr_nps"), "nps"))
    assert found == pytest.approx(golden["garden_fr_nps"]["mean_nps_item"], abs=1e-9)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("garden_fr_nps", "verbatim"),
        ("skytrax_seat", "content"),
        ("skytrax_airline_sample", "content"),
    ],
)
def test_who_wrote_and_how_much(name: str, text: str, golden: Golden, rows_of: ReadRows) -> None:
    expected, rows = golden[name]["verbatim"], rows_of(name)
    written = [row for row in rows if row[text].strip()]
    assert len(written) == expected["with_text"]
    assert len(written) / len(rows) == pytest.approx(expected["rate"], abs=1e-12)
    scored = tally_of(rows, SCORE_COLUMNS[name])
    wrote = tally_of(written, SCORE_COLUMNS[name])
    assert wrote.n / scored.n == pytest.approx(expected["rate_among_scored"], abs=1e-12)
    for group in Group:
        figures = expected["by_group"][group.value]
        assert (scored.count_of(group), wrote.count_of(group)) == (
            figures["n"], figures["with_text"],
        )  # fmt: skip
        rate = wrote.count_of(group) / scored.count_of(group)
        assert rate == pytest.approx(figures["rate"], abs=1e-12)
    lengths = [len(row[text].strip()) for row in written]
    assert statistics.fmean(lengths) == pytest.approx(expected["mean_chars"], abs=1e-9)
    assert statistics.median(lengths) == expected["median_chars"]


def test_what_each_group_of_garden_customers_buys(golden: Golden, rows_of: ReadRows) -> None:
    scored = [row for row in rows_of("garden_fr_nps") if row["nps"]]
    groups = parted(scored, lambda row: nps.group_of(int(float(row["nps"]))).value)
    for group, expected in golden["garden_fr_nps"]["value_by_group"].items():
        visits, tickets = (numbers(groups[group], each) for each in ("visits", "ticket_eur"))
        found = {
            "n": len(groups[group]),
            "visits_mean": statistics.fmean(visits),
            "visits_median": statistics.median(visits),
            "ticket_mean": statistics.fmean(tickets),
            "ticket_median": statistics.median(tickets),
            "ticket_sum": math.fsum(tickets),
            "negative_tickets": sum(each < 0 for each in tickets),
        }
        assert found == pytest.approx(expected, abs=1e-6)


def test_both_waves_have_the_scores_that_were_published(golden: Golden, rows_of: ReadRows) -> None:
    waves = parted(rows_of("carpentries_longterm_nps"), column("wave"))
    for wave, printed in golden["carpentries_longterm_nps"]["published_nps_by_wave"].items():
        if wave != "source":
            assert round(tally_of(waves[wave], "recommendation_score").score or 0) == printed


@pytest.mark.parametrize("name", ["skytrax_seat", "skytrax_airline_sample"])
def test_days_and_recommendations_of_travellers(
    name: str, golden: Golden, rows_of: ReadRows
) -> None:
    expected, rows = golden[name], rows_of(name)
    days = [row["date"] for row in rows if row["date"]]
    assert (min(days), max(days)) == (expected["date_min"], expected["date_max"])
    rate = statistics.fmean(numbers(rows, "recommended"))
    assert rate == pytest.approx(expected["recommended_rate"], abs=1e-12)
    scored = [row for row in rows if row["overall_rating"]]
    by_score = parted(scored, lambda row: str(int(float(row["overall_rating"]))))
    for score, figures in expected["recommended_rate_by_score"].items():
        assert len(by_score[score]) == figures["n"]
        found = statistics.fmean(numbers(by_score[score], "recommended"))
        assert found == pytest.approx(figures["rate"], abs=1e-12)


def test_accounts_and_regions_of_the_package(golden: Golden, rows_of: ReadRows) -> None:
    """Its note: North America is NAM there, so that no region reads like a missing one."""
    expected, rows = golden["rpkg_nps_testdata"], rows_of("rpkg_nps_testdata")
    assert Counter(row["Account"] for row in rows) == expected["by_account_n"]
    missing = sum(scales.number_in(row["Region"]) is scales.Missing.BLANK for row in rows)
    assert missing == expected["region_missing"]
    assert "NAM" in expected["region_note"]
    assert "NAM" in {row["Region"] for row in rows}


def ranks(values: Iterable[float]) -> list[float]:
    """Equal ones share the middle of their places."""
    times = Counter(values)
    place, found = 0, {}
    for value in sorted(times):
        found[value] = place + (times[value] + 1) / 2
        place += times[value]
    return [found[value] for value in values]


@pytest.mark.parametrize(("name", "block"), DRIVERS)
def test_what_else_is_known_of_ratings_beside_the_score(
    name: str, block: str, golden: Golden, rows_of: ReadRows
) -> None:
    """Shares in percent, correlations of ranks, inflation, and the regression in raw units."""
    expected = golden[name][block]
    names = expected["predictors"]
    table = complete(rows_of(name), [expected["outcome"], *names])
    found = drivers.find(names, [drivers.moments_of(table)])
    assert found is not None
    assert found.n == expected["n"]
    free = found.n - len(names) - 1
    adjusted = 1 - (1 - found.r2) * (found.n - 1) / free
    assert adjusted == pytest.approx(expected["adj_r2"], abs=1e-9)
    spreads = dict(zip(["", *names], table.std(axis=0), strict=True))
    means = dict(zip(["", *names], table.mean(axis=0), strict=True))
    scores = ranks(table[:, 0].tolist())
    constant = means[""]
    for each in found.drivers:
        own = table[:, names.index(each.name) + 1].tolist()
        assert relations.correlation(scores, ranks(own)) == pytest.approx(
            expected["spearman"][each.name], abs=1e-9
        )
        assert each.inflation == pytest.approx(expected["vif"][each.name], abs=1e-9)
        percent = 100 * each.lmg / found.r2, 100 * each.weight / found.r2
        assert percent == pytest.approx(
            (expected["lmg_pct"][each.name], expected["relative_weight_pct"][each.name]), abs=1e-7
        )
        raw = each.slope * spreads[""] / spreads[each.name]
        constant -= raw * means[each.name]
        assert raw == pytest.approx(expected["ols_raw"][each.name], abs=1e-9)
        figures = expected["ols_std"][each.name]
        error = math.sqrt((1 - found.r2) / free * each.inflation)
        assert (each.slope, error, each.slope / error) == pytest.approx(
            (figures["beta"], figures["se"], figures["t"]), rel=1e-8
        )
    assert constant == pytest.approx(expected["ols_raw"]["const"], abs=1e-8)


def test_how_well_the_items_of_a_construct_hang_together(golden: Golden, rows_of: ReadRows) -> None:
    """Cronbach's alpha (1951): k / (k - 1) times what is not the items' own variance."""
    rows = rows_of("ecsi_mobi")
    for construct, expected in golden["ecsi_mobi"]["cronbach_alpha"].items():
        items = [name for name in rows[0] if name.startswith(construct)]
        table = complete(rows, items)
        moments = drivers.moments_of(table)
        means = moments.sums / moments.n
        shared = moments.products / moments.n - np.outer(means, means)
        count = len(items)
        alpha = count / (count - 1) * (1 - np.trace(shared) / shared.sum())
        assert alpha == pytest.approx(expected, abs=1e-9), construct


# --- customers who left --------------------------------------------------------------------------


def test_who_left_and_why(golden: Golden, rows_of: ReadRows) -> None:
    expected, rows = golden[TELCO], rows_of(TELCO)
    left = [row for row in rows if row["Churn Value"] == "1"]
    assert len(left) == expected["churned"]
    assert len(left) / len(rows) == pytest.approx(expected["churn_rate"], abs=1e-12)
    assert Counter(row["Customer Status"] for row in rows) == expected["status"]
    assert Counter(row["Churn Category"] for row in left) == expected["churn_category"]
    why = Counter(row["Churn Reason"] for row in left)
    assert dict(why.most_common(10)) == expected["churn_reason_top10"]


@pytest.mark.parametrize(("name", "block"), [("Contract", "by_contract"), ("Offer", "by_offer")])
def test_who_left_by(name: str, block: str, golden: Golden, rows_of: ReadRows) -> None:
    groups = parted(rows_of(TELCO), lambda row: row[name] or "None")
    assert groups.keys() == golden[TELCO][block].keys()
    for value, figures in golden[TELCO][block].items():
        assert len(groups[value]) == figures["n"]
        rate = share(groups[value], "Churn Value", "1")
        assert rate == pytest.approx(figures["churn_rate"], abs=1e-12)


def test_what_customers_of_each_satisfaction_are_worth(golden: Golden, rows_of: ReadRows) -> None:
    groups = parted(rows_of(TELCO), column("Satisfaction Score"))
    for value, expected in golden[TELCO]["by_satisfaction"].items():
        rows = groups[value]
        found = {
            "n": len(rows),
            "churn": sum(row["Churn Value"] == "1" for row in rows),
            "churn_rate": share(rows, "Churn Value", "1"),
            "cltv_mean": statistics.fmean(numbers(rows, "CLTV")),
            "monthly_charge_mean": statistics.fmean(numbers(rows, "Monthly Charge")),
            "total_revenue_sum": math.fsum(numbers(rows, "Total Revenue")),
            "referrals_mean": statistics.fmean(numbers(rows, "Number of Referrals")),
            "tenure_mean": statistics.fmean(numbers(rows, "Tenure in Months")),
        }
        assert found == pytest.approx(expected, abs=1e-6)


def test_what_is_paid_and_what_was_lost(golden: Golden, rows_of: ReadRows) -> None:
    expected, rows = golden[TELCO], rows_of(TELCO)
    left = [row for row in rows if row["Churn Value"] == "1"]
    found = [
        math.fsum(numbers(rows, "Monthly Charge")),
        math.fsum(numbers(left, "Monthly Charge")),
        math.fsum(numbers(rows, "Total Revenue")),
    ]
    names = ("monthly_recurring_total", "monthly_recurring_lost", "total_revenue")
    assert found == pytest.approx([expected[name] for name in names], abs=1e-6)


def test_how_well_a_high_churn_score_tells_who_leaves(golden: Golden, rows_of: ReadRows) -> None:
    people = people_by(rows_of(TELCO), "Churn Score")
    downward = sorted(people, reverse=True)
    left, stayed = ([people[value][side] for value in downward] for side in (0, 1))
    assert outcomes.area(left, stayed) == pytest.approx(golden[TELCO]["auc_churn_score"], abs=1e-9)


def test_tenure_tells_who_leaves_among_the_half_content(golden: Golden, rows_of: ReadRows) -> None:
    expected = golden[TELCO]["within_satisfaction_3"]
    rows = [row for row in rows_of(TELCO) if row["Satisfaction Score"] == "3"]
    assert len(rows) == expected["n"]
    assert share(rows, "Churn Value", "1") == pytest.approx(expected["churn_rate"], abs=1e-12)
    people = people_by(rows, "Tenure in Months")
    upward = sorted(people)
    left, stayed = ([people[value][side] for value in upward] for side in (0, 1))
    assert outcomes.area(left, stayed) == pytest.approx(expected["auc_short_tenure"], abs=1e-9)


def test_correlations_of_what_is_known_of_telco_customers(
    golden: Golden, rows_of: ReadRows
) -> None:
    matrix, rows = golden[TELCO]["pearson"], rows_of(TELCO)
    columns = {name: numbers(rows, name) for name in matrix}
    for one, others in matrix.items():
        for two, expected in others.items():
            found = relations.correlation(columns[one], columns[two])
            assert found == pytest.approx(expected, abs=6e-7)


# --- who tests what ------------------------------------------------------------------------------

REST, PARTS, DATA = "test_golden_rest", "test_golden_segments", "test_real_data"
TESTED_BY = {
    **{f"{name}/{block}": DATA for name, block in OVERALL.items()},
    **{f"{name}/{block}": "test_drivers" for name, block in BLOCKS},
    **{f"{TELCO}/{block}": "test_survival" for block in (
        "km_all", "km_by_contract", "km_by_satisfaction", "logrank_month_vs_rest",
    )},
    **{f"{TELCO}/{block}": REST for block in (
        "rows", "churn_rate", "churned", "by_satisfaction", "auc_churn_score", "by_contract",
        "by_offer", "churn_category", "churn_reason_top10", "status", "monthly_recurring_total",
        "monthly_recurring_lost", "total_revenue", "pearson", "within_satisfaction_3",
    )},
    **{f"{name}/{block}": REST for name in ("skytrax_seat", "skytrax_airline_sample") for block in (
        "rows", "date_min", "date_max", "recommended_rate", "verbatim", "recommended_rate_by_score",
    )},
    **{f"garden_fr_nps/{block}": REST for block in (
        "rows", "mean_nps_item", "verbatim", "value_by_group", "drivers",
    )},
    **{f"rpkg_nps_testdata/{block}": REST for block in (
        "by_account_n", "region_missing", "region_note",
    )},
    "carpentries_longterm_nps/published_nps_by_wave": REST,
    "carpentries_longterm_nps/wave_change": DATA,
    "ecsi_mobi/cronbach_alpha": REST,
}  # fmt: skip
"""The module whose tests name the block; those of test_golden_segments stand in its own tables."""


def is_named(key: str) -> bool:
    """Whether the block's name stands in the source of the module that tests it."""
    name, block = key.split("/")
    module = importlib.import_module(f"tests.statistics.{TESTED_BY.get(key, PARTS)}")
    source = inspect.getsource(module)
    source = source.partition("# --- who tests what")[0]
    told = f'"{name}"' in source or (name == TELCO and TELCO in source)
    return told and f'"{block}"' in source


def test_every_figure_of_the_file_is_tested_somewhere(golden: Golden) -> None:
    """A new block fails here until a test names it; so does one whose test has gone."""
    keys = {f"{name}/{block}" for name in golden if name != "_meta" for block in golden[name]}
    assert len(keys) > 80
    assert {key for key in keys if not is_named(key)} == set()
    assert TESTED_BY.keys() <= keys
