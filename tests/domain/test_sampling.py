from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from afterscore.domain import fatigue, sampling
from afterscore.domain.sampling import NOT_PLACED, Drawn, Spread

STRATA = st.lists(st.integers(0, 60), min_size=1, max_size=6)


def cut_into_days(people: int, per_day: int) -> list[int]:
    full, rest = divmod(people, per_day)
    return [per_day] * full + ([rest] if rest else [])


def drawn(strata: list[int], *, seed: int, accounts: list[int] | None = None) -> Drawn:
    """People numbered from 0, stratum by stratum."""
    kinds = np.repeat(np.arange(len(strata)), strata)
    lots = np.array([sampling.lot(seed, person) for person in range(sum(strata))])
    owners = np.array(accounts or [0] * sum(strata), np.int64)
    return Drawn(lots=lots, strata=kinds, accounts=owners)


def test_a_lot_is_the_same_every_time_and_another_for_every_person_and_seed():
    assert sampling.lot(7, 1) == sampling.lot(7, 1)
    assert len({sampling.lot(7, 1), sampling.lot(7, 2), sampling.lot(8, 1)}) == 3


def test_the_day_has_another_lot_than_the_turn_within_an_account():
    """Else an account's first, who have small lots, would all be asked on the first days."""
    turns = [fatigue.lot(3, person) for person in range(2_000)]
    days = [sampling.lot(3, person) for person in range(2_000)]
    assert stats.spearmanr(turns, days).pvalue > 0.001


def test_lots_are_spread_evenly():
    lots = [sampling.lot(3, person) for person in range(4_000)]
    assert all(0 <= lot < 1 for lot in lots)
    assert stats.kstest(lots, "uniform").pvalue > 0.001


@given(STRATA, st.integers(1, 40), st.integers(0, 2**62))
def test_every_day_holds_each_stratum_within_one_of_its_share(strata, per_day, seed):
    days = cut_into_days(sum(strata), per_day)
    table = sampling.share_out(strata, days, seed=seed)
    assert table.sum(axis=0).tolist() == days
    assert table.sum(axis=1).tolist() == strata
    exact = np.outer(strata, days) / max(sum(strata), 1)
    assert (np.abs(table - exact) < 1).all()


def test_rounding_favours_no_day_and_no_stratum():
    strata, days = [5, 3, 2], [3, 3, 3, 1]
    draws = 4_000
    total = sum(sampling.share_out(strata, days, seed=seed) for seed in range(draws))
    exact = np.outer(strata, days) / 10
    # Each cell is rounded up in its fraction of the draws; five standard errors either way.
    allowed = 5 * np.sqrt(0.25 / draws)
    assert (np.abs(np.asarray(total) / draws - exact) < allowed).all()


def test_what_does_not_add_up_is_refused():
    with pytest.raises(ValueError, match="10 people cannot fill days of 9"):
        sampling.share_out([4, 6], [9], seed=1)


@given(STRATA, st.integers(1, 40), st.integers(0, 2**62))
def test_everybody_gets_exactly_one_day(strata, per_day, seed):
    days = cut_into_days(sum(strata), per_day)
    found = sampling.place(drawn(strata, seed=seed), days, range(len(days)), seed=seed)
    assert Counter(found.tolist()) == Counter({day: size for day, size in enumerate(days) if size})


def test_the_same_seed_gives_the_same_days_and_another_seed_others():
    strata, days = [40, 25, 35], [10] * 10
    first, again, other = (
        sampling.place(drawn(strata, seed=seed), days, range(10), seed=seed).tolist()
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_each_person_is_as_likely_on_every_day():
    strata, days = [7, 3], [4, 4, 2]
    seeds = 3_000
    counts = np.zeros((10, 3))
    for seed in range(seeds):
        found = sampling.place(drawn(strata, seed=seed), days, range(3), seed=seed)
        counts[np.arange(10), found] += 1
    expected = np.tile(np.array(days) / 10 * seeds, (10, 1))
    statistic = ((counts - expected) ** 2 / expected).sum()
    assert stats.chi2.sf(statistic, df=10 * 2) > 0.001


def test_a_trait_that_no_stratum_knows_is_drawn_as_from_an_urn():
    """Half the people share it: a day of 10 of 40 holds it as the hypergeometric law says."""
    seeds = 2_000
    seen: Counter[int] = Counter()
    for seed in range(seeds):
        found = sampling.place(drawn([40], seed=seed), [10] * 4, range(4), seed=seed)
        seen[int((found[::2] == 1).sum())] += 1
    law = stats.hypergeom(40, 20, 10)
    inner = range(2, 9)
    observed = [seen[k] for k in inner]
    expected = np.array([law.pmf(k) for k in inner])
    expected *= sum(observed) / expected.sum()
    assert stats.chisquare(observed, expected).pvalue > 0.001


ACCOUNTS = st.lists(st.integers(0, 5), min_size=1, max_size=40)


@given(ACCOUNTS, st.integers(1, 6), st.integers(1, 9), st.integers(0, 2**62))
def test_days_lie_between_two_people_of_one_account(accounts, per_day, spread, seed):
    people = drawn([len(accounts)], seed=seed, accounts=accounts)
    days = cut_into_days(len(accounts), per_day)
    ordinals = range(0, 800, 1)
    found = sampling.place(people, days, ordinals, spread=Spread(days=spread), seed=seed)
    assert NOT_PLACED not in found
    for account in set(accounts) - {0}:
        theirs = sorted(day for day, other in zip(found, accounts, strict=True) if other == account)
        assert all(b - a >= spread for a, b in pairwise(theirs))
    assert max(Counter(found.tolist()).values()) <= per_day


def test_people_without_an_account_are_not_spread():
    people = drawn([6], seed=1, accounts=[0] * 6)
    found = sampling.place(people, [6], range(100), spread=Spread(days=7), seed=1)
    assert found.tolist() == [0] * 6


def test_an_account_that_was_asked_lately_waits_until_it_is_free():
    people = drawn([2], seed=1, accounts=[4, 5])
    spread = Spread(days=7, free_from={4: 103})
    found = sampling.place(people, [2], range(100, 130), spread=spread, seed=1)
    assert found.tolist() == [3, 0]


def test_whoever_finds_no_day_is_named_and_not_dropped():
    people = drawn([3], seed=1, accounts=[9, 9, 9])
    found = sampling.place(people, [3], range(5), spread=Spread(days=4), seed=1)
    assert sorted(found.tolist()) == [NOT_PLACED, 0, 4]
