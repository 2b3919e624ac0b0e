"""People of one account think alike: what their answers are worth."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afterscore.domain import alike, compare, intervals, nps, voices
from afterscore.domain.alike import Sums
from afterscore.domain.health import Rate
from afterscore.domain.nps import Tally

TALLY = st.builds(Tally, *[st.integers(0, 9)] * 3)
ACCOUNTS = st.lists(TALLY, max_size=60)
SINGLE = st.sampled_from([Tally(1, 0, 0), Tally(0, 1, 0), Tally(0, 0, 1)])


def counted(accounts: list[Tally]) -> Tally:
    effect = alike.design_effect(voices.sums_of(accounts))
    return replace(nps.merge(accounts), design_effect=effect)


def test_by_hand() -> None:
    """Six accounts of two that agree, four happy and two not: n = 12, score 1/3, V = 8/9.

    Each account's b - s n is 4/3 or -8/3, so R = 4 x 16/9 + 2 x 64/9 = 192/9; the variance is
    6/5 x 192/9 / 144 = 8/45, that of independent answers 8/9 / 11 = 8/99: f = 2.2.
    """
    worth = alike.weigh(voices.sums_of([Tally(0, 0, 2)] * 4 + [Tally(2, 0, 0)] * 2))
    assert worth.inflation == pytest.approx(2.2)
    assert worth.freedom == pytest.approx(5)
    assert worth.shrinking == pytest.approx((2.200985 / 2.570582) ** 2, rel=1e-5)
    assert worth.kish == pytest.approx(6)
    assert worth.effective_n == pytest.approx(6)  # 12 / 2.2 x 0.733 = 4.0 would be less than six


def test_by_hand_where_people_are_only_somewhat_alike() -> None:
    """Twenty accounts of four: ten with three promoters and a detractor, ten the other way round.

    n = 80, score 0, V = 1; b is 2 or -2, so R = 80 and the variance is 20/19 x 80 / 6400, that of
    independent answers 1/79: f = 79/76.
    """
    worth = alike.weigh(voices.sums_of([Tally(1, 0, 3)] * 10 + [Tally(3, 0, 1)] * 10))
    assert worth.inflation == pytest.approx(79 / 76)
    assert worth.shrinking == pytest.approx((1.990450 / 2.093024) ** 2, rel=1e-5)
    assert worth.effective_n == pytest.approx(80 * 76 / 79 * worth.shrinking)


@given(st.lists(SINGLE, max_size=80))
def test_where_each_account_has_one_answer_the_interval_is_the_plain_one(accounts) -> None:
    found = counted(accounts)
    assert found.design_effect == 1
    assert intervals.score_interval(found) == intervals.score_interval(nps.merge(accounts))


@given(ACCOUNTS)
def test_the_interval_is_never_narrower_than_the_plain_one_nor_wider_than_one_voice_each(
    accounts,
) -> None:
    found, plain = counted(accounts), nps.merge(accounts)
    inner, outer = intervals.score_interval(plain), intervals.score_interval(found)
    if inner is None or outer is None:
        assert plain.n == 0
        return
    assert outer.low <= inner.low + 1e-9
    assert inner.high - 1e-9 <= outer.high
    sums = voices.sums_of(accounts)
    if sums.accounts > 1:
        assert sums.answers**2 / sums.squared_answers <= found.worth + 1e-9
    assert found.worth <= plain.n


@given(ACCOUNTS, ACCOUNTS)
def test_a_difference_is_never_narrower_than_the_plain_one(one, two) -> None:
    plain = compare.compare(nps.merge(one), nps.merge(two))
    robust = compare.compare(counted(one), counted(two))
    if plain is None or robust is None:
        assert plain is robust
        return
    assert robust.low <= robust.high
    assert robust.standard_error >= 0
    if all(alike.design_effect(voices.sums_of(side)) == 1 for side in (one, two)):
        assert robust == plain


@given(st.lists(TALLY, min_size=2, max_size=40), st.integers(2, 4))
def test_saying_everything_several_times_tells_nothing_more(accounts, times) -> None:
    """As if every person had answered so many times: the worth hardly grows."""
    assume(alike.weigh(voices.sums_of(accounts)).accounts > 1)
    once = alike.weigh(voices.sums_of(accounts))
    often = alike.weigh(
        voices.sums_of(
            [Tally(t.detractors * times, t.passives * times, t.promoters * times) for t in accounts]
        )
    )
    assert often.effective_n <= once.answers * times
    assert often.kish == pytest.approx(once.answers**2 / voices.sums_of(accounts).squared_answers)


@given(ACCOUNTS, ACCOUNTS)
def test_sums_of_other_accounts_can_be_added(one, two) -> None:
    assert voices.sums_of(one) + voices.sums_of(two) == voices.sums_of([*one, *two])


def test_answers_of_a_single_account_are_those_of_its_people() -> None:
    assert alike.design_effect(voices.sums_of([Tally(3, 4, 5)])) == 1


def test_where_everybody_agrees_only_the_number_of_accounts_counts() -> None:
    worth = alike.weigh(voices.sums_of([Tally(0, 0, 5)] * 8))
    assert worth.inflation == 1
    assert worth.kish == 8
    assert 8 <= worth.effective_n < 40


def sums_of(accounts: list[tuple[int, int]]) -> Sums:
    """Of accounts, each with how many of how many people it happened to."""
    happened, people = (sum(column) for column in zip(*accounts, strict=True))
    return Sums(
        answers=people,
        balance=happened,
        extremes=happened,
        squared_answers=sum(n * n for _b, n in accounts),
        squared_balances=sum(b * b for b, _n in accounts),
        products=sum(n * b for b, n in accounts),
        accounts=len(accounts),
        largest=max(n for _b, n in accounts),
    )


def rate_of(accounts: list[tuple[int, int]]) -> Rate:
    sums = sums_of(accounts)
    return Rate(sums.balance, sums.answers, alike.design_effect(sums))


SHARES = st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SHARED = st.lists(SHARES, min_size=1, max_size=40)


def test_a_rate_by_hand() -> None:
    """Ten accounts of four, in three of which everybody raises it: n = 40, r = 0.3, V = 0.21.

    Each account's b - r n is 2.8 or -1.2, so R = 3 x 7.84 + 7 x 1.44 = 33.6; the variance is
    10/9 x 33.6 / 1600 = 7/300, that of independent people 0.21 / 39: f = 13/3. With Student's part
    (2.022691 / 2.262157)² it is worth less than the ten of whom each stands for an account.
    """
    found = rate_of([(4, 4)] * 3 + [(0, 4)] * 7)
    assert found.design_effect == pytest.approx(4)
    assert (found.low, found.high) == pytest.approx(intervals.wilson(0.3, 10))
    less = rate_of([(3, 4), (2, 4), (0, 4), (1, 4), (1, 4)] * 4)
    # b - r n with r = 0.35: 1.6, 0.6, -1.4, -0.4, -0.4; R = 4 x 5.2 = 20.8, of n = 80.
    inflation = (20 / 19 * 20.8 / 6400) / (0.35 * 0.65 / 79)
    assert less.worth == pytest.approx(80 / inflation * (1.990450 / 2.093024) ** 2, rel=1e-5)


@given(st.lists(st.sampled_from([(0, 1), (1, 1)]), min_size=1, max_size=60))
def test_where_everybody_is_of_another_account_a_rate_has_wilsons_limits(accounts) -> None:
    found = rate_of(accounts)
    assert (found.low, found.high) == intervals.wilson(found.count / found.n, found.n)


@given(SHARED)
def test_the_limits_of_a_rate_are_never_narrower_and_hold_it(accounts) -> None:
    found = rate_of(accounts)
    low, high = intervals.wilson(found.count / found.n, found.n)
    assert 0 <= found.low <= low + 1e-12
    assert high - 1e-12 <= found.high <= 1
    assert found.low <= found.count / found.n <= found.high
    if len(accounts) > 1:
        assert found.worth >= found.n**2 / sum(n * n for _b, n in accounts) - 1e-9


@given(SHARED)
def test_that_it_happened_or_not_is_worth_the_same(accounts) -> None:
    found, other = rate_of(accounts), rate_of([(n - b, n) for b, n in accounts])
    assert other.worth == pytest.approx(found.worth)


def test_in_drawn_worlds_the_limits_of_a_rate_hold_the_truth() -> None:
    """Sixty accounts of one to many people; in a third of them one of two raises it, else 5 %."""
    lots = random.Random(27)
    held = plain = 0
    for _world in range(400):
        accounts = []
        for _account in range(60):
            chance, n = lots.choice([0.5, 0.05, 0.05]), min(lots.randrange(1, 12), 9)
            accounts.append((sum(lots.random() < chance for _person in range(n)), n))
        found = rate_of(accounts)
        low, high = intervals.wilson(found.count / found.n, found.n)
        held += found.low <= 0.2 <= found.high
        plain += low <= 0.2 <= high
    assert held >= 370
    assert plain < 350


def test_people_are_never_worth_more_than_independent_ones() -> None:
    with pytest.raises(ValueError, match="never worth more"):
        Rate(1, 2, design_effect=0.9)


def test_answers_are_never_worth_more_than_independent_ones() -> None:
    with pytest.raises(ValueError, match="never worth more"):
        Tally(1, 2, 3, design_effect=0.9)
