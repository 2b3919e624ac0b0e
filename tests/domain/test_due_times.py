"""Deadlines over holidays, absence and clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import calendars, casework
from afterscore.domain.casework import DuePolicy, History
from afterscore.domain.nps import Group

BERLIN = calendars.business_hours("Europe/Berlin")
PROMISED = DuePolicy(promised_days=5)


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    """What clocks in the zone show."""
    wall = datetime.fromisoformat(text)
    return calendars.localise(wall.date(), wall.time(), zone)


def days(*texts: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


@pytest.mark.parametrize(
    ("group", "away", "due"),
    [
        # Answered on Monday 4 May 2026 at noon.
        (Group.DETRACTOR, days(), "2026-05-05T12:00"),
        (Group.DETRACTOR, days("2026-05-08"), "2026-05-05T12:00"),  # away later: nothing moves
        (Group.DETRACTOR, days("2026-05-05"), "2026-05-06T12:00"),  # tomorrow: a day more
        (Group.DETRACTOR, days("2026-05-04"), "2026-05-05T17:00"),  # today: all of tomorrow
        (Group.DETRACTOR, days("2026-05-05", "2026-05-06", "2026-05-07"), "2026-05-06T12:00"),
        (Group.PASSIVE, days("2026-05-05"), "2026-05-08T12:00"),
        # Six days would be acceptable, five were promised.
        (Group.PASSIVE, days(*(f"2026-05-{day:02}" for day in range(4, 15))), "2026-05-11T12:00"),
        (Group.PROMOTER, days("2026-05-05"), "2026-05-11T12:00"),  # five are promised
        (Group.DETRACTOR, days("2026-05-09", "2026-05-10"), "2026-05-05T12:00"),  # a weekend
    ],
)
def test_absence_moves_a_deadline_as_far_as_the_customer_can_wait(group, away, due):
    received = at("2026-05-04T12:00")
    assert casework.due_at(group, received, BERLIN, PROMISED, away=away) == at(due)


@pytest.mark.parametrize(
    ("away", "waits"),
    [
        (days("2026-05-04"), True),
        (days("2026-05-04", "2026-05-05"), False),
        (days("2026-05-05"), True),
        (days(), True),
    ],
)
def test_a_detractor_waits_a_day_for_an_owner_and_no_longer(away, waits):
    received = at("2026-05-04T12:00")
    assert casework.may_wait(Group.DETRACTOR, received, BERLIN, PROMISED, away=away) is waits


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Berlin goes on to summer time on Sunday 29 March and back on Sunday 25 October 2026.
        ("2026-03-27T15:00", "2026-03-30T15:00"),
        ("2026-03-29T02:30", "2026-03-30T17:00"),  # a time that no clock shows
        ("2026-10-23T16:59", "2026-10-26T16:59"),
        ("2026-10-25T02:30", "2026-10-26T17:00"),  # a time that comes twice
    ],
)
def test_clock_changes_keep_the_hour_on_the_wall(received, due):
    assert casework.due_at(Group.DETRACTOR, at(received), BERLIN) == at(due)


def test_a_desk_at_night_keeps_its_share_of_a_short_night():
    """22:00 to 06:00; in the night of the change it is an hour shorter: half of it is 3.5 hours."""
    nights = calendars.Calendar("Europe/Berlin", frozenset(range(7)), time(22), time(6))
    policy = DuePolicy(detractor_days=0.5)
    due = casework.due_at(Group.DETRACTOR, at("2026-03-28T22:00"), nights, policy)
    assert due == at("2026-03-28T22:00") + timedelta(hours=3.5)


def test_absence_on_the_day_of_a_clock_change():
    away = days("2026-03-30")
    due = casework.due_at(Group.PASSIVE, at("2026-03-27T15:00"), BERLIN, away=away)
    assert due == at("2026-04-02T15:00")
    assert due == datetime(2026, 4, 2, 13, tzinfo=UTC)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
AWAY = st.builds(
    lambda start, length: frozenset(start + timedelta(days=number) for number in range(length)),
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 40),
)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])


POLICIES = st.builds(DuePolicy, promised_days=st.sampled_from([1, 3, 5, float("inf")]))


@given(MOMENTS, AWAY, st.tuples(ZONES, POLICIES), st.sampled_from(Group))
def test_absence_never_brings_a_deadline_forward_nor_beyond_what_was_promised(
    received, away, place, group
):
    zone, policy = place
    calendar = calendars.business_hours(zone, days("2026-12-25", "2027-01-01"))
    plain = casework.due_at(group, received, calendar, policy)
    moved = casework.due_at(group, received, calendar, policy, away=away)
    latest = calendars.add_business_days(calendar, received, policy.longest_for(group))
    assert plain <= moved <= latest
    assert calendars.local_day(moved - timedelta(seconds=1), zone).weekday() < 5
    waits = casework.may_wait(group, received, calendar, policy, away=away)
    if waits:
        assert calendars.local_day(moved, zone) not in away


# --- near -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "near_until"),
    [
        ("2026-05-04T12:00", "2026-05-04T14:00"),
        ("2026-05-08T16:00", "2026-05-11T10:00"),  # Friday at four: Monday at ten
        ("2026-05-09T12:00", "2026-05-11T11:00"),  # Saturday: Monday at eleven
        ("2026-03-27T16:00", "2026-03-30T10:00"),  # over the clock change
    ],
)
def test_two_business_hours_before_a_deadline_it_is_near(now, near_until):
    assert casework.is_near_until(at(now), BERLIN) == at(near_until)


# --- what somebody said before --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "history", "level", "reason"),
    [
        (Group.PASSIVE, History(), 1, None),
        (Group.PASSIVE, History(before=Group.PROMOTER), 2, "Was a promoter before"),
        (Group.PASSIVE, History(before=Group.DETRACTOR), 1, None),
        (Group.PASSIVE, History(before=Group.PASSIVE), 1, None),
        (Group.DETRACTOR, History(before=Group.DETRACTOR), 3, "Detractor again"),
        (Group.DETRACTOR, History(before=Group.PASSIVE), 3, "Was passive before"),
        (Group.PROMOTER, History(left_open=True), 2, "Nobody closed the loop last time"),
        # One step, for the gravest.
        (Group.PASSIVE, History(Group.PROMOTER, left_open=True), 2, "Was a promoter before"),
    ],
)
def test_history_makes_a_case_a_step_more_urgent(group, history, level, reason):
    priority = casework.priority(group, None, None, has_comment=True, history=history)
    assert priority.level == level
    if reason:
        assert reason in priority.reasons
    else:
        assert not any("before" in text or "again" in text for text in priority.reasons)


def test_rules_make_a_case_one_step_more_urgent_however_many_there_are():
    priority = casework.priority(
        Group.PASSIVE, None, None, has_comment=True, pressing=("Outages", "Key accounts")
    )
    assert priority.level == 2
    assert priority.reasons == ("Passive", "Rule: Outages", "Rule: Key accounts")


@pytest.mark.parametrize(
    ("days_left", "reasons"),
    [
        (28, ("Passive", "Renews in 28 days", "Large account")),
        (1, ("Passive", "Renews in 1 day", "Large account")),
        (-1, ("Passive", "Large account")),
        (None, ("Passive", "Large account")),
    ],
)
def test_a_renewal_comes_nearer_while_a_case_is_open(days_left, reasons):
    kept = ["Passive", "Renews in 40 days", "Large account"]
    assert casework.as_of_today(kept, days_left) == reasons
