"""Waves that take their time: who is invited when, and what is foreseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from scipy import stats

from afterscore.customers.models import Contact
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Message
from afterscore.programs import queries
from afterscore.programs.models import Wave
from afterscore.workspaces.models import Workspace
from tests.people import NOW, People
from tests.programs import scene

FIVE_A_DAY = {"pace": {"per_day": 5}}


def by_day(wave: Wave, kind: str = "invitation") -> dict[date, int]:
    """Messages by the day on which they are due, by the workspace's clock."""
    zone = ZoneInfo(wave.workspace.time_zone)
    days = Counter(each.due_at.astimezone(zone).date() for each in of_kind(wave, kind))
    return dict(sorted(days.items()))


def of_kind(wave: Wave, kind: str) -> list[Message]:
    return [each for each in scene.messages_of(wave) if each.kind == kind]


def days_of_may(*days: int) -> list[date]:
    return [date(2026, 5, day) for day in days]


def many(workspace: Workspace, people: int, plans: Sequence[str] = ("",)) -> list[Contact]:
    accounts = [scene.account(workspace, f"Company {n}", plan=plan) for n, plan in enumerate(plans)]
    return [
        scene.contact(workspace, f"P{n} Person", account=accounts[n % len(accounts)])
        for n in range(people)
    ]


def test_a_fixed_rate_asks_so_many_each_working_day(people: People):
    scene.contacts(people.workspace, 12)

    wave = scene.launch(scene.program(people.workspace, {"pace": {"per_day": 2}}))

    assert list(by_day(wave).values()) == [2] * 6
    assert list(by_day(wave)) == days_of_may(4, 5, 6, 7, 8, 11)


def test_holidays_and_closed_days_are_left_out(people: People):
    workspace = people.workspace
    workspace.country, workspace.time_zone, workspace.business_days = "DE", "Europe/Berlin", [1, 3]
    workspace.save()
    scene.contacts(workspace, 5)

    wave = scene.launch(scene.program(workspace, {"pace": {"per_day": 1}}))

    # Tuesdays and Thursdays; Thursday, 14 May 2026, is Ascension Day.
    assert list(by_day(wave)) == days_of_may(5, 7, 12, 19, 21)


def test_the_reader_is_asked_at_nine_of_their_own_day_also_after_the_clocks_went_forward(
    people: People,
):
    workspace = people.workspace
    workspace.time_zone = "Europe/Berlin"
    workspace.save()
    scene.contacts(workspace, 4, time_zone="America/New_York")

    friday = datetime(2026, 3, 27, 7, 0, tzinfo=ZoneInfo("UTC"))  # Berlin changes on the 29th
    wave = scene.launch(scene.program(workspace, {"pace": {"per_day": 2}}, now=friday), now=friday)

    new_york = ZoneInfo("America/New_York")
    clocks = {each.due_at.astimezone(new_york) for each in of_kind(wave, "invitation")}
    assert {(clock.date(), clock.hour) for clock in clocks} == {
        (date(2026, 3, 27), 9),
        (date(2026, 3, 30), 9),
    }


def test_reminders_and_words_ahead_keep_their_distance_to_the_day_of_the_invitation(people: People):
    scene.contacts(people.workspace, 6)
    touches = {"heads_up": "mail", "heads_up_days": 3, "reminders": 1, "reminder_after_days": 5}

    wave = scene.launch(
        scene.program(people.workspace, {"pace": {"per_day": 2}, "touches": touches})
    )

    assert list(by_day(wave)) == days_of_may(7, 8, 11)
    assert list(by_day(wave, "heads_up")) == days_of_may(4, 5, 8)
    assert list(by_day(wave, "reminder")) == days_of_may(12, 13, 18)


def test_the_survey_stays_open_for_whoever_is_asked_last(people: People):
    scene.contacts(people.workspace, 10)
    wave = scene.launch(scene.program(people.workspace, {"pace": {"per_day": 1}, "open_days": 10}))
    last = max(by_day(wave))
    assert wave.closes_at.date() >= last + timedelta(days=10)
    assert len(of_kind(wave, "reminder")) == 10


def test_the_preview_says_the_same_days_as_the_launch_after_it(people: People):
    many(people.workspace, 23, plans=("pro", "free"))
    program = scene.program(people.workspace, FIVE_A_DAY)

    preview = queries.preview(program=program, now=NOW)
    wave = scene.launch(program)

    assert {day.day: day.invitations for day in preview.days if day.invitations} == by_day(wave)
    assert preview.closes_at == wave.closes_at
    assert preview.drip is not None
    assert preview.drip.kept() == queries.kept_plan(wave)


def test_every_day_holds_each_plan_within_one_person_of_its_share(people: People):
    persons = many(people.workspace, 60, plans=("pro", "free", "free"))
    wave = scene.launch(scene.program(people.workspace, FIVE_A_DAY))

    plan_of = {each.pk: each.account.plan for each in persons if each.account}
    shares = Counter(plan_of.values())
    for day in by_day(wave):
        there = Counter(
            plan_of[each.contact_id]
            for each in of_kind(wave, "invitation")
            if each.due_at.date() == day
        )
        for plan, people_of_plan in shares.items():
            assert abs(there[plan] - people_of_plan * 5 / 60) < 1


def test_days_do_not_lean_on_the_order_in_which_people_were_added(people: People):
    """A rank correlation over fixed lots: no early name is asked early."""
    persons = many(people.workspace, 120)
    wave = scene.launch(scene.program(people.workspace, FIVE_A_DAY))
    due = {each.contact_id: each.due_at for each in of_kind(wave, "invitation")}
    days = [due[each.pk].toordinal() for each in persons]
    assert stats.spearmanr(range(len(days)), days).pvalue > 0.01


def test_by_capacity_no_more_is_asked_than_people_can_follow_up(people: People):
    scene.contacts(people.workspace, 60)
    pace = {"by": "capacity", "people": 1, "follow_ups_per_day": 2}

    wave = scene.launch(scene.program(people.workspace, {"pace": pace}))

    kept = queries.kept_plan(wave)
    assert kept is not None
    assert len(by_day(wave)) > 3
    assert not kept.warning
    week = [sum(day.expected for day in kept.days[n : n + 7]) for n in range(len(kept.days) - 6)]
    assert max(week) <= 5 * 2


def test_where_nobody_can_follow_up_a_launch_by_capacity_is_refused(people: People):
    workspace = people.workspace
    scene.contacts(workspace, 4_000)
    pace = {"by": "capacity", "people": 1, "follow_ups_per_day": 1}
    with pytest.raises(Refused, match="Ask fewer, let more people follow up"):
        scene.launch(scene.program(workspace, {"pace": pace}))
    assert not Wave.objects.exists()


def test_everybody_at_once_is_warned_of_when_it_is_too_much(people: People):
    scene.contacts(people.workspace, 400)
    wave = scene.launch(scene.program(people.workspace))
    kept = queries.kept_plan(wave)
    assert kept is not None
    assert kept.warning.startswith("This may be more than you can answer in time: about ")
    assert len(by_day(wave)) == 1


def test_the_page_before_a_launch_shows_answers_against_follow_ups_by_day_and_owner(
    people: People,
):
    account = scene.account(people.workspace, "Quayside", owner=people.ana)
    for n in range(300):
        scene.contact(people.workspace, f"P{n} Person", account=account)
    scene.program(people.workspace, {"pace": {"per_day": 300}})

    page = people.client(people.max).get(
        reverse("programs:launch", args=["harbourline", "relationship"])
    )

    text = " ".join(page.content.decode().split())
    assert "What your people can follow up" in text
    assert "This may be more than you can answer in time" in text
    assert "Ana <span" in text
    assert "Too much from" in text
    assert "give some of these accounts to somebody with time" in text


def test_the_page_of_a_wave_shows_its_plan(people: People):
    scene.contacts(people.workspace, 12)
    scene.contact(people.workspace, account=scene.account(people.workspace, owner=people.ana))
    wave = scene.launch(scene.program(people.workspace, FIVE_A_DAY))
    page = people.client(people.max).get(
        reverse("programs:wave", args=["harbourline", wave.public_id])
    )
    text = " ".join(page.content.decode().split())
    assert "Worked out on 4 May 2026" in text
    assert "5 invitations" in text
    assert "By owner" in text


def lacking(plan: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The plan as earlier versions may have kept it: without one of its keys, or of an
    owner's."""
    for key in plan:
        yield key, {each: value for each, value in plan.items() if each != key}
    for key in plan["owners"][0]:
        owners = [{k: v for k, v in owner.items() if k != key} for owner in plan["owners"]]
        yield f"owners.{key}", {**plan, "owners": owners}


def test_a_plan_that_an_earlier_version_kept_is_shown_and_looked_at_each_night(people: People):
    scene.contacts(people.workspace, 12)
    scene.contact(people.workspace, account=scene.account(people.workspace, owner=people.ana))
    wave = scene.launch(scene.program(people.workspace, FIVE_A_DAY))
    client, tried = people.client(people.max), 0
    for name, plan in lacking(wave.plan):
        Wave.objects.filter(pk=wave.pk).update(plan=plan)
        page = client.get(reverse("programs:wave", args=["harbourline", wave.public_id]))
        assert page.status_code == 200, name
        assert ("What your people can follow up" in page.content.decode()) == (name != "days"), name
        due = queries.list_waves_to_replan(now=NOW + timedelta(days=1))
        assert (due == [wave]) == (name != "pace"), name
        tried += 1
    assert tried == len(wave.plan) + len(wave.plan["owners"][0])


def test_a_plan_whose_day_is_unknown_is_old(people: People):
    scene.contacts(people.workspace, 12)
    wave = scene.launch(scene.program(people.workspace, FIVE_A_DAY))
    assert not queries.list_waves_to_replan(now=NOW)
    del wave.plan["planned_on"]
    wave.save(update_fields=["plan"])
    assert queries.list_waves_to_replan(now=NOW) == [wave]


def test_a_launch_by_capacity_that_nobody_can_carry_is_an_obstacle_with_what_to_do(people: People):
    scene.contacts(people.workspace, 4_000)
    pace = {"by": "capacity", "people": 1, "follow_ups_per_day": 1}
    scene.program(people.workspace, {"pace": pace})
    page = people.client(people.max).get(
        reverse("programs:launch", args=["harbourline", "relationship"])
    )
    assert "let more people follow up, or choose a fixed rate" in page.content.decode()
