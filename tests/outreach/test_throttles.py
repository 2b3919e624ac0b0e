"""Buckets that several processes share give out exactly what there is."""

from __future__ import annotations

import bisect
import random
import threading
from datetime import timedelta

import pytest
from django.db import connections

from afterscore.domain.throttling import Rate
from afterscore.outreach.models import Throttle
from afterscore.outreach.sender import throttles
from afterscore.outreach.sender.throttles import Demand
from afterscore.workspaces.models import Workspace
from tests.outreach.post import Post
from tests.people import NOW

RATE = Rate(600)  # holds 30, gains 571 a minute
MIDNIGHT = NOW - timedelta(hours=9)


def take(wanted: int, key: str = "way:x", *, seconds: float = 0, rate: Rate = RATE) -> int:
    demands = {key: Demand(rate, wanted)}
    return throttles.take(demands, at=NOW + timedelta(seconds=seconds))[key]


def take_of_day(workspace: Workspace, wanted: int) -> int:
    return throttles.take_of_day(
        workspace=workspace,
        day=NOW.date(),
        begins=MIDNIGHT,
        ends=MIDNIGHT + timedelta(days=1),
        wanted=wanted,
        at=NOW,
    )


@pytest.mark.django_db
def test_a_new_bucket_is_full_and_gives_no_more_than_it_holds() -> None:
    assert [take(20), take(20), take(20)] == [20, 10, 0]


@pytest.mark.django_db
def test_a_bucket_fills_with_time_but_not_over_its_brim() -> None:
    take(30)
    assert take(100, seconds=1) == 9  # 571 a minute are 9.5 a second
    assert take(100, seconds=1.1) == 1  # the half and what came since
    assert take(100, seconds=600) == 30


@pytest.mark.django_db
def test_what_is_given_back_can_be_taken_again() -> None:
    take(30)
    throttles.give_back({"way:x": 12})
    assert take(30) == 12


@pytest.mark.django_db
def test_a_clock_that_was_wrong_for_a_while_blocks_nothing() -> None:
    take(30, seconds=30 * 86_400)  # a month ahead, then back
    assert take(30) == 0
    assert take(30, seconds=2) == 19


@pytest.mark.django_db
def test_several_buckets_are_asked_at_once() -> None:
    demands = {"domain:a": Demand(Rate(60), 5), "domain:b": Demand(Rate(1), 5)}
    assert throttles.take(demands, at=NOW) == {"domain:a": 3, "domain:b": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("per_minute", [1, 7, 60])
def test_no_minute_sees_more_than_the_rate_and_the_rate_is_used(per_minute: int) -> None:
    """Asked at 600 random instants of a minute and a half, for random numbers."""
    chance = random.Random(per_minute)
    rate, left = Rate(per_minute), []
    for seconds in sorted(chance.uniform(0, 90) for _ in range(600)):
        left += [seconds] * take(chance.randint(1, 9), seconds=seconds, rate=rate)
    most = max(bisect.bisect_left(left, start + 60) - at for at, start in enumerate(left))
    assert most <= per_minute
    assert len(left) >= 0.93 * 1.5 * rate.refill - 1


@pytest.mark.django_db(transaction=True)
def test_together_all_who_ask_at_once_are_given_exactly_what_there_is(post: Post) -> None:
    Workspace.objects.filter(pk=post.workspace.pk).update(daily_cap=100)
    post.workspace.refresh_from_db()
    given: list[int] = []
    of_day: list[int] = []

    def ask() -> None:
        try:
            for _ in range(40):
                given.append(take(3))
                of_day.append(take_of_day(post.workspace, 3))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(given), sum(of_day)) == (30, 100)
    assert len(given) == 240


@pytest.mark.django_db
def test_places_in_the_row_are_one_gap_apart_and_never_far_off() -> None:
    rate = Rate(60)  # 58 a minute
    first = throttles.book("domain:a", 2, rate, now=NOW)
    second = throttles.book("domain:a", 1, rate, now=NOW)
    places = [(at - NOW) / rate.gap for at in first + second]
    assert places == pytest.approx([1, 2, 3])
    far = throttles.book("domain:a", 10_000, rate, now=NOW)
    assert max(far) == NOW + throttles.HORIZON
    assert min(far) > NOW


@pytest.mark.django_db
def test_the_first_to_ask_counts_what_has_left_on_that_day(post: Post) -> None:
    Workspace.objects.filter(pk=post.workspace.pk).update(daily_cap=3)
    post.workspace.refresh_from_db()
    post.sent(at=NOW - timedelta(hours=1))
    post.sent(post.contact("Ben Ito"), at=NOW - timedelta(days=1))
    post.sent(post.contact("Cyd Roe"), kind="reply")
    assert take_of_day(post.workspace, 9) == 2
    throttles.give_back_of_day(workspace=post.workspace, day=NOW.date(), number=1)
    assert take_of_day(post.workspace, 9) == 1


@pytest.mark.django_db
def test_a_cap_that_is_lowered_holds_for_what_is_used_already(post: Post) -> None:
    post.workspace.daily_cap = 10
    assert take_of_day(post.workspace, 8) == 8
    post.workspace.daily_cap = 5
    assert take_of_day(post.workspace, 8) == 0


@pytest.mark.django_db
def test_buckets_that_nobody_asks_are_forgotten() -> None:
    take(1)
    throttles.forget_old(now=NOW + timedelta(days=2))
    assert Throttle.objects.count() == 1
    throttles.forget_old(now=NOW + timedelta(days=4))
    assert Throttle.objects.count() == 0
