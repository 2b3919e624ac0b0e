from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from afterscore.domain import withholding
from afterscore.domain.withholding import FEWEST, Withheld

COUNTS = st.lists(st.sampled_from([0, 1, 2, 4, 6, 9, 10, 11, 15, 40]), min_size=1, max_size=7)
Table = Mapping[tuple[int, int], int]


@st.composite
def tables(draw: st.DrawFn) -> dict[tuple[int, int], int]:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    answers = st.sampled_from([0, 0, 1, 3, 5, 9, 10, 12, 30])
    places = itertools.product(range(rows), range(columns))
    return {place: draw(answers) for place in places}


def totals(table: Table, axis: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for place, answers in table.items():
        found[place[axis]] = found.get(place[axis], 0) + answers
    return found


def follows(told: list[list[int]], answers: list[int]) -> list[tuple[int, ...]]:
    """Every set of parts with few answers whose sum is a combination of what is told: such a set
    is at right angles to everything that may still vary."""
    _left, sizes, directions = np.linalg.svd(np.array(told, dtype=float))
    free = directions[int((sizes > 1e-9).sum()) :]
    sets: NDArray[np.float64] = np.array(list(itertools.product([0.0, 1.0], repeat=len(answers))))
    counts = sets @ np.array(answers)
    known = np.all(np.abs(sets @ free.T) < 1e-9, axis=1)
    few = (counts > 0) & (counts < FEWEST)
    return [tuple(np.flatnonzero(each)) for each in sets[known & few]]


def unit(place: int, length: int) -> list[int]:
    return [int(each == place) for each in range(length)]


def told_of(table: Table, found: Withheld) -> list[list[int]]:
    """As rows of coefficients: the whole, shown totals, shown cells, and cells without answers."""
    places = list(table)
    told = [[1] * len(places)]
    for axis, hidden in ((0, found.rows), (1, found.columns)):
        told += [
            [int(place[axis] == name) for place in places]
            for name in totals(table, axis)
            if name not in hidden
        ]
    told += [
        unit(index, len(places))
        for index, place in enumerate(places)
        if not table[place] or not found.hides(*place)
    ]
    return told


def protect(table: Table, **left_out: tuple[int, ...]) -> Withheld:
    return withholding.withheld_of_table(table, totals(table, 0), totals(table, 1), **left_out)


@given(COUNTS)
def test_no_small_part_follows_from_the_whole_and_the_others(answers: list[int]) -> None:
    hidden = withholding.withheld(dict(enumerate(answers)))
    length = len(answers)
    told = [[1] * length] + [unit(each, length) for each in range(length) if each not in hidden]
    if sum(answers) >= FEWEST:
        assert follows(told, answers) == []
    assert all(each in hidden for each, count in enumerate(answers) if withholding.is_few(count))


@given(tables())
@settings(max_examples=150)
def test_no_small_sum_of_a_table_follows_from_what_is_shown(
    table: dict[tuple[int, int], int],
) -> None:
    found = protect(table)
    if sum(table.values()) >= FEWEST:
        assert follows(told_of(table, found), list(table.values())) == []
    for place, answers in table.items():
        assert found.hides(*place) or not withholding.is_few(answers)


@given(tables())
@settings(max_examples=60)
def test_what_is_left_out_of_a_page_is_not_told_by_it(table: dict[tuple[int, int], int]) -> None:
    found = protect(table, left_out_rows=(0,), left_out_columns=(0,))
    if sum(table.values()) >= FEWEST:
        assert follows(told_of(table, found), list(table.values())) == []


@given(tables())
@settings(max_examples=60)
def test_where_nothing_is_small_nothing_is_withheld(table: dict[tuple[int, int], int]) -> None:
    found = protect({place: 10 * answers for place, answers in table.items()})
    assert found == Withheld(frozenset(), frozenset(), frozenset())


@pytest.mark.parametrize(
    ("answers", "hidden"),
    [
        ({"a": 9, "b": 40, "c": 12}, {"a", "c"}),
        ({"a": 9, "b": 1, "c": 12}, {"a", "b"}),
        ({"a": 4, "b": 5, "c": 12, "d": 0}, {"a", "b", "c"}),
        ({"a": 10, "b": 0, "c": 12}, set()),
        ({"a": 10, "b": 9}, {"a", "b"}),
    ],
)
def test_the_smallest_others_are_withheld(answers: dict[str, int], hidden: set[str]) -> None:
    assert withholding.withheld(answers) == hidden


def test_answers_that_no_part_shows_count_as_withheld() -> None:
    assert withholding.withheld({"a": 20, "b": 30}, unshown=3) == {"a"}
    assert withholding.withheld({"a": 20, "b": 30}, unshown=10) == frozenset()


def test_a_part_that_is_small_on_one_side_is_withheld_on_both() -> None:
    before, now = {"a": 4, "b": 20, "c": 30}, {"a": 50, "b": 20, "c": 12}
    assert withholding.withheld_together(before, now) == {"a", "b"}


def test_one_small_cell_takes_three_others_with_it() -> None:
    table = dict.fromkeys(itertools.product(range(3), range(3)), 20) | {(0, 0): 4}
    found = protect(table)
    assert (found.rows, found.columns) == (frozenset(), frozenset())
    assert len(found.cells) == 4


def test_where_cells_are_not_enough_a_total_is_withheld() -> None:
    """Twenty-five less twenty is five: without a cell in the lower left corner both totals tell."""
    found = protect({(0, 0): 20, (0, 1): 5, (1, 0): 0, (1, 1): 20})
    assert found.rows or found.columns


def test_a_large_table_is_protected_at_once() -> None:
    table = {
        (row, column): (7 * row + 11 * column) % 23
        for row, column in itertools.product(range(30), range(8))
    }
    found = protect(table)
    assert 0 < len(found.cells) < len(table)
