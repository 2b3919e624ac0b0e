"""Weights that bring the answers to the known population."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afterscore.domain import weighting
from afterscore.domain.nps import Tally

PLANS, PLACES = ("small", "large"), ("east", "north", "west")
CELLS: list[weighting.Cell] = [(plan, place) for plan in PLANS for place in PLACES]


@given(
    st.lists(st.integers(1, 60), min_size=6, max_size=6),
    st.lists(st.integers(50, 150), min_size=5, max_size=5),
)
def test_every_margin_has_its_true_share_afterwards(counts, sizes) -> None:
    answers = dict(zip(CELLS, counts, strict=True))
    population = [
        dict(zip(PLANS, sizes[:2], strict=True)),
        dict(zip(PLACES, sizes[2:], strict=True)),
    ]
    raked = weighting.rake(answers, population)
    assume(not raked.trimmed)
    assert raked.is_settled
    total = sum(answers.values())
    assert sum(raked.weights[c] * n for c, n in answers.items()) == pytest.approx(total)
    for margin, known in enumerate(population):
        for value, size in known.items():
            held = sum(raked.weights[c] * n for c, n in answers.items() if c[margin] == value)
            assert held / total == pytest.approx(size / sum(known.values()), abs=1e-6)


def test_by_hand_one_margin() -> None:
    """80 of 100 answers came from half of the customers: they count 5/8, the others 5/2."""
    raked = weighting.rake({("a",): 80, ("b",): 20}, [{"a": 500, "b": 500}])
    assert raked.weights == pytest.approx({("a",): 0.625, ("b",): 2.5})
    tallies: dict[weighting.Cell, Tally] = {("a",): Tally(0, 0, 80), ("b",): Tally(20, 0, 0)}
    found = weighting.weighted_score(tallies, raked.weights)
    assert found is not None
    assert found.score == pytest.approx(0)
    assert found.n == 100
    assert found.effective_n == pytest.approx(100**2 / (80 * 0.625**2 + 20 * 2.5**2))
    assert found.low < 0 < found.high


@given(st.lists(st.builds(Tally, *[st.integers(0, 60)] * 3), min_size=6, max_size=6))
def test_equal_weights_change_nothing(tallies: list[Tally]) -> None:
    cells = dict(zip(CELLS, tallies, strict=True))
    found = weighting.weighted_score(cells, dict.fromkeys(CELLS, 1.0))
    total = Tally(
        *(sum(getattr(t, g) for t in tallies) for g in ("detractors", "passives", "promoters"))
    )
    if found is None:
        assert total.n == 0
    else:
        assert found.score == pytest.approx(total.score)
        assert found.effective_n == pytest.approx(total.n)
        assert -100 <= found.low <= found.high <= 100


def test_whom_nobody_answered_for_is_named() -> None:
    raked = weighting.rake({("a", "x"): 10, ("b", "x"): 5}, [{"a": 1, "b": 1}, {"x": 5, "y": 5}])
    assert raked.missing == ((1, "y"),)


def test_nobody_stands_for_more_than_five() -> None:
    raked = weighting.rake({("a",): 99, ("b",): 1}, [{"a": 10, "b": 90}])
    assert raked.trimmed == (("b",),)
    assert raked.weights[("b",)] / raked.weights[("a",)] < 90
    assert 99 * raked.weights[("a",)] + raked.weights[("b",)] == pytest.approx(100)


def test_an_answer_from_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="'c' answered but is not in the population"):
        weighting.rake({("c",): 1}, [{"a": 1}])
    with pytest.raises(ValueError, match="nobody answered"):
        weighting.rake({}, [{"a": 1}])
