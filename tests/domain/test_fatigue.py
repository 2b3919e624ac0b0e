from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain import fatigue
from afterscore.domain.fatigue import Candidate, Eligible, Excluded, Policy, Reason

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ASKED = datetime(2026, 5, 3, 9, tzinfo=UTC)
ANA = Candidate(email="ana@example.com")
USUAL = Policy()


def excluded(candidate: Candidate, policy: Policy = USUAL, now: datetime = NOW) -> Excluded:
    verdict = fatigue.judge(candidate, policy, now)
    assert isinstance(verdict, Excluded)
    return verdict


def test_a_customer_with_an_address_may_be_asked():
    assert fatigue.judge(ANA, USUAL, NOW) == Eligible()


@pytest.mark.parametrize(
    ("candidate", "reason", "detail"),
    [
        (replace(ANA, erased=True), Reason.ERASED, "Erased on request"),
        (replace(ANA, matches_audience=False), Reason.NOT_IN_AUDIENCE, "audience"),
        (replace(ANA, email=None), Reason.NO_EMAIL, "no e-mail"),
        (replace(ANA, email=""), Reason.NO_EMAIL, "no e-mail"),
        (replace(ANA, suppressed="unsubscribed"), Reason.UNSUBSCRIBED, "Unsubscribed"),
        (replace(ANA, suppressed="Unsubscribe "), Reason.UNSUBSCRIBED, "Unsubscribed"),
        (replace(ANA, suppressed="bounced"), Reason.BOUNCED, "came back"),
        (replace(ANA, suppressed="complained"), Reason.COMPLAINED, "spam"),
        (replace(ANA, suppressed="erased"), Reason.ERASED, "Erased"),
        (replace(ANA, suppressed="manual"), Reason.SUPPRESSED, "do-not-write"),
        (replace(ANA, suppressed=""), Reason.SUPPRESSED, "do-not-write"),
        (replace(ANA, consent="refused"), Reason.NO_CONSENT, "Said no"),
        (replace(ANA, consent="Withdrawn"), Reason.NO_CONSENT, "Said no"),
    ],
)
def test_a_lasting_reason_is_told_and_does_not_end(candidate, reason, detail):
    verdict = excluded(candidate)
    assert verdict.reason is reason
    assert detail in verdict.detail
    assert verdict.until is None


def test_who_was_asked_recently_may_be_asked_again_after_the_gap():
    verdict = excluded(replace(ANA, last_asked_at=ASKED))
    assert verdict.reason is Reason.ASKED_RECENTLY
    assert verdict.detail == "Asked on 3 May 2026; may be asked again from 1 August 2026."
    assert verdict.until == datetime(2026, 8, 1, 9, tzinfo=UTC)


def test_the_gap_ends_to_the_second():
    recently = replace(ANA, last_asked_at=ASKED)
    end = ASKED + timedelta(days=90)
    assert excluded(recently, now=end - timedelta(seconds=1)).until == end
    assert fatigue.judge(recently, USUAL, end) == Eligible()


def test_a_program_asks_no_oftener_than_its_cadence():
    policy = Policy(minimum_gap_days=30, cadence_days=182)
    asked = replace(ANA, last_asked_at=ASKED, last_asked_in_program_at=ASKED)
    verdict = excluded(asked, policy, ASKED + timedelta(days=31))
    assert verdict.reason is Reason.NOT_DUE
    assert verdict.detail == (
        "Asked in this program on 3 May 2026; may be asked again from 1 November 2026."
    )


def test_of_two_waits_the_longer_one_is_told():
    asked = replace(
        ANA,
        last_asked_at=ASKED,
        last_asked_in_program_at=ASKED - timedelta(days=60),
    )
    assert excluded(asked, Policy(cadence_days=182)).reason is Reason.NOT_DUE
    assert excluded(asked, Policy(cadence_days=90)).reason is Reason.ASKED_RECENTLY


def test_of_two_equal_waits_the_general_one_is_told():
    asked = replace(ANA, last_asked_at=ASKED, last_asked_in_program_at=ASKED)
    assert excluded(asked).reason is Reason.ASKED_RECENTLY


def test_an_asking_that_is_planned_counts_as_well():
    verdict = excluded(replace(ANA, last_asked_at=NOW + timedelta(days=9)))
    assert verdict.detail.startswith("Will be asked on 10 June 2026; may be asked again from ")


def test_an_asking_at_this_instant_has_happened():
    assert excluded(replace(ANA, last_asked_at=NOW)).detail.startswith("Asked on 1 June 2026;")


def test_without_a_gap_everyone_may_be_asked_at_once():
    eager = Policy(minimum_gap_days=0, cadence_days=0)
    asked = replace(ANA, last_asked_at=NOW, last_asked_in_program_at=NOW)
    assert fatigue.judge(asked, eager, NOW) == Eligible()


def test_dates_are_told_as_on_the_calendar_of_the_instants_zone():
    auckland = ZoneInfo("Pacific/Auckland")
    asked = datetime(2026, 5, 3, 8, tzinfo=auckland)
    verdict = excluded(replace(ANA, last_asked_at=asked))
    assert "Asked on 3 May 2026" in verdict.detail
    assert "from 1 August 2026" in verdict.detail
    assert verdict.until == asked.astimezone(UTC) + timedelta(days=90)


@pytest.mark.parametrize("consent", [None, "", "none", "unknown"])
def test_a_program_that_needs_consent_asks_nobody_without(consent):
    careful = Policy(consent_required=True)
    assert excluded(replace(ANA, consent=consent), careful).reason is Reason.NO_CONSENT
    assert fatigue.judge(replace(ANA, consent=consent), USUAL, NOW) == Eligible()


@pytest.mark.parametrize("given_consent", [{"consent": "contract"}, {"opted_in": True}])
def test_consent_or_opting_in_is_enough(given_consent):
    careful = Policy(consent_required=True)
    assert fatigue.judge(replace(ANA, **given_consent), careful, NOW) == Eligible()


def test_a_no_outweighs_an_earlier_opting_in():
    torn = replace(ANA, consent="withdrawn", opted_in=True)
    assert excluded(torn).reason is Reason.NO_CONSENT


@pytest.mark.parametrize(
    ("asked", "limit", "detail"),
    [
        (1, 1, "1 person already asked at this account; this program asks at most 1."),
        (4, 3, "4 people already asked at this account; this program asks at most 3."),
    ],
)
def test_an_account_is_not_crowded(asked, limit, detail):
    verdict = excluded(replace(ANA, account_asked=asked), Policy(account_limit=limit))
    assert (verdict.reason, verdict.detail) == (Reason.ACCOUNT_LIMIT, detail)


def test_below_its_limit_an_account_has_room():
    assert fatigue.judge(replace(ANA, account_asked=2), Policy(account_limit=3), NOW) == Eligible()
    assert fatigue.judge(replace(ANA, account_asked=99), USUAL, NOW) == Eligible()
    assert fatigue.judge(ANA, Policy(account_limit=1), NOW) == Eligible()


# Each fault that a candidate may have, in the order in which they are told.
FAULTS: list[tuple[Reason, dict[str, object]]] = [
    (Reason.ERASED, {"erased": True}),
    (Reason.NOT_IN_AUDIENCE, {"matches_audience": False}),
    (Reason.NO_EMAIL, {"email": None}),
    (Reason.UNSUBSCRIBED, {"suppressed": "unsubscribed"}),
    (Reason.NO_CONSENT, {"consent": "refused"}),
    (Reason.ASKED_RECENTLY, {"last_asked_at": ASKED}),
    (Reason.ACCOUNT_LIMIT, {"account_asked": 5}),
]


@given(st.sets(st.sampled_from(range(len(FAULTS)))))
def test_the_first_fault_in_order_is_the_reason(chosen):
    candidate = ANA
    for index in chosen:
        candidate = replace(candidate, **FAULTS[index][1])
    verdict = fatigue.judge(candidate, Policy(account_limit=5), NOW)
    if chosen:
        assert isinstance(verdict, Excluded)
        assert verdict.reason is FAULTS[min(chosen)][0]
    else:
        assert verdict == Eligible()


@given(
    st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 400),
    st.integers(0, 400),
)
def test_when_a_wait_is_over_the_customer_may_be_asked(anywhere, here, gap, cadence):
    candidate = replace(ANA, last_asked_at=anywhere, last_asked_in_program_at=here)
    policy = Policy(minimum_gap_days=gap, cadence_days=cadence)
    verdict = fatigue.judge(candidate, policy, NOW)
    if isinstance(verdict, Excluded):
        assert verdict.until is not None
        assert verdict.until > NOW
        assert fatigue.judge(candidate, policy, verdict.until) == Eligible()
        just_before = verdict.until - timedelta(microseconds=1)
        assert isinstance(fatigue.judge(candidate, policy, just_before), Excluded)
    else:
        assert anywhere is None or anywhere + timedelta(days=gap) <= NOW
        assert here is None or here + timedelta(days=cadence) <= NOW


@pytest.mark.parametrize(
    "given",
    [{"minimum_gap_days": -1}, {"cadence_days": -1}, {"account_limit": 0}],
)
def test_a_policy_makes_sense(given):
    with pytest.raises(ValueError, match=r"zero days|at least 1"):
        Policy(**given)


def test_instants_need_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        fatigue.judge(ANA, USUAL, datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="time zone"):
        fatigue.judge(replace(ANA, last_asked_at=datetime(2026, 1, 1)), USUAL, NOW)


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_a_heading(reason):
    assert reason.label[0].isupper()
    assert "_" not in reason.label
