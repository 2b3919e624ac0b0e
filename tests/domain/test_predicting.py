"""Whether the score predicts who stays, and what is said of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from afterscore.domain import predicting
from afterscore.domain.outcomes import Relation
from afterscore.domain.returns import Renewals


def ended(score: int, *, stayed: int, left: int) -> Renewals:
    return Renewals(score, False, stayed, left, Decimal(0), 0)


def test_few_contracts_tell_nothing_and_say_what_to_record() -> None:
    found = predicting.judge([ended(3, stayed=30, left=9)])
    assert (found.verdict, found.slope) == ("cannot tell yet", None)
    assert "9 left and 30 stayed. It takes 10 of each" in found.sentence
    assert "Record what became of contracts" in found.advice
    assert "has come to an end yet" in predicting.judge([]).sentence


def test_where_the_unhappy_leave_it_says_how_strong_a_sign_that_is() -> None:
    """Of 40 at 3 half left, of 40 at 9 a tenth: 20 x 36 pairs are won and 20 x 20 + 4 x 36 tied."""
    found = predicting.judge([ended(3, stayed=20, left=20), ended(9, stayed=36, left=4)])
    assert found.leaving.relation is Relation.LOWER_LEAVE
    assert found.leaving.auc == pytest.approx((720 + 272) / (24 * 56))
    assert "In 74 of 100 pairs" in found.sentence
    assert "a clear sign" in found.sentence
    assert found.slope is not None
    # Two values: the slope joins them, ln(9) over six points.
    assert found.slope.odds == pytest.approx(9 ** (1 / 6), rel=1e-6)


def test_where_both_leave_alike_nothing_is_found_and_nothing_is_promised() -> None:
    found = predicting.judge([ended(3, stayed=40, left=10), ended(9, stayed=40, left=10)])
    assert found.verdict == "nothing found"
    assert "a coin gives 50" in found.sentence
    assert "do not promise" in found.advice


def test_where_only_the_odds_show_a_relation_it_is_a_hint_and_no_more() -> None:
    """The pairs leave it open, so that nobody reads "nothing" beside odds that say otherwise."""
    found = predicting.judge(
        [ended(1, stayed=3, left=2), ended(6, stayed=88, left=7), ended(9, stayed=110, left=6)]
    )
    assert found.leaving.relation is Relation.NONE
    assert found.slope is not None
    assert found.slope.low > 1
    assert found.verdict == "a hint at most"
    assert "until both do" in found.advice
