"""What became of a message, judged from a set of reports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain.deliveries import Fate, fate, is_worn_out

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
KINDS = ("delivered", "bounced", "complained", "unsubscribed", "auto_replied")
REPORTS = st.lists(st.tuples(st.sampled_from(KINDS), st.booleans()))


def days(*numbers: float) -> list[datetime]:
    return [START + timedelta(days=number) for number in numbers]


@given(REPORTS, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(heard: list[tuple[str, bool]], chance) -> None:
    told = heard + heard[: len(heard) // 2]
    chance.shuffle(told)
    assert fate(told) == fate(heard)


@given(REPORTS, st.tuples(st.sampled_from(KINDS), st.booleans()))
def test_a_report_never_makes_it_better(heard: list[tuple[str, bool]], news) -> None:
    assert fate([*heard, news]) >= fate(heard)


def test_the_worst_that_was_heard_holds() -> None:
    assert fate([]) == Fate.UNHEARD
    assert fate([("delivered", True)]) == Fate.DELIVERED
    assert fate([("bounced", False), ("delivered", True)]) == Fate.BOUNCED_SOFT
    assert fate([("bounced", True), ("bounced", False)]) == Fate.BOUNCED_HARD
    assert fate([("complained", True), ("bounced", True)]) == Fate.COMPLAINED
    assert fate([("unsubscribed", True)]) == Fate.DELIVERED


def test_five_soft_bounces_within_thirty_days_wear_an_address_out() -> None:
    assert is_worn_out(soft_bounces=days(0, 7, 14, 21, 30), arrivals=[])
    assert not is_worn_out(soft_bounces=days(0, 7, 14, 21), arrivals=[])
    assert not is_worn_out(soft_bounces=days(0, 7, 14, 21, 30.01), arrivals=[])


def test_an_arrival_in_between_begins_the_count_anew() -> None:
    bounces = days(0, 1, 2, 3, 4)
    assert not is_worn_out(soft_bounces=bounces, arrivals=days(2.5))
    assert is_worn_out(soft_bounces=bounces, arrivals=days(-1, 5))
    assert is_worn_out(soft_bounces=[*bounces, *days(6)], arrivals=days(0.5))
