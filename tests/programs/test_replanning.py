"""Waves under way, planned anew each night from what really waits."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.outreach.models import Message
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.workspaces.models import Workspace
from tests.people import NOW, People
from tests.programs import scene

PACE = {"pace": {"by": "capacity", "people": 1, "follow_ups_per_day": 1}}
NIGHT = NOW + timedelta(hours=15, minutes=11)  # Tuesday, eleven minutes past midnight


class Desk:
    """What waits in the inbox, as the cases would tell."""

    waiting = 0

    @classmethod
    def count(cls, *, workspace: Workspace) -> dict[int | None, int]:
        return {None: cls.waiting} if cls.waiting else {}


def count_waiting(*, workspace: Workspace) -> dict[int | None, int]:
    return Desk.count(workspace=workspace)


@pytest.fixture(autouse=True)
def desk(settings: Any) -> type[Desk]:
    settings.AFTERSCORE_WAITING = "tests.programs.test_replanning.count_waiting"
    Desk.waiting = 0
    return Desk


def invitations(wave: Wave) -> dict[int, tuple[str, datetime]]:
    """State and due time by contact."""
    found = Message.objects.filter(stream=wave.public_id, kind="invitation")
    return {each.contact_id: (each.state, each.due_at) for each in found}


def days(wave: Wave) -> list[date]:
    return sorted({due.date() for state, due in invitations(wave).values() if state == "planned"})


def send_until(wave: Wave, at: datetime) -> None:
    found = Message.objects.filter(stream=wave.public_id, state="planned", due_at__lte=at)
    for each in found:
        each.state, each.sent_at, each.handed_at = "sent", each.due_at, each.due_at
        each.save()


def begun(people: People, definition: dict[str, Any] | None = None, number: int = 60) -> Wave:
    """A wave whose first day is over."""
    scene.contacts(people.workspace, number)
    wave = scene.launch(scene.program(people.workspace, {**PACE, **(definition or {})}))
    send_until(wave, NOW + timedelta(hours=8))
    return wave


def changes(wave: Wave) -> list[tuple[str, str]]:
    facts = Fact.objects.filter(workspace=wave.workspace, name="wave.paced").order_by("id")
    return [(fact.payload["change"], fact.payload["why"]) for fact in facts]


def test_what_has_left_is_never_moved_and_everybody_else_has_one_day_from_today_on(
    people: People, desk: type[Desk]
):
    wave = begun(people)
    before = invitations(wave)
    sent = {contact for contact, (state, _due) in before.items() if state == "sent"}
    assert sent
    desk.waiting = 12

    assert operations.replan_waves(now=NIGHT) == 1

    after = invitations(wave)
    assert after.keys() == before.keys()
    assert {each: after[each] for each in sent} == {each: before[each] for each in sent}
    assert all(due > NIGHT for state, due in after.values() if state == "planned")


def test_a_full_desk_pauses_asking_and_an_empty_one_resumes_it_each_with_its_reason(
    people: People, desk: type[Desk]
):
    wave = begun(people)
    desk.waiting = 20

    operations.replan_waves(now=NIGHT)
    wave.refresh_from_db()
    kept = queries.kept_plan(wave)
    assert kept is not None
    assert kept.is_pause
    assert min(days(wave)) > NIGHT.date() + timedelta(days=2)
    assert changes(wave)[0][0] == "paused"
    assert "20 cases are waiting" in changes(wave)[0][1]

    url = reverse("programs:wave", args=[wave.workspace.slug, wave.public_id])
    page = people.client(people.max).get(url).content.decode()
    assert "No new invitations until" in page
    assert "20 cases are waiting" in page

    desk.waiting = 0
    operations.replan_waves(now=NIGHT + timedelta(days=1))
    wave.refresh_from_db()
    assert min(days(wave)) == NIGHT.date() + timedelta(days=1)
    assert [change for change, _why in changes(wave)] == ["paused", "resumed"]
    assert changes(wave)[1][1].startswith("Asking again, ")


def test_a_wave_is_planned_once_a_day(people: People):
    wave = begun(people)
    assert operations.replan_waves(now=NOW + timedelta(hours=10)) == 0
    assert operations.replan_waves(now=NIGHT) == 1
    before = invitations(wave)
    assert operations.replan_waves(now=NIGHT + timedelta(hours=1)) == 0
    assert invitations(wave) == before


def test_reminders_move_with_the_invitation_and_the_survey_stays_open_for_the_last(
    people: People, desk: type[Desk]
):
    wave = begun(people)
    desk.waiting = 60
    operations.replan_waves(now=NIGHT)
    wave.refresh_from_db()
    reminders = {
        each.contact_id: each
        for each in Message.objects.filter(stream=wave.public_id, kind="reminder")
    }
    for contact, (state, due) in invitations(wave).items():
        if state == "planned":
            assert reminders[contact].due_at >= due + timedelta(days=4, hours=12)
            assert reminders[contact].valid_until == wave.closes_at
            row = wave_row(wave, contact)
            assert row == reminders[contact].due_at
    assert wave.closes_at.date() >= max(days(wave)) + timedelta(days=wave.program.open_days)


def wave_row(wave: Wave, contact: int) -> datetime | None:
    return Enrolment.objects.get(wave=wave, contact=contact).reminder_due_at


def test_whoever_was_told_that_a_question_is_coming_is_asked_on_that_day(
    people: People, desk: type[Desk]
):
    touches = {"heads_up": "mail", "heads_up_days": 3}
    wave = begun(people, {"touches": touches})
    told = set(
        Message.objects.filter(stream=wave.public_id, kind="heads_up", state="sent").values_list(
            "contact", flat=True
        )
    )
    assert told
    before = invitations(wave)
    desk.waiting = 60

    operations.replan_waves(now=NIGHT)

    after = invitations(wave)
    assert {each: after[each] for each in told} == {each: before[each] for each in told}
    assert after != before


def test_what_came_due_in_a_pause_is_spread_over_the_days_after_it(people: People):
    wave = begun(people)
    operations.pause_wave(wave=wave, actor=SYSTEM, now=NIGHT)
    assert operations.replan_waves(now=NIGHT) == 0

    monday = NOW + timedelta(days=14)
    operations.resume_wave(wave=wave, actor=SYSTEM, now=monday)

    waiting = Counter(due.date() for state, due in invitations(wave).values() if state == "planned")
    assert min(waiting) == monday.date()
    assert len(waiting) > 3


def test_the_days_after_it_are_again_a_fair_sample(people: People, desk: type[Desk]):
    """Of two plans, by turns in the list: each day holds as many as its share, give or take one."""
    accounts = [scene.account(people.workspace, f"C{n}", plan=f"plan{n}") for n in range(2)]
    for n in range(60):
        scene.contact(people.workspace, f"P{n} Person", account=accounts[n % 2])
    wave = scene.launch(scene.program(people.workspace, PACE))
    send_until(wave, NOW + timedelta(hours=8))
    desk.waiting = 6
    operations.replan_waves(now=NIGHT)

    plan_of = dict(Enrolment.objects.filter(wave=wave).values_list("contact", "stratum"))
    waiting = [
        (due.date(), plan_of[contact])
        for contact, (state, due) in invitations(wave).items()
        if state == "planned"
    ]
    sizes, strata = Counter(day for day, _ in waiting), Counter(plan for _, plan in waiting)
    for day, size in sizes.items():
        for plan, number in strata.items():
            there = waiting.count((day, plan))
            assert abs(there - size * number / len(waiting)) < 1
