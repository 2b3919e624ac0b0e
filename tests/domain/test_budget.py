"""One budget of messages a person, and fair turns within an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import fatigue
from afterscore.domain.fatigue import (
    Budget,
    Candidate,
    Eligible,
    Excluded,
    Policy,
    Quarantine,
    Reason,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANA = Candidate(email="ana@example.com")
DAY = timedelta(days=1)
AT_ONCE = (timedelta(0),)
WITH_A_REMINDER = (timedelta(0), 5 * DAY)
ONE_A_QUARTER = Budget(messages=1, days=90)
TWO_A_QUARTER = Budget(messages=2, days=90)


def excluded(candidate: Candidate, policy: Policy, now: datetime = NOW) -> Excluded:
    verdict = fatigue.judge(candidate, policy, now)
    assert isinstance(verdict, Excluded), verdict
    return verdict


def test_the_last_message_of_a_budget_may_go_and_one_more_may_not():
    policy = Policy(budget=TWO_A_QUARTER)
    assert fatigue.judge(replace(ANA, messages=(NOW - DAY,)), policy, NOW) == Eligible()
    assert excluded(replace(ANA, messages=(NOW - DAY, NOW - DAY)), policy).reason is Reason.BUDGET


def test_an_invitation_whose_reminder_would_not_fit_is_not_sent():
    policy = Policy(budget=TWO_A_QUARTER, touches=WITH_A_REMINDER)
    verdict = excluded(replace(ANA, messages=(NOW - 10 * DAY,)), policy)
    assert verdict.until == NOW + 75 * DAY  # the reminder goes when the earlier message has left
    assert verdict.detail == (
        "Nobody gets more than 2 automated messages in 90 days, and 1 is sent or planned; "
        "the 2 of this program fit from 15 August 2026."
    )


def test_room_is_made_to_the_second():
    policy = Policy(budget=ONE_A_QUARTER)
    written_to = replace(ANA, messages=(NOW - 90 * DAY,))
    assert fatigue.judge(written_to, policy, NOW) == Eligible()
    verdict = excluded(written_to, policy, NOW - timedelta(microseconds=1))
    assert verdict.until == NOW
    assert verdict.detail.endswith("this program's one fits from 1 June 2026.")


def test_a_message_planned_for_later_takes_its_room_already():
    policy = Policy(budget=ONE_A_QUARTER)
    verdict = excluded(replace(ANA, messages=(NOW + 20 * DAY,)), policy)
    assert verdict.until == NOW + 110 * DAY


def test_a_program_that_sends_more_than_the_budget_holds_never_fits():
    verdict = excluded(ANA, Policy(budget=ONE_A_QUARTER, touches=WITH_A_REMINDER))
    assert verdict.until is None
    assert verdict.detail == (
        "Nobody gets more than 1 automated message in 90 days; this program sends 2."
    )


def test_reminders_that_lie_further_apart_than_the_budgets_days_fit_each_alone():
    weekly = Budget(messages=1, days=7)
    assert fatigue.judge(ANA, Policy(budget=weekly, touches=(0 * DAY, 7 * DAY)), NOW) == Eligible()


def test_a_budget_that_opens_before_the_gap_ends_leaves_the_gap_as_the_reason():
    asked = replace(ANA, last_asked_at=NOW - DAY, messages=(NOW - 60 * DAY,))
    verdict = excluded(asked, Policy(budget=ONE_A_QUARTER))
    assert (verdict.reason, verdict.until) == (Reason.ASKED_RECENTLY, NOW + 89 * DAY)


def test_a_budget_that_opens_after_the_gap_is_the_reason():
    asked = replace(ANA, last_asked_at=NOW - 80 * DAY, messages=(NOW - DAY,))
    verdict = excluded(asked, Policy(budget=ONE_A_QUARTER))
    assert (verdict.reason, verdict.until) == (Reason.BUDGET, NOW + 89 * DAY)


def test_somebodys_own_wish_counts_where_it_is_longer():
    asked = replace(ANA, last_asked_at=NOW - 100 * DAY, ask_gap_days=180)
    verdict = excluded(asked, Policy())
    assert verdict.reason is Reason.OWN_WISH
    assert verdict.detail == (
        "Asked on 21 February 2026 and wishes 180 days between; "
        "may be asked again from 20 August 2026."
    )
    assert fatigue.judge(replace(asked, ask_gap_days=30), Policy(), NOW) == Eligible()
    assert excluded(replace(asked, ask_gap_days=30), Policy(minimum_gap_days=120)).reason is (
        Reason.ASKED_RECENTLY
    )


def test_a_quarantine_holds_until_its_end_and_says_why():
    ends = NOW + 10 * DAY
    angry = replace(ANA, quarantines=(Quarantine(ends, "in the middle of an escalation"),))
    verdict = excluded(angry, Policy())
    assert (verdict.reason, verdict.until) == (Reason.QUARANTINED, ends)
    assert verdict.detail == (
        "Is not to be asked before 11 June 2026: in the middle of an escalation."
    )
    assert fatigue.judge(angry, Policy(), ends) == Eligible()


def test_a_whole_account_in_quarantine_is_told_as_such():
    whole = Quarantine(NOW + DAY, whole_account=True)
    verdict = excluded(replace(ANA, quarantines=(whole,)), Policy())
    assert verdict.detail == "Nobody at this account is to be asked before 2 June 2026."


def test_of_two_quarantines_the_longer_one_is_told():
    both = (Quarantine(NOW + DAY, "own"), Quarantine(NOW + 9 * DAY, "all", whole_account=True))
    assert excluded(replace(ANA, quarantines=both), Policy()).until == NOW + 9 * DAY


def test_who_unsubscribed_from_one_program_is_not_told_as_lost_to_all():
    verdict = excluded(replace(ANA, suppressed="unsubscribed", only_here=True), Policy())
    assert verdict.reason is Reason.UNSUBSCRIBED
    assert verdict.detail == "Unsubscribed from this program; other programs may still ask."


@pytest.mark.parametrize("given", [{"messages": 0}, {"days": 0}])
def test_a_budget_makes_sense(given):
    with pytest.raises(ValueError, match="at least one"):
        Budget(**given)


HOURS = st.integers(-24 * 40, 24 * 40).map(lambda hours: NOW + timedelta(hours=hours))
STEPS = st.integers(0, 24 * 20).map(lambda hours: timedelta(hours=hours))
WANTED = st.lists(STEPS, max_size=2).map(lambda steps: (timedelta(0), *sorted(steps)))
BUDGETS = st.builds(Budget, st.integers(1, 5), st.integers(1, 30))


def most_in_any_stretch(times: list[datetime], added: list[datetime], days: int) -> int:
    """Counted the plain way: of the stretches that hold an added message, the fullest."""
    span = timedelta(days=days)
    stretches = ([each for each in times if last - span < each <= last] for last in times)
    return max(
        (len(stretch) for stretch in stretches if any(each in stretch for each in added)),
        default=0,
    )


@given(st.lists(HOURS, max_size=8), WANTED, BUDGETS)
def test_what_fits_never_passes_the_budget_and_what_does_not_would(known, wanted, budget):
    added = [NOW + after for after in wanted]
    most = most_in_any_stretch([*known, *added], added, budget.days)
    fits = fatigue.fits(known=known, wanted=wanted, budget=budget, start=NOW)
    assert fits == (most <= budget.messages)


@given(st.lists(HOURS, max_size=8), WANTED, BUDGETS)
def test_the_day_from_which_it_fits_is_the_first_one(known, wanted, budget):
    first = fatigue.fits_from(known=known, wanted=wanted, budget=budget, start=NOW)

    def fits(start: datetime) -> bool:
        return fatigue.fits(known=known, wanted=wanted, budget=budget, start=start)

    latest = NOW + timedelta(days=40 + budget.days)
    if first is None:
        assert not fits(latest)  # everything known has left every stretch by then
        return
    assert fits(first)
    hours = int((first - NOW).total_seconds() // 3600)
    assert not any(fits(NOW + timedelta(hours=hour)) for hour in range(hours))
    assert first == NOW or not fits(first - timedelta(microseconds=1))


@given(st.lists(HOURS, max_size=6), st.lists(HOURS, max_size=2), WANTED, BUDGETS)
def test_more_messages_never_make_room(known, more, wanted, budget):
    if fatigue.fits(known=[*known, *more], wanted=wanted, budget=budget, start=NOW):
        assert fatigue.fits(known=known, wanted=wanted, budget=budget, start=NOW)


CANDIDATES = st.builds(
    Candidate,
    email=st.just(ANA.email),
    messages=st.lists(HOURS, max_size=6).map(tuple),
    last_asked_at=st.none() | HOURS,
    ask_gap_days=st.none() | st.integers(1, 400),
    quarantines=st.just(()) | HOURS.map(lambda until: (Quarantine(until),)),
)


@given(CANDIDATES, BUDGETS)
def test_when_every_wait_is_over_the_customer_may_be_asked(candidate, budget):
    policy = Policy(budget=budget, minimum_gap_days=20, cadence_days=0)
    verdict = fatigue.judge(candidate, policy, NOW)
    if isinstance(verdict, Excluded):
        assert verdict.until is not None
        assert verdict.until > NOW
        assert fatigue.judge(candidate, policy, verdict.until) == Eligible()


@given(st.integers(0, 2**62), st.sets(st.integers(1, 10_000), min_size=2))
def test_the_order_of_lots_does_not_depend_on_the_order_of_the_list(seed, keys):
    order = fatigue.in_order_of_lots(seed, sorted(keys))
    assert order == fatigue.in_order_of_lots(seed, sorted(keys, reverse=True))
    assert set(order) == keys


def test_lots_favour_nobody():
    """Of ten people of an account each comes first about every tenth time."""
    firsts = [fatigue.in_order_of_lots(seed, range(10))[0] for seed in range(5_000)]
    assert all(420 < firsts.count(person) < 580 for person in range(10))


def test_lots_lie_between_nought_and_one():
    lots = [fatigue.lot(7, key) for key in range(1_000)]
    assert min(lots) >= 0
    assert max(lots) < 1
    assert 0.45 < sum(lots) / len(lots) < 0.55


def test_a_seed_fits_into_its_column():
    assert all(0 <= fatigue.seed_of(f"prg:{number}") < 2**63 for number in range(100))


@pytest.mark.parametrize(("place", "days", "later"), [(0, 7, 0), (1, 7, 7), (3, 2, 6), (5, 0, 0)])
def test_people_of_an_account_are_asked_days_apart(place, days, later):
    assert fatigue.spread(place, days=days) == timedelta(days=later)


def test_places_are_counted_from_nought():
    with pytest.raises(ValueError, match="zero"):
        fatigue.spread(-1, days=1)
