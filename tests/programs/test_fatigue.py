"""Whom a wave leaves out so that nobody gets too much, judged on real rows."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from afterscore.customers.models import Account, Contact
from afterscore.domain.fatigue import Eligible, Excluded, Reason
from afterscore.outreach import operations as outreach
from afterscore.outreach.models import Message
from afterscore.programs import queries
from afterscore.programs.models import Enrolment, Program
from afterscore.programs.queries import judging
from afterscore.workspaces.models import Workspace
from tests.people import NOW, People
from tests.programs import scene

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def change(row: Workspace | Program | Contact | Account, **columns: Any) -> None:
    for column, value in columns.items():
        setattr(row, column, value)
    row.save()


def judge(program: Program, contact: Contact, now: datetime = NOW) -> Eligible | Excluded:
    return queries.judge_contact(asking=queries.asking_of(program), contact=contact, now=now)


def reason_of(program: Program, contact: Contact, now: datetime = NOW) -> Reason | None:
    verdict = judge(program, contact, now)
    return verdict.reason if isinstance(verdict, Excluded) else None


def test_messages_of_other_systems_count_in_the_budget(people: People):
    change(people.workspace, budget_messages=3, budget_days=30)
    nora = scene.contact(people.workspace)
    program = scene.program(people.workspace)  # an invitation and a reminder
    scene.reported_message(nora, NOW - 3 * DAY)
    assert judge(program, nora) == Eligible()
    scene.reported_message(nora, NOW - 2 * DAY)
    assert reason_of(program, nora) is Reason.BUDGET
    assert reason_of(program, nora, NOW + 27 * DAY) is None


def test_what_another_program_and_a_follow_up_send_counts_in_the_budget(people: People):
    change(people.workspace, minimum_gap_days=0, budget_messages=4, budget_days=90)
    nora = scene.contact(people.workspace)
    first = scene.launch(scene.program(people.workspace))
    second = scene.program(people.workspace, {"name": "Second", "slug": "second"})
    assert judge(second, nora) == Eligible()  # two planned and two more
    follow_up = scene.messages_of(first, nora)[0]
    Message.objects.create(
        **{
            **{field.attname: getattr(follow_up, field.attname) for field in Message._meta.fields},
            "id": None,
            "public_id": "msg_follow",
            "kind": "follow_up",
            "state": "sent",
            "sent_at": NOW,
        }
    )
    assert reason_of(second, nora) is Reason.BUDGET


def test_what_was_cancelled_or_written_by_a_person_takes_no_room(people: People):
    change(people.workspace, minimum_gap_days=0, budget_messages=3, budget_days=90)
    nora = scene.contact(people.workspace)
    first = scene.launch(scene.program(people.workspace))
    second = scene.program(people.workspace, {"name": "Second", "slug": "second"})
    assert reason_of(second, nora) is Reason.BUDGET
    invitation, reminder = scene.messages_of(first, nora)
    Message.objects.filter(pk=reminder.pk).update(state="cancelled")
    assert judge(second, nora) == Eligible()
    Message.objects.filter(pk=reminder.pk).update(state="sent", sent_at=NOW, kind="reply")
    assert judge(second, nora) == Eligible()
    Message.objects.filter(pk=invitation.pk).update(state="in_doubt", handed_at=NOW)
    Message.objects.filter(pk=reminder.pk).update(kind="reminder")
    assert reason_of(second, nora) is Reason.BUDGET  # in doubt counts as sent


def test_a_survey_of_another_system_counts_as_an_asking(people: People):
    nora = scene.contact(people.workspace)
    scene.reported_message(nora, NOW - 10 * DAY, name="survey")
    program = scene.program(people.workspace)
    assert reason_of(program, nora) is Reason.ASKED_RECENTLY
    assert reason_of(program, nora, NOW + 80 * DAY) is None


def test_a_contacts_own_wish_and_quarantine_are_kept(people: People):
    seldom = scene.contact(
        people.workspace, "Sel Dom", ask_gap_days=365, last_asked_at=NOW - 100 * DAY
    )
    resting = scene.contact(
        people.workspace, "Resting", quarantined_until=NOW + DAY, quarantine_why="on leave"
    )
    troubled = scene.account(
        people.workspace, quarantined_until=NOW + 9 * DAY, quarantine_why="an escalation"
    )
    colleague = scene.contact(people.workspace, "Colleague", account=troubled)
    scene.contact(people.workspace, "Free")
    program = scene.program(people.workspace)
    wave = scene.launch(program)
    assert reason_of(program, seldom) is Reason.OWN_WISH
    assert scene.row_of(wave, resting).detail == ("Is not to be asked before 5 May 2026: on leave.")
    assert scene.row_of(wave, colleague).detail == (
        "Nobody at this account is to be asked before 13 May 2026: an escalation."
    )


def test_who_left_one_program_may_be_asked_by_another(people: People):
    nora = scene.contact(people.workspace)
    left = scene.program(people.workspace)
    other = scene.program(people.workspace, {"name": "Other", "slug": "other"})
    outreach.suppress(
        workspace=people.workspace,
        email=nora.email or "",
        reason="unsubscribed",
        scope=left.public_id,
        now=NOW,
    )
    verdict = judge(left, nora)
    assert isinstance(verdict, Excluded)
    assert verdict.detail == "Unsubscribed from this program; other programs may still ask."
    assert judge(other, nora) == Eligible()


# Accounts


def crowd(workspace: Workspace, accounts: int, people: int) -> list[Contact]:
    """In turn, so that no account's people lie side by side in the table."""
    companies = [scene.account(workspace, f"Company {number}") for number in range(accounts)]
    return [
        scene.contact(workspace, f"P{number}x{index}", account=company)
        for number in range(people)
        for index, company in enumerate(companies)
    ]


def test_no_account_gives_more_people_than_its_limit_and_the_lot_decides_which(people: People):
    everybody = crowd(people.workspace, accounts=5, people=6)
    program = scene.program(people.workspace)
    change(program, account_limit=2)
    wave = scene.launch(program)
    asked = Enrolment.objects.filter(wave=wave, state="enrolled").select_related("contact")
    assert Counter(row.account_id for row in asked) == dict.fromkeys(
        {contact.account_id for contact in everybody}, 2
    )
    assert {row.reason for row in Enrolment.objects.filter(wave=wave, state="excluded")} == {
        Reason.ACCOUNT_LIMIT
    }
    first_two = {contact.pk for contact in everybody[:10]}
    assert {row.contact_id for row in asked} != first_two  # not whoever was added first


def test_a_preview_draws_the_same_lots_as_the_launch(people: People):
    crowd(people.workspace, accounts=3, people=5)
    program = scene.program(people.workspace)
    change(program, account_limit=1)
    asking = queries.asking_of(program)
    chosen = {
        person.contact_id
        for chunk in queries.judge_contacts(asking=asking, now=NOW)
        for person, verdict in chunk
        if isinstance(verdict, Eligible)
    }
    wave = scene.launch(program)
    asked = Enrolment.objects.filter(wave=wave, state="enrolled")
    assert set(asked.values_list("contact_id", flat=True)) == chosen
    assert wave.seed == asking.seed


def test_the_next_wave_draws_new_lots(people: People):
    program = scene.program(people.workspace)
    crowd(people.workspace, accounts=1, people=1)
    first = queries.next_seed(program)
    wave = scene.launch(program)
    assert wave.seed == first
    assert queries.next_seed(program) != first


def test_an_account_larger_than_a_chunk_is_still_limited(people: People, monkeypatch):
    monkeypatch.setattr(judging, "CHUNK", 4)
    crowd(people.workspace, accounts=2, people=7)
    scene.contacts(people.workspace, 9)  # of no account: no limit
    program = scene.program(people.workspace)
    change(program, account_limit=3)
    wave = scene.launch(program)
    assert (wave.eligible, wave.excluded) == (6 + 9, 8)
    assert Enrolment.objects.filter(wave=wave).count() == 14 + 9


def test_people_of_one_account_are_asked_days_apart(people: People):
    crowd(people.workspace, accounts=2, people=3)
    program = scene.program(people.workspace)
    change(program, account_limit=3, account_spread_days=7, send_window="always")
    wave = scene.launch(program)
    invitations = Message.objects.filter(kind="invitation").select_related("contact")
    by_account: dict[int | None, list[timedelta]] = {}
    for message in invitations:
        by_account.setdefault(message.contact.account_id, []).append(message.due_at - NOW)
    assert [sorted(times) for times in by_account.values()] == [[0 * DAY, 7 * DAY, 14 * DAY]] * 2
    assert wave.closes_at == NOW + (14 + program.open_days) * DAY
    preview_days = {message.due_at.date() for message in Message.objects.all()}
    Enrolment.objects.all().delete()
    Message.objects.all().delete()
    assert {day.day for day in queries.preview(program=program, now=NOW).days} == preview_days


def test_people_in_an_open_wave_count_at_their_account(people: People):
    company = scene.account(people.workspace)
    scene.contact(people.workspace, "First", account=company)
    program = scene.program(people.workspace)
    change(program, account_limit=1)
    wave = scene.launch(program)
    late = scene.contact(people.workspace, "Late", account=company)
    asking = queries.asking_of(program, wave)
    verdict = queries.judge_contact(asking=asking, contact=late, now=NOW)
    assert isinstance(verdict, Excluded)
    assert verdict.reason is Reason.ACCOUNT_LIMIT


def test_judging_takes_as_many_queries_for_many_as_for_few(people: People):
    program = scene.program(people.workspace)
    change(program, account_limit=2)

    def queries_for(count: int) -> int:
        Contact.objects.all().delete()
        scene.contacts(people.workspace, count, account=scene.account(people.workspace, f"{count}"))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            list(queries.judge_contacts(asking=queries.asking_of(program), now=NOW))
        return len(captured)

    assert queries_for(3) == queries_for(300)
