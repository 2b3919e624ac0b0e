"""Weights that bring the answers to the known population."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afterscore.domain import intervals, weighting
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
    found = weighting.weighted_score(tallies, raked)
    assert found is not None
    assert found.score == pytest.approx(0)
    assert found.n == 100
    assert found.low < 0 < found.high


@given(st.lists(st.builds(Tally, *[st.integers(0, 60)] * 3), min_size=6, max_size=6))
def test_equal_weights_change_no_score(tallies: list[Tally]) -> None:
    alike = weighting.Raked(dict.fromkeys(CELLS, 1.0), (), (), is_settled=True)
    found = weighting.weighted_score(dict(zip(CELLS, tallies, strict=True)), alike)
    total = Tally(
        *(sum(getattr(t, g) for t in tallies) for g in ("detractors", "passives", "promoters"))
    )
    if found is None:
        assert total.n == 0
    else:
        assert found.score == pytest.approx(total.score)
        assert 0 < found.effective_n <= total.n + 1e-9
        assert -100 <= found.low <= found.score <= found.high <= 100


@given(st.builds(Tally, *[st.integers(0, 60)] * 3))
def test_without_any_segment_the_limits_are_the_plain_ones(tally: Tally) -> None:
    alike = weighting.Raked({("all",): 1.0}, (), (), is_settled=True)
    found = weighting.weighted_score({("all",): tally}, alike)
    plain = intervals.adjusted_wald(tally)
    if found is None or plain is None:
        assert tally.n == 0
        return
    assert found.effective_n <= tally.n
    assert found.high - found.low >= min(plain.high, 100) - max(plain.low, -100) - 1e-9


def drawn_world(rng: np.random.Generator, n: int) -> tuple[float, dict[weighting.Cell, Tally]]:
    """Large customers are happier and answer three times as often; the true score of all."""
    sizes = np.array([300, 200, 150, 100, 150, 100])
    shares = np.array(
        [(0.35, 0.3), (0.27, 0.3), (0.4, 0.3), (0.1, 0.25), (0.05, 0.25), (0.15, 0.25)]
    )
    full = np.column_stack([shares, 1 - shares.sum(axis=1)])
    answering = sizes * np.array([1, 1, 1, 3, 3, 3])
    counts = rng.multinomial(n, answering / answering.sum())
    tallies = {
        cell: Tally(*map(int, rng.multinomial(count, share)))
        for cell, count, share in zip(CELLS, counts, full, strict=True)
    }
    return 100 * float(sizes @ (full[:, 2] - full[:, 0])) / sizes.sum(), tallies


@pytest.mark.parametrize("n", [40, 200])
def test_the_limits_hold_the_score_of_everybody_in_a_thousand_seeded_worlds(n: int) -> None:
    rng = np.random.default_rng(20261126 + n)
    held = plain = 0
    for _ in range(1000):
        truth, tallies = drawn_world(rng, n)
        answers = {cell: tally.n for cell, tally in tallies.items()}
        raked = weighting.rake(
            answers, [{"small": 650, "large": 350}, {"east": 400, "north": 350, "west": 250}]
        )
        found = weighting.weighted_score(tallies, raked)
        assert found is not None
        held += found.low <= truth <= found.high
        whole = intervals.score_interval(
            Tally(
                sum(t.detractors for t in tallies.values()),
                sum(t.passives for t in tallies.values()),
                sum(t.promoters for t in tallies.values()),
            )
        )
        assert whole is not None
        plain += whole.low <= truth <= whole.high
    assert held >= 930
    assert plain < 900  # which is why there are weights at all


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
