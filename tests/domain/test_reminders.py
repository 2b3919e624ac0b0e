from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import reminders
from afterscore.domain.reminders import (
    PlannedTouch,
    Positioning,
    Progress,
    Send,
    Stop,
    TooMany,
    TouchKind,
)

START = datetime(2026, 4, 1, 8, tzinfo=UTC)


def test_who_helps_the_customer_may_announce_and_remind_once():
    policy = reminders.touch_policy(Positioning.HELP_ME_HELP_YOU)
    assert (policy.heads_up, policy.reminders) == ("mail", 1)


def test_in_between_there_is_one_invitation_and_one_reminder():
    policy = reminders.touch_policy(Positioning.BETWEEN)
    assert (policy.heads_up, policy.reminders) == ("", 1)


def test_a_measurement_does_not_insist():
    policy = reminders.touch_policy(Positioning.MEASUREMENT)
    assert (policy.heads_up, policy.reminders) == ("", 0)


@pytest.mark.parametrize("positioning", Positioning)
def test_each_default_says_why_and_keeps_within_the_cap(positioning):
    policy = reminders.touch_policy(positioning)
    assert policy.why.endswith(".")
    assert "_" not in positioning.label
    assert 1 + policy.reminders + (policy.heads_up == "mail") <= reminders.MAX_INVITATION_MESSAGES


def test_the_caps_are_three_and_two():
    assert reminders.MAX_INVITATION_MESSAGES == 3
    assert reminders.MAX_FOLLOW_UPS == 2


def test_a_plan_lists_every_message_with_its_day():
    planned = reminders.plan(
        start=START, reminders=1, gap_days=7, closes_at=START + timedelta(days=21), heads_up_days=3
    )
    assert planned == (
        PlannedTouch(TouchKind.HEADS_UP, 0, START - timedelta(days=3)),
        PlannedTouch(TouchKind.INVITATION, 0, START),
        PlannedTouch(TouchKind.REMINDER, 1, START + timedelta(days=7)),
    )


def test_a_plan_may_be_an_invitation_alone():
    planned = reminders.plan(start=START, reminders=0, gap_days=0, closes_at=None)
    assert planned == (PlannedTouch(TouchKind.INVITATION, 0, START),)


def test_nobody_is_reminded_of_a_closed_survey():
    closes = START + timedelta(days=14)
    planned = reminders.plan(start=START, reminders=2, gap_days=7, closes_at=closes)
    assert [touch.step for touch in planned] == [0, 1]
    later = closes + timedelta(seconds=1)
    planned = reminders.plan(start=START, reminders=2, gap_days=7, closes_at=later)
    assert [touch.step for touch in planned] == [0, 1, 2]


def test_instants_come_out_in_utc():
    start = datetime(2026, 3, 27, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    planned = reminders.plan(start=start, reminders=1, gap_days=7, closes_at=None)
    assert [touch.due_at for touch in planned] == [
        datetime(2026, 3, 27, 8, tzinfo=UTC),
        datetime(2026, 4, 3, 8, tzinfo=UTC),
    ]
    assert all(touch.due_at.tzinfo is UTC for touch in planned)


def test_three_reminders_are_too_many():
    with pytest.raises(TooMany, match="4 messages for one invitation"):
        reminders.plan(start=START, reminders=3, gap_days=7, closes_at=None)


def test_a_heads_up_counts_as_a_message():
    with pytest.raises(TooMany, match="4 messages"):
        reminders.plan(start=START, reminders=2, gap_days=7, closes_at=None, heads_up_days=2)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"reminders": -1}, "zero or more"),
        ({"gap_days": 0}, "one day"),
        ({"heads_up_days": 0}, "one day"),
        ({"start": datetime(2026, 4, 1)}, "time zone"),
        ({"closes_at": datetime(2026, 5, 1)}, "time zone"),
        ({"closes_at": START}, "closes before"),
    ],
)
def test_a_plan_makes_sense(wrong, complaint):
    usual = {"start": START, "reminders": 1, "gap_days": 7, "closes_at": None}
    with pytest.raises(ValueError, match=complaint):
        reminders.plan(**(usual | wrong))


@given(
    st.integers(0, 4),
    st.integers(1, 60),
    st.none() | st.integers(1, 100),
    st.none() | st.integers(1, 30),
)
def test_no_plan_passes_the_cap_or_the_closing(count, gap, closes_after, heads_up):
    closes = None if closes_after is None else START + timedelta(days=closes_after)
    arguments = {"start": START, "reminders": count, "gap_days": gap, "closes_at": closes}
    if 1 + count + (heads_up is not None) > reminders.MAX_INVITATION_MESSAGES:
        with pytest.raises(TooMany):
            reminders.plan(**arguments, heads_up_days=heads_up)
        return
    planned = reminders.plan(**arguments, heads_up_days=heads_up)
    due = [touch.due_at for touch in planned]
    assert len(planned) <= reminders.MAX_INVITATION_MESSAGES
    assert due == sorted(set(due))
    assert all(later - earlier >= timedelta(days=1) for earlier, later in pairwise(due))
    assert closes is None or max(due) < closes
    assert len({(touch.kind, touch.step) for touch in planned}) == len(planned)


@pytest.mark.parametrize("sent", [0, 1])
def test_two_messages_may_follow_an_answer(sent):
    assert reminders.may_follow_up(sent) == Send()


@pytest.mark.parametrize("sent", [2, 3])
def test_a_third_may_not(sent):
    verdict = reminders.may_follow_up(sent)
    assert isinstance(verdict, Stop)
    assert "personally" in verdict.why


INVITED = Progress()


def test_a_first_reminder_needs_no_evidence():
    assert reminders.may_remind(INVITED, reminder_works=False) == Send()


@pytest.mark.parametrize(
    ("happened", "why"),
    [
        ({"answered": True}, "answered"),
        ({"unsubscribed": True}, "Unsubscribed"),
        ({"bounced": True}, "came back"),
        ({"contacted_personally": True}, "personally"),
        ({"reminders_sent": 2}, "all 3 messages"),
        ({"reminders_sent": 1, "heads_up_sent": True}, "all 3 messages"),
    ],
)
def test_reminding_stops_for_good_reasons(happened, why):
    progress = replace(INVITED, opted_in=True, **happened)
    verdict = reminders.may_remind(progress, reminder_works=True)
    assert isinstance(verdict, Stop)
    assert why in verdict.why


def test_a_second_reminder_needs_evidence_or_opting_in():
    once = replace(INVITED, reminders_sent=1)
    refused = reminders.may_remind(once, reminder_works=False)
    assert isinstance(refused, Stop)
    assert "evidence" in refused.why
    assert reminders.may_remind(once, reminder_works=True) == Send()
    assert reminders.may_remind(replace(once, opted_in=True), reminder_works=False) == Send()
