from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import calendars, triggers
from afterscore.domain.triggers import (
    AfterSignal,
    BeforeRenewal,
    ByHand,
    EveryCadence,
    Rolling,
    TriggerError,
)

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
names = st.from_regex(r"[a-z0-9]{1,10}(_[a-z0-9]{1,10}){0,3}", fullmatch=True)
any_trigger = st.one_of(
    st.sampled_from([ByHand(), EveryCadence(), Rolling()]),
    st.builds(AfterSignal, names, st.integers(0, triggers.MAX_AFTER_DAYS)),
    st.builds(BeforeRenewal, st.integers(triggers.MIN_BEFORE_DAYS, triggers.MAX_BEFORE_DAYS)),
)


@given(any_trigger)
def test_what_is_written_is_read_as_the_same(trigger: triggers.Trigger):
    assert triggers.parse(triggers.to_data(trigger)) == trigger


@given(any_trigger)
def test_every_trigger_has_a_sentence(trigger: triggers.Trigger):
    assert triggers.describe(trigger, 90).endswith(".")


def test_nothing_said_means_by_hand():
    assert triggers.parse(None) == triggers.parse({}) == ByHand()


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        ("weekly", "", "“weekly” is not a choice"),
        (7, "", "Expected by_hand"),
        ({"after": "Ticket closed"}, "after", "such as ticket_closed"),
        ({"days": 3}, "after", "Name what happened"),
        ({"after": "x", "days": -1}, "days", "from 0 to 90"),
        ({"after": "x", "days": True}, "days", "whole number"),
        ({"before_renewal": 13}, "before_renewal", "from 14 to 365"),
        ({"before_renewal": 60, "days": 3}, "", "one trigger"),
        ({"befor_renewal": 60}, "befor_renewal", "no such key"),
    ],
)
def test_what_is_wrong_is_named(data: object, path: str, words: str):
    with pytest.raises(TriggerError, match=words) as error:
        triggers.parse(data)
    assert error.value.path == path


def test_a_signal_is_asked_about_from_its_day_on_for_two_weeks():
    earliest, latest = triggers.signals_due(AfterSignal("onboarding_finished", 7), NOW)
    assert latest == NOW - timedelta(days=7)
    assert earliest == NOW - timedelta(days=21)


def test_a_renewal_is_asked_about_from_its_day_on_and_never_in_its_last_two_weeks():
    today = date(2026, 5, 4)
    assert triggers.renewals_due(BeforeRenewal(60), today) == (date(2026, 6, 19), date(2026, 7, 3))
    assert triggers.renewals_due(BeforeRenewal(14), today) == (date(2026, 5, 18),) * 2
    assert triggers.renewals_due(BeforeRenewal(20), today) == (date(2026, 5, 18), date(2026, 5, 24))


@given(st.floats(0, 1, exclude_max=True), st.integers(30, 730))
def test_a_first_turn_lies_within_the_first_cadence(lot: float, cadence: int):
    turn = triggers.first_turn(NOW, cadence, lot)
    assert NOW <= turn <= NOW + timedelta(days=cadence)


def test_even_lots_give_even_days():
    turns = [triggers.first_turn(NOW, 90, lot / 900) for lot in range(900)]
    per_day = [sum((turn - NOW).days == day for turn in turns) for day in range(90)]
    assert set(per_day) == {10}


@pytest.mark.parametrize("lot", [-0.1, 1.0])
def test_a_lot_is_a_ratio(lot: float):
    with pytest.raises(ValueError, match="lot"):
        triggers.first_turn(NOW, 90, lot)


@pytest.mark.parametrize(
    ("now", "first", "following"),
    [
        ("2026-05-04T09:00Z", "2026-03-31T22:00Z", "2026-06-30T22:00Z"),
        ("2026-12-31T22:59Z", "2026-09-30T22:00Z", "2026-12-31T23:00Z"),
        ("2026-12-31T23:00Z", "2026-12-31T23:00Z", "2027-03-31T22:00Z"),
    ],
)
def test_quarters_begin_by_the_workspaces_calendar(now: str, first: str, following: str):
    expected = (datetime.fromisoformat(first), datetime.fromisoformat(following))
    assert triggers.quarter_of(datetime.fromisoformat(now), "Europe/Berlin") == expected


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)),
    st.sampled_from(calendars.zone_names()),
)
def test_every_instant_lies_in_exactly_one_quarter(now: datetime, zone: str):
    first, following = triggers.quarter_of(now, zone)
    assert first <= now < following
    assert triggers.quarter_of(following, zone)[0] == following
