"""What a cell means, and which scale people answered on."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import scales
from afterscore.domain.scales import Missing, Scale


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("9", 9), (" 10 ", 10), ("9.0", 9), ("8,5", 8.5), ("-3", -3), ("+7", 7), ("007", 7),
        ("10 - Extremely likely", 10), ("0 = not at all likely", 0), ("10: ja", 10),
        ("Extremely likely (10)", 10), ("Not at all likely [0]", 0), ("9/10", 9), ("9 / 10", 9),
        ("9 out of 10", 9), ("8 von 10", 8), ("8 sur 10", 8), ("Score: 7", 7), ("10 likely", 10),
        ("10 – très probable", 10), ("3) unlikely", 3),
        ("10 (Extremely likely)", 10), ("Extremely likely - 10", 10), ("Unlikely – 0", 0),
        ("(7) Neutral", 7), ("5, neither", 5),
    ],
)  # fmt: skip
def test_labels_and_all(cell: str, number: float) -> None:
    assert scales.number_in(cell) == number


@pytest.mark.parametrize("cell", ["", "  ", "N/A", "n/a", "-", "NULL", "nan", "?", "k.A."])
def test_nothing_is_there(cell: str) -> None:
    assert scales.number_in(cell) is Missing.BLANK


@pytest.mark.parametrize(
    "cell",
    [
        "great",
        "nine",
        "9 or 10",
        "7-8",
        "1e1",
        "2026-05-04",
        "10 5",
        "٩x٩",
        "1.2.3",
        "9%%",
        "a-10",
        "Q3 - 10",
        "10 (9)",
    ],
)
def test_what_is_no_number_is_not_guessed_at(cell: str) -> None:
    assert scales.number_in(cell) is Missing.NOT_A_NUMBER


@pytest.mark.parametrize(
    ("number", "scale", "score"),
    [
        (0, Scale.ZERO_TO_TEN, 0), (10, Scale.ZERO_TO_TEN, 10), (1, Scale.ONE_TO_TEN, 1),
        (8.5, Scale.ZERO_TO_TEN, Missing.FRACTION), (11, Scale.ZERO_TO_TEN, Missing.OUT_OF_RANGE),
        (-1, Scale.ZERO_TO_TEN, Missing.OUT_OF_RANGE), (0, Scale.ONE_TO_TEN, Missing.OUT_OF_RANGE),
        (5, Scale.ONE_TO_FIVE, 10), (4, Scale.ONE_TO_FIVE, 8), (3, Scale.ONE_TO_FIVE, 5),
        (6, Scale.ONE_TO_FIVE, Missing.OUT_OF_RANGE),
    ],
)  # fmt: skip
def test_a_number_is_a_score_or_there_is_a_reason(number, scale, score) -> None:
    assert scales.score_of(number, scale) == score


def test_seven_steps_never_make_a_net_promoter_score() -> None:
    with pytest.raises(ValueError, match="1 to 7"):
        scales.score_of(4, Scale.ONE_TO_SEVEN)


def even(low: int, high: int, each: int = 50) -> Counter[float]:
    return Counter({float(n): each for n in range(low, high + 1)})


@pytest.mark.parametrize(
    ("numbers", "scale", "is_sure"),
    [
        (even(0, 10), Scale.ZERO_TO_TEN, True),
        (even(1, 10), Scale.ONE_TO_TEN, False),
        (even(1, 10, each=7), Scale.ONE_TO_TEN, False),
        (even(1, 10, each=6), Scale.ZERO_TO_TEN, False),
        (even(2, 10, each=500), Scale.ZERO_TO_TEN, False),
        (even(2, 10, each=500) + Counter({1.0: 6}), Scale.ZERO_TO_TEN, False),
        (even(1, 5), Scale.ONE_TO_FIVE, False),
        (even(1, 7), Scale.ONE_TO_SEVEN, False),
        (even(0, 5), Scale.ZERO_TO_TEN, False),
        (even(0, 10) + Counter({99.0: 1}), Scale.ZERO_TO_TEN, True),
        (even(0, 10) + Counter({7.5: 3}), Scale.ZERO_TO_TEN, True),
        (even(0, 100), None, False),
        (even(1, 10, each=1), None, False),
    ],
)
def test_the_scale_is_guessed_and_named(numbers, scale, is_sure: bool) -> None:
    found = scales.guess(numbers)
    assert (found.scale, found.is_sure) == (scale, is_sure)
    assert found.why


NUMBERS = st.one_of(st.integers(-2, 14).map(float), st.floats(-200, 200))


@given(st.dictionaries(NUMBERS, st.integers(0, 500), max_size=30))
def test_whatever_stands_there_a_guess_holds_nearly_all_of_it(numbers) -> None:
    found = scales.guess(numbers)
    if found.scale is not None:
        whole = {n: c for n, c in numbers.items() if n == int(n)}
        inside = sum(c for n, c in whole.items() if found.scale.lowest <= n <= found.scale.highest)
        assert inside >= 0.99 * sum(whole.values())


def test_a_scale_that_changes_in_the_middle_of_a_series_is_noticed() -> None:
    series = [("March", even(1, 5)), ("April", even(1, 5)), ("May", even(0, 10))]
    (found,) = scales.breaks(series)
    assert found == scales.Break("May", Scale.ONE_TO_FIVE, Scale.ZERO_TO_TEN)


def test_a_month_without_a_zero_is_no_change_of_scale() -> None:
    assert scales.breaks([(1, even(0, 10)), (2, even(1, 10)), (3, even(0, 10))]) == []


def test_a_month_with_few_answers_says_nothing() -> None:
    few: Counter[float] = Counter({3.0: 4, 5.0: 2})
    assert scales.breaks([(1, even(0, 10)), (2, few), (3, even(0, 10))]) == []


@given(st.lists(st.sampled_from(["9", "", "x", "7.5", "10 - yes", "n/a"]), max_size=60))
def test_every_cell_is_counted_once(cells: list[str]) -> None:
    numbers, missing = scales.count(cells)
    assert sum(numbers.values()) + sum(missing.values()) == len(cells)
