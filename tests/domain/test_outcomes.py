"""Whether the score has anything to do with who leaves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import nps, outcomes
from afterscore.domain.outcomes import Relation

HISTOGRAM = st.tuples(*[st.integers(0, 60)] * 11)


@given(HISTOGRAM, HISTOGRAM)
def test_turned_round_the_relation_is_the_other_one(left, stayed) -> None:
    there, back = outcomes.leaving(left, stayed), outcomes.leaving(stayed, left)
    opposite = {
        Relation.LOWER_LEAVE: Relation.HIGHER_LEAVE,
        Relation.HIGHER_LEAVE: Relation.LOWER_LEAVE,
    }
    if there.auc is None or back.auc is None:
        assert there.relation is back.relation is Relation.NOT_ENOUGH
        return
    assert there.auc + back.auc == pytest.approx(1)
    # Hanley and McNeil's variance is not quite the same from both sides.
    if abs(there.auc - 0.5) > 0.2 and min(sum(left), sum(stayed)) > 100:
        assert back.relation is opposite.get(there.relation, there.relation)


@given(HISTOGRAM, HISTOGRAM)
def test_nothing_is_claimed_that_the_limits_do_not_bear(left, stayed) -> None:
    found = outcomes.leaving(left, stayed)
    if found.low is None or found.high is None or found.auc is None:
        assert min(sum(left), sum(stayed)) < outcomes.FEWEST
        assert found.sentence.startswith("Too few to tell")
        return
    assert 0 <= found.low <= found.auc <= found.high <= 1
    assert (found.relation is Relation.NONE) == (found.low <= 0.5 <= found.high)
    if found.relation is Relation.NONE:
        assert found.sentence.startswith("No relation found")
    else:
        assert found.sentence.endswith("does not make one the cause of the other.")


@given(HISTOGRAM, HISTOGRAM)
def test_the_rates_count_everybody_once(left, stayed) -> None:
    found = outcomes.leaving(left, stayed)
    assert sum(rate.left for rate in found.rates) == sum(left)
    assert sum(rate.n for rate in found.rates) == sum(left) + sum(stayed)


def share_of_worlds_with_a_relation(slope: float, *, worlds: int) -> float:
    lots = np.random.default_rng(6)
    found = 0
    for _ in range(worlds):
        scores = lots.integers(0, 11, 400)
        leaves = lots.random(400) < 1 / (1 + np.exp(1.4 - slope * (scores - 5)))
        left = nps.histogram_of(scores[leaves].tolist())
        stayed = nps.histogram_of(scores[~leaves].tolist())
        found += outcomes.leaving(left, stayed).relation is not Relation.NONE
    return found / worlds


def test_where_there_is_no_relation_hardly_any_world_finds_one() -> None:
    assert share_of_worlds_with_a_relation(0.0, worlds=4000) <= 0.07


def test_a_strong_relation_is_found() -> None:
    assert share_of_worlds_with_a_relation(-0.6, worlds=400) >= 0.99
