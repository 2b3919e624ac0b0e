from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import second_reminders
from afterscore.domain.effects import Effect
from afterscore.domain.health import Rate
from afterscore.domain.second_reminders import Evidence, Locked, Participation, Unlocked

GOOD = Evidence(
    first=Effect.WORKED,
    unsubscribes=Rate(3, 400),
    bounces=Rate(4, 400),
    peers=Participation(40, 31),
)


def test_with_evidence_healthy_rates_and_peers_taking_part_it_unlocks():
    decision = second_reminders.decide(GOOD, opted_in=False)

    assert isinstance(decision, Unlocked)
    assert "31 of 40 companies" in decision.why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"first": Effect.NOT_ENOUGH}, "has not shown that it works"),
        ({"first": Effect.DID_NOT}, "brings no answers worth a mail"),
        ({"unsubscribes": Rate(5, 400)}, "Too many unsubscribed after the first reminder: 5 of"),
        ({"bounces": Rate(9, 400)}, "Too many first reminders came back: 9 of 400"),
        ({"peers": Participation(9, 9)}, "Too few companies like theirs were asked"),
        ({"peers": Participation(40, 20)}, "do not take part: 20 of 40"),
    ],
)
def test_each_thing_that_is_missing_locks_it_and_is_said(change: dict[str, Any], why: str):
    decision = second_reminders.decide(replace(GOOD, **change), opted_in=False)

    assert isinstance(decision, Locked)
    assert len(decision.reasons) == 1
    assert why in decision.why


def test_every_reason_is_said_at_once():
    poor = Evidence(
        first=Effect.NOT_ENOUGH,
        unsubscribes=Rate(40, 400),
        bounces=Rate(40, 400),
        peers=Participation(40, 2),
    )
    decision = second_reminders.decide(poor, opted_in=False)
    assert isinstance(decision, Locked)
    assert len(decision.reasons) == 4


def test_who_opted_in_needs_no_evidence():
    nothing_known = Evidence(
        first=Effect.NOT_ENOUGH,
        unsubscribes=Rate(0, 0),
        bounces=Rate(0, 0),
        peers=Participation(0, 0),
    )
    assert isinstance(second_reminders.decide(nothing_known, opted_in=True), Unlocked)
    assert isinstance(second_reminders.decide(nothing_known, opted_in=False), Locked)


@pytest.mark.parametrize(
    ("asked", "answered", "is_majority"),
    [(10, 6, True), (10, 5, False), (9, 9, False), (40, 21, True), (41, 20, False)],
)
def test_a_majority_is_more_than_half_of_at_least_ten_companies(
    asked: int, answered: int, is_majority: bool
):
    assert Participation(asked, answered).is_majority is is_majority


def test_somebodys_own_company_is_not_among_the_others():
    assert Participation(40, 31).without(answered=False) == Participation(39, 31)
    assert Participation(40, 31).without(answered=True) == Participation(39, 30)


@given(st.integers(0, 100).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_it_never_unlocks_without_most_of_the_peers(counts: tuple[int, int]):
    asked, answered = counts
    peers = Participation(asked, answered)
    decision = second_reminders.decide(replace(GOOD, peers=peers), opted_in=False)
    assert isinstance(decision, Unlocked) is (asked >= 10 and 2 * answered > asked)
