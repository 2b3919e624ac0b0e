from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afterscore.domain import desk, drip, drip_words, turnout
from afterscore.domain.casework import DuePolicy
from afterscore.domain.drip import Lane, Outlook, Pause, Plan
from afterscore.domain.turnout import Evidence

MONDAY = date(2026, 5, 4)
SURE = {"pro": Evidence(2_500, 10_000), "free": Evidence(2_500, 10_000)}
SAME_DAY = DuePolicy(detractor_days=1, passive_days=1, promoter_days=1)


def outlook(
    *, policy: DuePolicy = SAME_DAY, earlier: dict[str, Evidence] = SURE, reminders: int = 0
) -> Outlook:
    """From a Monday on, a year and some weeks, closed at weekends."""
    days = tuple(MONDAY + timedelta(days=number) for number in range(430))
    return Outlook(
        days=days,
        is_open=tuple(day.weekday() < 5 for day in days),
        beliefs=turnout.believe(["free", "pro"], earlier=earlier, current={}),
        curve=turnout.assumed_curve(reminders=reminders, gap_days=5),
        promise=desk.promise_of(policy, {}),
    )


def lane(key: str = drip.SHARED, *, pro: int = 600, free: int = 400, **given) -> Lane:
    given.setdefault("a_day", 24.0)
    return Lane(key=key, people={"pro": pro, "free": free}, **given)


def plan(*lanes: Lane, capacity: float = 24.0, **given) -> Plan:
    decided = drip.work_back(lanes or (lane(),), outlook(**given), capacity=capacity)
    assert isinstance(decided, Plan)
    return decided


def test_the_rate_is_the_largest_that_the_desk_can_carry():
    decided = plan()
    rate = int(decided.per_day)
    # 24 answers a day at 25 % would be 96; but a Monday brings three days' answers, to be followed
    # up on that very day, and it must hold nine times in ten.
    assert 96 / 3 < rate < 96 / 2
    for per_day, is_late in ((rate, False), (rate + 1, True)):
        fixed = drip.at_rate([lane()], outlook(), per_day=per_day, capacity=24)
        assert (fixed.late_on is not None) == is_late


def test_everybody_is_asked_once_and_the_last_day_is_known():
    decided = plan()
    assert sum(day.invitations for day in decided.days) == 1_000 == decided.asked
    assert decided.left == 0
    assert decided.starts_on == MONDAY
    last = max(day.day for day in decided.days if day.invitations)
    assert decided.finishes_on == last > MONDAY + timedelta(days=10)


def test_nobody_is_asked_on_a_closed_day():
    assert all(day.is_open for day in plan().days if day.invitations)
    assert all(day.capacity == 0 for day in plan().days if not day.is_open)


def test_a_small_audience_is_asked_at_once():
    decided = plan(lane(pro=20, free=10))
    assert decided.is_at_once
    assert decided.starts_on == decided.finishes_on == MONDAY


def test_more_time_to_answer_lets_one_ask_faster():
    assert plan(policy=DuePolicy()).per_day > plan().per_day


def test_surer_beliefs_let_one_ask_faster():
    assert plan().per_day > plan(earlier={}).per_day


def test_segments_that_answer_more_are_asked_more_slowly():
    keen = {"pro": Evidence(6_000, 10_000), "free": Evidence(6_000, 10_000)}
    assert plan().per_day > plan(earlier=keen).per_day


def test_what_waits_today_slows_down_the_first_days():
    policy = DuePolicy(detractor_days=2, passive_days=2, promoter_days=2)
    calm, busy = (plan(lane(queue=queue), policy=policy) for queue in (0, 36))
    assert calm.for_now == calm.per_day
    assert 0 < busy.for_now < calm.for_now
    assert busy.per_day == calm.per_day


def test_a_queue_that_would_break_the_promise_pauses_and_ends_by_itself():
    decided = drip.work_back([lane(queue=120)], outlook(), capacity=24)
    assert isinstance(decided, Pause)
    assert decided.waiting == 120
    assert decided.resumes_on is not None
    assert MONDAY < decided.resumes_on <= MONDAY + timedelta(days=8)
    assert decided.then.asked == 1_000
    assert all(day.day >= decided.resumes_on for day in decided.then.days if day.invitations)


def test_answers_still_coming_in_count():
    invited = {0: {"pro": 100, "free": 100}, 1: {"pro": 100, "free": 100}}
    decided = drip.work_back([lane(invited=invited)], outlook(), capacity=24)
    assert isinstance(decided, Pause)


def test_answers_to_other_waves_count():
    policy = DuePolicy(detractor_days=3, passive_days=3, promoter_days=3)
    decided = plan(lane(elsewhere=(8.0,) * 60), policy=policy)
    assert 0 < decided.for_now < plan(policy=policy).for_now


def test_answers_that_break_the_promise_by_themselves_leave_no_room():
    """Twelve a day, also on weekends, are 36 on a Monday: more than 24 the same day."""
    decided = drip.work_back([lane(elsewhere=(12.0,) * 60)], outlook(), capacity=24)
    assert isinstance(decided, Pause)
    assert decided.resumes_on is not None
    assert decided.resumes_on > MONDAY + timedelta(days=50)


def test_each_owner_is_limited_by_himself():
    ana, ben = lane("ana", a_day=4.0), lane("ben", a_day=12.0)
    decided = plan(ana, ben, capacity=16.0)
    rates = {each.key: each.per_day for each in decided.lanes}
    assert 0 < rates["ana"] < rates["ben"]
    assert sum(sum(each.sizes) for each in decided.lanes) == 2_000


def test_accounts_without_an_owner_get_the_time_that_owners_leave():
    alone = plan(lane(), capacity=16.0)
    beside = plan(lane("ana", a_day=8.0), lane(), capacity=16.0)
    shared = next(each for each in beside.lanes if each.key == drip.SHARED)
    assert 0 < shared.per_day < alone.per_day


def test_a_tiny_desk_asks_every_few_days():
    policy = DuePolicy(detractor_days=5, passive_days=5, promoter_days=5)
    decided = plan(lane(pro=12, free=8, a_day=0.5), capacity=0.5, policy=policy)
    assert 0 < decided.per_day < 1
    assert decided.asked == 20


def test_nobody_to_follow_up_means_nobody_is_asked():
    decided = drip.work_back([lane(a_day=0.0)], outlook(), capacity=0)
    assert isinstance(decided, Pause)
    assert decided.resumes_on is None
    assert decided.then.left == 1_000
    words = drip_words.tell(decided, people=0)
    assert words == (
        "No invitations: nobody is there to follow up. Add a member who answers customers."
    )


def test_a_wave_that_would_take_years_says_so():
    decided = plan(lane(pro=60_000, free=40_000))
    assert decided.left > 0
    assert "would still not be asked after 260 working days" in drip_words.too_long(decided)
    assert drip_words.too_long(plan()) == ""


def test_the_interval_holds_the_expected_number_and_widens_with_ignorance():
    for sure, unsure in zip(plan().days[:5], plan(earlier={}).days[:5], strict=True):
        assert sure.answers.low <= sure.answers.expected <= sure.answers.high
        spread = (unsure.answers.high - unsure.answers.low) / max(unsure.answers.expected, 1e-9)
        assert spread > (sure.answers.high - sure.answers.low) / max(sure.answers.expected, 1e-9)


def test_the_upper_end_covers_nine_days_in_ten():
    """Against the exact beta-binomial law of one cohort in one segment."""
    from scipy import stats

    belief = turnout.believe(["pro"], earlier=SURE, current={})["pro"]
    only = replace(outlook(), beliefs={"pro": belief}, curve=turnout.learned_curve(
        turnout.assumed_curve(reminders=0, gap_days=5) * 0, [10**9]
    ))  # fmt: skip
    fixed = drip.at_rate(
        [Lane(key=drip.SHARED, people={"pro": 80}, a_day=99)], only, per_day=None, capacity=99
    )
    law = stats.betabinom(80, belief.yes, belief.no)
    assert fixed.days[0].answers.expected == pytest.approx(law.mean())
    assert 0.87 < law.cdf(fixed.days[0].answers.high) < 0.93


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 400),
    st.integers(0, 400),
    st.tuples(st.floats(1, 60), st.floats(0, 80)),
    st.sampled_from([SAME_DAY, DuePolicy()]),
)
def test_a_plan_keeps_its_promise_and_loses_nobody(pro, free, load, policy):
    capacity, queue = load
    given_lane = lane(pro=pro, free=free, a_day=capacity, queue=queue)
    decided = drip.work_back([given_lane], outlook(policy=policy), capacity=capacity)
    whole = decided.then if isinstance(decided, Pause) else decided
    assert whole.asked + whole.left == pro + free
    assert whole.late_on is None
    assert sum(whole.lanes[0].sizes) == whole.asked
    if isinstance(decided, Plan) and whole.asked:
        assert whole.starts_on == MONDAY


def test_a_plan_is_told_in_a_sentence():
    words = drip_words.tell(plan(), people=3)
    assert words.startswith("At ")
    assert "the last person is asked on" in words
    assert words.endswith("your 3 people can answer 24.")
    once = drip_words.tell(plan(lane(pro=3, free=1)), people=1)
    assert once == (
        "Everybody is asked on 4 May 2026; about 1 answer on the busiest day, "
        "the one of you who answers customers can answer 24."
    )


def test_a_changed_plan_says_what_changed_and_why():
    policy = DuePolicy(detractor_days=2, passive_days=2, promoter_days=2)
    busy = plan(lane(queue=36), policy=policy)
    words = drip_words.tell_change(busy.per_day, busy, people=3, waiting=38)
    assert words == (
        f"Slowed down from {busy.per_day:.0f} to {busy.for_now:.0f} a day: 38 cases are waiting."
    )
    calm = plan()
    assert drip_words.tell_change(15, calm, people=3, waiting=1).startswith("Sped up from 15 to ")
    assert drip_words.tell_change(0, calm, people=3, waiting=0).startswith("Asking again, ")
    paused = drip.work_back([lane(queue=120)], outlook(), capacity=24)
    told = drip_words.tell_change(15, paused, people=3, waiting=120)
    assert told.startswith("No new invitations until ")
    assert "120 cases are waiting" in told


def test_a_pause_tells_by_its_calendar_how_it_goes_on():
    lanes = [
        lane(name, pro=40, free=0, a_day=8, queue=queue)
        for name, queue in (("ana", 90), ("bo", 70))
    ]
    paused = drip.work_back(lanes, outlook(), capacity=16)
    assert isinstance(paused, drip.Pause)
    calendar = [day for day in paused.then.days if day.invitations]
    busiest = max(day.invitations for day in calendar)
    last = calendar[-1].day
    assert drip_words.tell(paused, people=2).endswith(
        f"Then up to {busiest} invitations a day, the last on {drip_words.say_day(last)}."
    )


def test_a_chosen_rate_that_is_too_much_is_warned_about_with_a_better_one():
    fixed = drip.at_rate([lane()], outlook(), per_day=None, capacity=24)
    words = drip_words.warn(fixed, people=3, better=plan())
    assert "more than you can answer in time" in words
    assert "As fast as people can follow up would be" in words
    gentle = drip.at_rate([lane()], outlook(), per_day=5, capacity=24)
    assert drip_words.warn(gentle, people=3, better=plan()) == ""


def test_slow_rates_read_well():
    assert drip_words.say_rate(0.2) == "one invitation every 5 working days"
    assert drip_words.say_rate(1) == "1 invitation a day"
