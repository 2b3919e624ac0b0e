from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import calendars, casework
from afterscore.domain.casework import (
    Action,
    NotAllowed,
    NotClosedReason,
    Outcome,
    OutcomeNeeded,
    PriorityPolicy,
    State,
)
from afterscore.domain.nps import Group

# Rows: the state before; columns: start, reply, wait, customer_replied, resolve, close, reopen.
# A dash is a refusal.
TABLE = """
new          in_progress  in_progress  waiting  new          resolved  closed  -
in_progress  -            in_progress  waiting  in_progress  resolved  closed  -
waiting      in_progress  waiting      -        in_progress  resolved  closed  -
reopened     in_progress  in_progress  waiting  reopened     resolved  closed  -
resolved     -            resolved     -        reopened     -         closed  reopened
closed       -            -            -        reopened     -         -       reopened
"""
MOVES = [
    (State(before), action, after)
    for before, *afters in map(str.split, TABLE.strip().splitlines())
    for action, after in zip(Action, afters, strict=True)
]


@pytest.mark.parametrize(("before", "action", "after"), MOVES)
def test_each_action_leads_where_the_table_says(before, action, after):
    if after == "-":
        with pytest.raises(NotAllowed) as refusal:
            casework.transition(before, action)
        assert (refusal.value.state, refusal.value.action) == (before, action)
        assert str(refusal.value).startswith(f"This case is {before.label.lower()}; it cannot be ")
    else:
        assert casework.transition(before, action) == State(after)


@pytest.mark.parametrize("state", State)
def test_the_allowed_actions_are_those_that_do_not_raise(state):
    allowed = casework.allowed_actions(state)
    for action in Action:
        if action in allowed:
            casework.transition(state, action)
        else:
            with pytest.raises(NotAllowed):
                casework.transition(state, action)


@given(st.lists(st.sampled_from(list(Action))))
def test_a_customers_word_is_never_lost_in_a_finished_case(actions):
    state = State.NEW
    for action in actions:
        if action in casework.allowed_actions(state):
            state = casework.transition(state, action)
    assert casework.transition(state, Action.CUSTOMER_REPLIED) in casework.OPEN_STATES


def test_words_from_the_database_are_understood():
    assert casework.transition("new", "start") is State.IN_PROGRESS  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="closed"):
        casework.transition("closed", "reply")  # type: ignore[arg-type]


def test_a_case_closes_with_an_outcome():
    assert casework.close(State.IN_PROGRESS, outcome=Outcome.SOLVED) is State.CLOSED


def test_a_case_does_not_close_without_an_outcome():
    with pytest.raises(OutcomeNeeded, match="how this case ended"):
        casework.close(State.IN_PROGRESS, outcome=None)


def test_a_loop_left_open_needs_a_reason():
    with pytest.raises(OutcomeNeeded, match="why the loop"):
        casework.close(State.NEW, outcome=Outcome.NOT_CLOSED)
    closed = casework.close(
        State.NEW, outcome=Outcome.NOT_CLOSED, reason=NotClosedReason.UNREACHABLE
    )
    assert closed is State.CLOSED


def test_a_closed_loop_has_no_reason_for_staying_open():
    with pytest.raises(OutcomeNeeded, match="only to a loop"):
        casework.close(State.NEW, outcome=Outcome.THANKED, reason=NotClosedReason.TIME)


def test_a_closed_case_cannot_be_closed_again():
    with pytest.raises(NotAllowed):
        casework.close(State.CLOSED, outcome=Outcome.SOLVED)


def test_every_word_has_a_label():
    labels = [word.label for kind in (State, Outcome, NotClosedReason) for word in kind]
    assert all(label[0].isupper() and "_" not in label for label in labels)


# Friday 20 November 2026, 15:00 in Berlin.
FRIDAY = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
BERLIN = calendars.business_hours("Europe/Berlin")


@pytest.mark.parametrize(
    ("group", "due"),
    [
        (Group.DETRACTOR, datetime(2026, 11, 23, 14, tzinfo=UTC)),
        (Group.PASSIVE, datetime(2026, 11, 25, 14, tzinfo=UTC)),
        (Group.PROMOTER, datetime(2026, 11, 27, 14, tzinfo=UTC)),
    ],
)
def test_each_group_is_due_after_its_business_days(group, due):
    assert casework.due_at(group, FRIDAY, BERLIN) == due


def test_the_days_may_be_changed():
    policy = casework.DuePolicy(detractor_days=0.5, passive_days=1, promoter_days=2)
    due = [casework.due_at(group, FRIDAY, BERLIN, policy) for group in Group]
    assert due == [
        datetime(2026, 11, 24, 14, tzinfo=UTC),
        datetime(2026, 11, 23, 14, tzinfo=UTC),
        datetime(2026, 11, 23, 10, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ((Group.DETRACTOR, None, None, True), 2),
        ((Group.DETRACTOR, None, None, False), 2),
        ((Group.DETRACTOR, Decimal(10_000), None, True), 3),
        ((Group.DETRACTOR, Decimal("9999.99"), None, True), 2),
        ((Group.DETRACTOR, Decimal(10_000), 30, True), 3),
        ((Group.PASSIVE, None, None, True), 1),
        ((Group.PASSIVE, None, 90, True), 2),
        ((Group.PASSIVE, None, 91, True), 1),
        ((Group.PASSIVE, None, 0, True), 2),
        ((Group.PASSIVE, None, -1, True), 1),
        ((Group.PROMOTER, None, None, False), 0),
        ((Group.PROMOTER, None, None, True), 1),
        ((Group.PROMOTER, Decimal(50_000), 10, True), 3),
    ],
)
def test_urgency_follows_group_revenue_renewal_and_comment(facts, level):
    assert casework.priority(*facts).level == level


def test_urgency_says_why():
    priority = casework.priority(Group.DETRACTOR, Decimal(20_000), 1, has_comment=False)
    assert priority.reasons == (
        "Detractor",
        "Renews in 1 day",
        "Large account",
        "No comment: ask what is behind the score",
    )
    assert "Renews today" in casework.priority(Group.PASSIVE, None, 0, has_comment=True).reasons
    assert "Renews in 9 days" in casework.priority(Group.PASSIVE, None, 9, has_comment=True).reasons
    promoter = casework.priority(Group.PROMOTER, None, None, has_comment=True)
    assert promoter.reasons == ("Promoter", "Told us what they like")


def test_what_counts_as_large_and_soon_may_be_changed():
    policy = PriorityPolicy(large_revenue=Decimal(10), renewal_window_days=5)
    priority = casework.priority(Group.PASSIVE, Decimal(10), 6, has_comment=True, policy=policy)
    assert priority.level == 2


@given(
    st.sampled_from(list(Group)),
    st.none() | st.decimals(min_value=0, max_value=10**9, places=2),
    st.none() | st.integers(min_value=-1000, max_value=1000),
    st.booleans(),
)
def test_urgency_stays_on_its_scale_and_detractors_are_never_behind(
    group, revenue, renewal, has_comment
):
    priority = casework.priority(group, revenue, renewal, has_comment)
    detractor = casework.priority(Group.DETRACTOR, revenue, renewal, has_comment)
    assert 0 <= priority.level <= casework.HIGHEST_PRIORITY
    assert priority.level <= detractor.level
    assert priority.reasons[0] == group.value.capitalize()
