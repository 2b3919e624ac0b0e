from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import health
from afterscore.domain.health import Accuracy, Flaw, Rate

NONE = Rate(0, 0)
rates = st.integers(0, 5_000).flatmap(lambda n: st.integers(0, n).map(lambda k: Rate(k, n)))


@pytest.mark.parametrize(
    ("bounced", "sent", "stops"),
    [
        (1, 10, False),  # a tenth, and nothing but one dead address
        (4, 20, False),
        (5, 20, True),  # a quarter: 11 % at the least
        (5, 60, False),  # 8.3 %, which 5 % may look like
        (5, 100, True),
        (4, 99, False),
        (49, 1_000, False),
        (50, 1_000, True),
    ],
)
def test_a_wave_stops_at_five_percent_bounces_of_a_hundred_mails(
    bounced: int, sent: int, stops: bool
):
    alarm = health.alarm(bounces=Rate(bounced, sent), complaints=NONE)
    assert (alarm is not None) is stops
    if alarm:
        assert alarm.kind == "bounces"


@pytest.mark.parametrize(
    ("complained", "sent", "stops"),
    [(1, 10, False), (1, 900, False), (2, 2_000, True), (2, 2_001, False), (3, 2_001, True)],
)
def test_a_wave_stops_at_one_complaint_in_a_thousand_and_at_least_two(
    complained: int, sent: int, stops: bool
):
    alarm = health.alarm(bounces=NONE, complaints=Rate(complained, sent))
    assert (alarm is not None) is stops


def test_the_alarm_says_what_happened_and_what_to_do():
    alarm = health.alarm(bounces=Rate(60, 1_000), complaints=Rate(1, 1_000))

    assert alarm is not None
    assert alarm.why.startswith("60 of 1,000 (6.0\N{NARROW NO-BREAK SPACE}%) mails came back.")
    assert "import them again" in alarm.remedy


def test_complaints_are_said_before_bounces():
    alarm = health.alarm(bounces=Rate(60, 1_000), complaints=Rate(2, 1_000))
    assert alarm is not None
    assert alarm.kind == "complaints"


@given(rates)
def test_a_rate_lies_within_its_interval(rate: Rate):
    assert 0 <= rate.low <= rate.high <= 1
    if rate.ratio is not None:
        assert rate.low <= rate.ratio <= rate.high


@given(rates, rates)
def test_a_healthy_wave_goes_on(bounces: Rate, complaints: Rate):
    if bounces.count < 5 and complaints.count < 2:
        assert health.alarm(bounces=bounces, complaints=complaints) is None


def test_a_list_names_what_there_is_to_mend():
    found = Accuracy(200, 12, {Flaw.ROLE: 7, Flaw.BOUNCED: 5, Flaw.NO_OWNER: 0})

    assert found.rate == Rate(188, 200)
    assert [(flaw, rate.count) for flaw, rate in found.findings()] == [
        (Flaw.BOUNCED, 5),
        (Flaw.ROLE, 7),
    ]


@pytest.mark.parametrize("flaw", Flaw)
def test_every_flaw_says_what_to_do(flaw: Flaw):
    assert flaw.label
    assert flaw.remedy.endswith((".", "?"))


def test_more_than_all_is_refused():
    with pytest.raises(ValueError, match="no more"):
        Rate(3, 2)
