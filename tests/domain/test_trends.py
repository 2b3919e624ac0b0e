from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import trends
from afterscore.domain.compare import Change
from afterscore.domain.nps import Tally
from afterscore.domain.trends import Period

counts = st.integers(min_value=0, max_value=2000)
tallies = st.builds(Tally, counts, counts, counts)


def test_a_period_ends_after_it_starts():
    period = Period(date(2026, 1, 1), date(2026, 2, 1), Tally(1, 2, 3))
    assert period.tally.n == 6
    with pytest.raises(ValueError, match="after it starts"):
        Period(date(2026, 1, 1), date(2026, 1, 1), Tally(1, 2, 3))


def test_months_are_listed_with_both_ends():
    assert trends.months_between(date(2026, 1, 15), date(2026, 3, 1)) == [
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]


@pytest.mark.parametrize(
    ("previous", "current", "kind", "sentence"),
    [
        (
            Tally(200, 300, 400),
            Tally(8, 12, 18),
            Change.NOT_ENOUGH,
            "Can't tell yet: 38 answers, we would need about 120.",
        ),
        (
            Tally(9, 32, 93),
            Tally(8, 30, 49),
            Change.NOT_ENOUGH,
            "Can't tell yet: 87 answers, we would need about 150.",
        ),
        (
            Tally(30, 30, 40),
            Tally(30, 30, 40),
            Change.NOT_ENOUGH,
            (
                "Can't tell: with 100 answers last time and 100 now, "
                "a change under 23 points does not show."
            ),
        ),
        (
            Tally(1, 0, 0),
            Tally(30, 30, 40),
            Change.NOT_ENOUGH,
            "Can't tell: only 1 answer last time, too few to compare with.",
        ),
        (
            Tally(0, 0, 0),
            Tally(30, 30, 40),
            Change.NOT_ENOUGH,
            "Nothing to compare with yet: no earlier answers.",
        ),
        (Tally(30, 30, 40), Tally(0, 0, 0), Change.NOT_ENOUGH, "No answers yet."),
        (
            Tally(150, 300, 550),
            Tally(120, 320, 560),
            Change.NOISE,
            "No real change: up 4 points, within what chance gives (−2 to +10).",
        ),
        (
            Tally(120, 320, 560),
            Tally(150, 300, 550),
            Change.NOISE,
            "No real change: down 4 points, within what chance gives (−10 to +2).",
        ),
        (
            Tally(300, 400, 300),
            Tally(300, 400, 300),
            Change.NOISE,
            "No real change: the same score, within what chance gives (−7 to +7).",
        ),
        (
            Tally(300, 400, 300),
            Tally(265, 400, 335),
            Change.RISE,
            "A real change: up 7 points (+0.2 to +13.7).",
        ),
        (
            Tally(300, 300, 400),
            Tally(150, 300, 550),
            Change.RISE,
            "A real change: up 30 points (+23 to +37).",
        ),
        (
            Tally(150, 300, 550),
            Tally(300, 300, 400),
            Change.FALL,
            "A real change: down 30 points (−37 to −23).",
        ),
        (
            Tally(15_000, 30_000, 55_000),
            Tally(15_600, 30_000, 54_400),
            Change.FALL,
            "A real change: down 1.2 points (−2 to −1).",
        ),
        (
            Tally(1_500_000, 3_000_000, 5_500_000),
            Tally(1_510_000, 3_000_000, 5_490_000),
            Change.FALL,
            "A real change: down 0.2 points (−0.3 to −0.1).",
        ),
    ],
)
def test_a_change_is_told_in_a_sentence(previous, current, kind, sentence):
    change = trends.describe_change(previous, current)
    assert (change.kind, change.sentence) == (kind, sentence)


def test_what_is_needed_comes_as_a_number_too():
    change = trends.describe_change(Tally(200, 300, 400), Tally(8, 12, 18))
    assert change.needed is not None
    # 0.611 / ((0.15 / 1.96)^2 - 0.617 / 900) - 3, rounded up.
    assert change.needed == 116
    assert change.comparison is not None


@given(tallies, tallies)
def test_every_pair_has_a_sentence_without_excitement(previous, current):
    change = trends.describe_change(previous, current)
    assert re.fullmatch(r"[A-Z][^!]*\.", change.sentence)
    assert (change.comparison is None) == (previous.n == 0 or current.n == 0)
    if change.needed is not None:
        assert change.kind is Change.NOT_ENOUGH
        assert change.needed > current.n
