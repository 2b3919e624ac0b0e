"""Whose score it is: of answers, of accounts, by revenue, by persona."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import intervals, voices
from afterscore.domain.alike import Sums
from afterscore.domain.nps import Tally

TALLY = st.builds(Tally, *[st.integers(0, 9)] * 3)
ACCOUNTS = st.lists(TALLY, max_size=60)


def whole_of(accounts: list[Tally]) -> Tally:
    return Tally(
        sum(each.detractors for each in accounts),
        sum(each.passives for each in accounts),
        sum(each.promoters for each in accounts),
    )


@given(ACCOUNTS)
def test_the_score_of_answers_is_the_plain_score_with_limits_that_are_no_narrower(accounts) -> None:
    found, whole = voices.by_answers(accounts), whole_of(accounts)
    plain = intervals.adjusted_wald(whole)
    if found is None or plain is None:
        assert whole.n == 0
        return
    assert found.score == pytest.approx(whole.score)
    assert found.effective_n <= whole.n
    if found.low is not None and found.high is not None:
        assert found.low <= found.score + 1e-9
        assert found.score <= found.high + 1e-9
        inside = min(100.0, plain.high) - max(-100.0, plain.low)
        assert found.high - found.low >= inside - 1e-6 or abs(found.low) == 100


@given(ACCOUNTS, ACCOUNTS)
def test_sums_of_parts_can_be_added_up_by_a_query(one, two) -> None:
    parts = [voices.sums_of(one), voices.sums_of(two)]
    names = [field.name for field in fields(Sums) if field.name != "largest"]
    added = Sums(
        **{name: sum(getattr(part, name) for part in parts) for name in names},
        largest=max(part.largest for part in parts),
    )
    assert voices.from_sums(added) == voices.by_answers([*one, *two])


def test_the_design_effect_by_hand() -> None:
    """Ten accounts of two that agree: twenty answers are worth ten, less Student's part."""
    accounts = [Tally(0, 0, 2), Tally(2, 0, 0)] * 5
    found = voices.by_answers(accounts)
    assert found is not None
    student = 2.262157 / 1.959964  # nine degrees of freedom
    assert found.effective_n == pytest.approx(9 / student**2, rel=1e-5)


@given(ACCOUNTS)
def test_a_difference_of_the_same_answers_is_none(accounts) -> None:
    found = voices.difference(accounts, accounts)
    if found is None:
        assert sum(1 for each in accounts if each.n) < voices.FEWEST_ACCOUNTS
        return
    assert (found.difference, found.low, found.high) == pytest.approx((0, 0, 0), abs=1e-9)


def test_both_sides_of_a_difference_list_the_same_accounts() -> None:
    with pytest.raises(ValueError, match="list the same accounts"):
        voices.difference([Tally(1, 0, 0)], [])


@given(st.lists(st.sampled_from([Tally(1, 0, 0), Tally(0, 1, 0), Tally(0, 0, 1)]), min_size=10))
def test_where_each_account_has_one_answer_all_scores_are_the_same(accounts) -> None:
    one, two = voices.by_answers(accounts), voices.by_accounts(accounts)
    three = voices.by_revenue([(tally, 500.0) for tally in accounts])
    assert one is not None
    assert two is not None
    assert three is not None
    assert (one.score, one.low, one.high) == pytest.approx((two.score, two.low, two.high))
    assert (three.score, three.low, three.high) == pytest.approx((two.score, two.low, two.high))


def test_one_company_with_forty_happy_users_has_one_voice() -> None:
    accounts = [Tally(0, 0, 40), *[Tally(1, 0, 0)] * 10, *[Tally(0, 1, 0)] * 9]
    answers, each = voices.by_answers(accounts), voices.by_accounts(accounts)
    assert answers is not None
    assert each is not None
    assert answers.score == pytest.approx(100 * 30 / 59)
    assert each.score == pytest.approx(-45)
    assert answers.hangs_on_one
    assert not each.hangs_on_one
    assert answers.effective_n < 10


def test_by_revenue_who_pays_counts() -> None:
    accounts = [(Tally(0, 0, 1), 9000.0), *[(Tally(1, 0, 0), 100.0)] * 10, (Tally(0, 5, 0), 0.0)]
    found = voices.by_revenue(accounts)
    assert found is not None
    assert found.score == pytest.approx(80)
    assert found.accounts == 11
    assert found.largest == pytest.approx(0.9)
    assert voices.by_revenue([(Tally(0, 0, 1), 0.0)]) is None


def test_between_few_accounts_nobody_can_tell_how_they_differ() -> None:
    found = voices.by_answers([Tally(0, 0, 50)] * 9)
    assert found is not None
    assert (found.low, found.high) == (None, None)
    assert voices.gap([Tally(0, 0, 50)] * 9) is None


def drawn(rng: np.random.Generator, accounts: int) -> list[Tally]:
    """Larger accounts are happier, and people of one account are alike."""
    sizes = rng.integers(1, 9, accounts)
    leaning = rng.normal(0.4, 1.2, accounts) + 0.08 * sizes
    made = []
    for size, mood in zip(sizes, leaning, strict=True):
        moods = mood + rng.normal(0, 1, size)
        down, up = int((moods < 0).sum()), int((moods > 1).sum())
        made.append(Tally(down, int(size) - down - up, up))
    return made


def test_the_limits_hold_in_a_thousand_seeded_worlds_where_the_plain_ones_do_not() -> None:
    rng = np.random.default_rng(7)
    many = drawn(rng, 100_000)
    true_answers, true_accounts = voices.by_answers(many), voices.by_accounts(many)
    true_gap = voices.gap(many)
    assert true_answers is not None
    assert true_accounts is not None
    assert true_gap is not None
    held = dict.fromkeys(["answers", "accounts", "plain", "gap"], 0)
    for _ in range(1000):
        accounts = drawn(rng, 40)
        answers, each = voices.by_answers(accounts), voices.by_accounts(accounts)
        plain, apart = intervals.score_interval(whole_of(accounts)), voices.gap(accounts)
        assert answers is not None
        assert answers.low is not None
        assert answers.high is not None
        assert each is not None
        assert each.low is not None
        assert each.high is not None
        assert plain is not None
        assert apart is not None
        held["answers"] += answers.low <= true_answers.score <= answers.high
        held["accounts"] += each.low <= true_accounts.score <= each.high
        held["plain"] += plain.low <= true_answers.score <= plain.high
        held["gap"] += apart.low <= true_gap.difference <= apart.high
    assert 930 <= held["answers"] <= 970
    assert 930 <= held["accounts"] <= 970
    assert 920 <= held["gap"] <= 970
    assert held["plain"] < 850


def test_a_gap_between_the_two_is_said_only_beyond_chance() -> None:
    happy_large = [*[Tally(0, 2, 18)] * 10, *[Tally(1, 0, 0)] * 20, *[Tally(0, 1, 0)] * 20]
    found = voices.gap(happy_large)
    assert found is not None
    assert found.sentence.startswith("Accounts with many answers are happier")
    alike = voices.gap([*[Tally(0, 0, 3)] * 20, *[Tally(3, 0, 0)] * 20])
    assert alike is not None
    assert alike.sentence == "One voice for each account gives no other score than chance explains."
    large_unhappy = [*[Tally(18, 2, 0)] * 10, *[Tally(0, 0, 1)] * 20, *[Tally(0, 1, 0)] * 20]
    other = voices.gap(large_unhappy)
    assert other is not None
    assert other.sentence.startswith("Accounts with many answers are unhappier")


PERSONAS = st.dictionaries(st.sampled_from(["user", "admin", "boss"]), TALLY)


@given(PERSONAS, st.dictionaries(st.sampled_from(["user", "admin", "boss"]), st.floats(0, 9)))
def test_a_blend_lies_between_its_groups(groups, weights) -> None:
    found = voices.by_group(groups, weights)
    heard = [groups[name] for name, w in weights.items() if w > 0 and name in groups]
    scores = [each.score for each in heard if each.score is not None]
    if found is None:
        assert scores == []
        return
    assert min(scores) - 1e-9 <= found.score <= max(scores) + 1e-9
    assert -100 <= found.low <= found.score + 1e-9
    assert found.score - 1e-9 <= found.high <= 100


def test_a_persona_that_counts_three_times_and_one_that_is_silent() -> None:
    groups = {"boss": Tally(10, 0, 10), "user": Tally(0, 0, 100)}
    found = voices.by_group(groups, {"boss": 3, "user": 1, "admin": 2})
    assert found is not None
    assert found.score == pytest.approx(25)
    assert found.silent == ("admin",)
    assert found.answers == 120
    with pytest.raises(ValueError, match="cannot be negative"):
        voices.by_group(groups, {"boss": -1})


def test_a_single_group_has_its_own_interval() -> None:
    tally = Tally(5, 20, 30)
    plain = intervals.score_interval(tally)
    found = voices.by_group({"user": tally}, {"user": 7})
    assert found is not None
    assert plain is not None
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))
