"""Driver importance against R's relaimpo and other packages, on real answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from afterscore.domain import drivers
from afterscore.domain.drivers import Inseparable, Moments

Rows = list[dict[str, str]]
BLOCKS = [
    ("carpentries_longterm_nps", "drivers"),
    ("skytrax_seat", "drivers"),
    ("skytrax_airline_sample", "drivers"),
    ("rpkg_nps_testdata", "drivers"),
    ("ecsi_mobi", "drivers_recommend"),
    ("ecsi_mobi", "drivers_satisfaction"),
]


def complete(rows: Rows, columns: list[str]) -> drivers.Real:
    """Answers in which nothing of this is missing."""

    def number(text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return float("nan")

    table = np.array([[number(row[column]) for column in columns] for row in rows])
    kept: drivers.Real = table[~np.isnan(table).any(axis=1)]
    return kept


@pytest.mark.parametrize(("name", "block"), BLOCKS)
def test_shares_are_those_of_the_reference_to_nine_digits(
    rows_of: Callable[[str], Rows], golden: dict[str, Any], name: str, block: str
) -> None:
    expected = golden[name][block]
    names = expected["predictors"]
    table = complete(rows_of(name), [expected["outcome"], *names])
    found = drivers.find(names, [drivers.moments_of(table)])
    assert found is not None
    assert found.n == expected["n"]
    assert found.r2 == pytest.approx(expected["r2"], abs=1e-9)
    for each in found.drivers:
        assert each.lmg == pytest.approx(expected["lmg"][each.name], abs=1e-9)
        assert each.weight == pytest.approx(expected["relative_weight_raw"][each.name], abs=1e-9)
        assert each.correlation == pytest.approx(expected["pearson"][each.name], abs=1e-9)
        assert each.slope == pytest.approx(expected["std_beta"][each.name], abs=1e-9)
        assert each.low is None


def test_r2_is_divided_without_remainder(rows_of: Callable[[str], Rows]) -> None:
    names = ["seat_legroom_rating", "seat_recline_rating", "seat_width_rating"]
    table = complete(rows_of("skytrax_seat"), ["overall_rating", *names])
    found = drivers.find(names, [drivers.moments_of(table)])
    assert found is not None
    assert sum(each.lmg for each in found.drivers) == pytest.approx(found.r2)
    assert sum(each.weight for each in found.drivers) == pytest.approx(found.r2)


def test_parts_add_up_to_the_whole(rows_of: Callable[[str], Rows]) -> None:
    names = ["Product.Tastiness", "Salesman.Smileyness"]
    table = complete(rows_of("rpkg_nps_testdata"), ["REC", *names])
    whole = drivers.find(names, [drivers.moments_of(table)])
    parts = drivers.find(names, [drivers.moments_of(part) for part in np.array_split(table, 40)])
    assert whole is not None
    assert parts is not None
    for one, other in zip(whole.drivers, parts.drivers, strict=True):
        assert one.lmg == pytest.approx(other.lmg, abs=1e-10)
        assert other.low is not None
        assert other.high is not None
        assert other.low < other.lmg < other.high


def test_the_limits_hold_the_truth_in_about_95_of_100_worlds() -> None:
    """Three ratings that hang together, 400 answers cut into 20 parts, 400 seeded worlds."""
    chance = np.random.default_rng(5)
    mixing = np.linalg.cholesky(np.array([[1, 0.5, 0.2], [0.5, 1, 0.3], [0.2, 0.3, 1.0]]))
    slopes = np.array([0.6, 0.3, 0.1])

    def answers(n: int) -> drivers.Real:
        ratings = chance.normal(size=(n, 3)) @ mixing.T
        score = ratings @ slopes + chance.normal(size=n)
        return np.column_stack([score, ratings])

    large = drivers.find(["a", "b", "c"], [drivers.moments_of(answers(2_000_000))])
    assert large is not None
    truth = {each.name: each.lmg for each in large.drivers}
    held = 0
    for _ in range(400):
        parts = [drivers.moments_of(part) for part in np.array_split(answers(400), 20)]
        found = drivers.find(["a", "b", "c"], parts)
        assert found is not None
        held += sum((e.low or 0) <= truth[e.name] <= (e.high or 1) for e in found.drivers)
    assert 0.92 <= held / 1200 <= 0.985


def test_a_rating_that_repeats_another_is_named() -> None:
    chance = np.random.default_rng(1)
    table = chance.normal(size=(50, 3))
    table[:, 2] = 2 * table[:, 1] + 1
    with pytest.raises(Inseparable, match="copy says exactly what the ratings before it say"):
        drivers.find(["first", "copy"], [drivers.moments_of(table)])


def test_a_rating_on_which_all_agree_is_named() -> None:
    table = np.random.default_rng(1).normal(size=(50, 3))
    table[:, 1] = 4
    with pytest.raises(Inseparable, match="Everybody gave the same answer for price"):
        drivers.find(["price", "other"], [drivers.moments_of(table)])


def test_hardly_more_answers_than_ratings_say_nothing() -> None:
    table = np.random.default_rng(1).normal(size=(4, 3))
    assert drivers.find(["a", "b"], [drivers.moments_of(table)]) is None


def test_too_many_ratings_are_refused() -> None:
    with pytest.raises(ValueError, match="not 15"):
        drivers.find(list("abcdefghijklmno"), [Moments(1, np.zeros(16), np.zeros((16, 16)))])
