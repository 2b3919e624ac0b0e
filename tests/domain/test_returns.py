from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import returns
from afterscore.domain.experiments import Arm, Trial
from afterscore.domain.returns import Basis, Contrast, Finding, Renewals

arms = st.integers(0, 500).flatmap(lambda n: st.integers(0, n).map(lambda k: Arm(n, k)))


def found(*pairs: tuple[tuple[int, int], tuple[int, int]]) -> Contrast:
    """(customers, events) of those contacted and of the others, one pair for each stratum."""
    trials = [Trial(Arm(*contacted), Arm(*others)) for contacted, others in pairs]
    return returns.contrast(trials, basis=Basis.OBSERVED)


@pytest.mark.parametrize(
    ("contacted", "others", "finding"),
    [
        ((200, 184), (200, 160), Finding.MORE),
        ((200, 160), (200, 184), Finding.LESS),
        ((60, 54), (60, 52), Finding.NOT_ENOUGH),
        ((20_000, 18_000), (20_000, 18_000), Finding.SAME),
        ((500, 500), (19, 0), Finding.NOT_ENOUGH),  # too few of the others
        ((0, 0), (0, 0), Finding.NOT_ENOUGH),
    ],
)
def test_what_may_be_said(contacted: tuple[int, int], others: tuple[int, int], finding: Finding):
    assert found((contacted, others)).finding is finding


def test_who_is_contacted_does_not_pass_for_what_contact_does():
    """Unhappy customers are contacted more and leave more. Within each group contact changes
    nothing; thrown together it would seem to drive customers away."""
    unhappy = ((300, 210), (30, 21))
    happy = ((40, 38), (400, 380))

    assert found(unhappy, happy).finding is not Finding.LESS
    assert found(((340, 248), (430, 401))).finding is Finding.LESS


def test_while_it_cannot_be_told_it_says_how_many_it_takes():
    contrast = found(((60, 54), (60, 52)))

    assert contrast.needed is not None
    assert 1_000 < contrast.needed < 2_000
    assert found(((990, 900), (10, 9))).needed is None, "no number would do"


def renewals(*, contacted: int, stayed: int, revenue: int, minutes: int = 0) -> list[Renewals]:
    gone = contacted - stayed
    return [
        Renewals(4, True, stayed, gone, Decimal(revenue), minutes),
        Renewals(4, False, 160, 40, Decimal(10_000), 0),
    ]


def test_kept_revenue_is_the_difference_times_what_was_at_stake():
    rows = renewals(contacted=200, stayed=184, revenue=100_000, minutes=400)
    contrast = found(((200, 184), (200, 160)))
    amount = returns.kept_revenue(rows, contrast)

    assert amount is not None
    assert float(amount.kept) == pytest.approx(12_000)
    assert 0 < amount.low < amount.kept < amount.high
    each = amount.per_minute(amount.kept)
    assert each is not None
    assert float(each) == pytest.approx(30)


def test_without_a_finding_or_revenue_there_is_no_amount():
    rows = renewals(contacted=200, stayed=184, revenue=0)
    assert returns.kept_revenue(rows, found(((200, 184), (200, 160)))) is None
    rows = renewals(contacted=30, stayed=25, revenue=100_000)
    assert returns.kept_revenue(rows, found(((30, 25), (200, 160)))) is None


def test_without_minutes_nothing_is_said_of_each():
    rows = renewals(contacted=200, stayed=184, revenue=100_000)
    amount = returns.kept_revenue(rows, found(((200, 184), (200, 160))))

    assert amount is not None
    assert amount.per_minute(amount.kept) is None


@given(st.lists(st.tuples(arms, arms), max_size=5))
def test_swapping_the_arms_swaps_the_finding(pairs: list[tuple[Arm, Arm]]):
    first = returns.contrast([Trial(a, b) for a, b in pairs], basis=Basis.OBSERVED)
    other = returns.contrast([Trial(b, a) for a, b in pairs], basis=Basis.OBSERVED)

    swapped = {Finding.MORE: Finding.LESS, Finding.LESS: Finding.MORE}
    assert other.finding is swapped.get(first.finding, first.finding)
    assert first.customers == other.customers
