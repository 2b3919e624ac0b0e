"""The third message of an invitation: decided on its day, with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from afterscore.customers.models import Contact
from afterscore.domain.effects import Effect
from afterscore.journal.models import Fact
from afterscore.outreach.models import Delivery, Message
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from tests.people import NOW, People
from tests.programs import scene

TWICE = {"touches": {"reminders": 2}}
DAY = NOW + timedelta(days=20)
BEFORE = NOW - timedelta(days=200)


@pytest.fixture
def nora(people: People) -> Contact:
    return scene.contact(people.workspace)


def reminded(people: People, definition: Mapping[str, object] = TWICE) -> Wave:
    wave = scene.launch(scene.program(people.workspace, definition))
    scene.send(wave)
    scene.send(wave, kind="reminder")
    return wave


def second_of(wave: Wave, person: Contact) -> list[Message]:
    return [m for m in scene.messages_of(wave, person) if m.kind == "reminder" and m.step == 2]


def first_due(wave: Wave, person: Contact) -> Message:
    (message,) = [m for m in scene.messages_of(wave, person) if m.step == 1]
    return message


# Opted in


def test_who_opted_in_is_reminded_again_so_many_days_after_the_first(people: People):
    paula = scene.contact(people.workspace, "Paula", consent_basis="opt_in")
    wave = reminded(people)
    left_at = first_due(wave, paula).sent_at
    assert left_at is not None

    assert operations.remind_again(now=left_at + timedelta(days=4, hours=23)) == 0
    assert operations.remind_again(now=left_at + timedelta(days=5)) == 1

    (second,) = second_of(wave, paula)
    assert (second.state, second.due_at) == ("planned", left_at + timedelta(days=5))
    row = scene.row_of(wave, paula)
    assert (row.second_reminder_arm, row.second_reminder_why) == (
        "treated",
        "Opted in to the feedback program.",
    )


def test_it_is_decided_once(people: People):
    paula = scene.contact(people.workspace, "Paula", consent_basis="opt_in")
    wave = reminded(people)

    assert [operations.remind_again(now=DAY) for _ in range(3)] == [1, 0, 0]
    assert len(second_of(wave, paula)) == 1
    assert Fact.objects.filter(name="wave.second_reminders_decided").count() == 1


def test_the_second_is_held_out_by_lot_as_well(people: People):
    scene.contacts(people.workspace, 40, consent_basis="opt_in")
    wave = reminded(people, {"touches": {"reminders": 2, "reminder_hold_out": 20}})

    operations.remind_again(now=DAY)

    arms = list(Enrolment.objects.filter(wave=wave).values_list("second_reminder_arm", flat=True))
    # 32 were reminded once; of 30 of them six are held out, and of the last two at most two.
    assert arms.count("") == 8
    assert 6 <= arms.count("held_out") <= 8
    assert Message.objects.filter(step=2).count() == arms.count("treated")


# Stopped


def test_whoever_answered_meanwhile_is_left_alone(people: People):
    paula = scene.contact(people.workspace, "Paula", consent_basis="opt_in")
    wave = reminded(people)
    operations.mark_answered(enrolment=scene.row_of(wave, paula), now=NOW + timedelta(days=8))

    assert operations.remind_again(now=DAY) == 0


def test_nothing_is_decided_while_the_wave_is_paused(people: People):
    scene.contact(people.workspace, "Paula", consent_basis="opt_in")
    wave = reminded(people)
    Wave.objects.filter(pk=wave.pk).update(state="paused")

    assert operations.remind_again(now=DAY) == 0


def test_whose_first_reminder_never_left_gets_no_second(people: People):
    scene.contact(people.workspace, "Paula", consent_basis="opt_in")
    wave = scene.launch(scene.program(people.workspace, TWICE))
    scene.send(wave)

    assert operations.remind_again(now=DAY) == 0


def test_after_a_mail_ahead_the_cap_is_reached(people: People):
    """Not even for a program whose row was written past the definition's check."""
    paula = scene.contact(people.workspace, "Paula", consent_basis="opt_in")
    program = scene.program(
        people.workspace, {"touches": {"heads_up": "mail", "heads_up_hold_out": 0}}
    )
    program.reminders = 2
    program.save()
    wave = scene.launch(program)
    for kind in ("heads_up", "invitation", "reminder"):
        scene.send(wave, kind=kind)

    assert operations.remind_again(now=DAY) == 0
    assert "all 3 messages" in scene.row_of(wave, paula).second_reminder_why
    assert len(scene.messages_of(wave, paula)) == 3


# By evidence


def test_without_evidence_it_stays_locked_and_says_every_reason(people: People, nora: Contact):
    wave = reminded(people)

    assert operations.remind_again(now=DAY) == 0

    row = scene.row_of(wave, nora)
    assert row.second_reminder_at == DAY
    assert row.second_reminder_arm == ""
    assert "has not shown that it works" in row.second_reminder_why
    assert "Too few companies like theirs" in row.second_reminder_why


def peers(people: People, count: int) -> list[Contact]:
    """So many companies on the same plan, one person each."""
    accounts = [
        scene.account(people.workspace, f"Company {number}", plan="pro") for number in range(count)
    ]
    found = scene.contacts(people.workspace, count)
    for person, account in zip(found, accounts, strict=True):
        person.account = account
        person.save(update_fields=["account"])
    return found


def proven(people: People, definition: Mapping[str, object]) -> None:
    """An earlier wave in which the first reminder demonstrably worked."""
    wave = scene.launch(
        scene.program(people.workspace, {"touches": {"reminder_hold_out": 50}}), now=BEFORE
    )
    for kind in ("invitation", "reminder"):
        scene.send(wave, kind=kind)
    rows = Enrolment.objects.filter(wave=wave, reminder_arm="treated").select_related("wave")
    for row in rows[:25]:
        assert row.reminder_due_at is not None
        operations.mark_answered(enrolment=row, now=row.reminder_due_at + timedelta(days=1))
    operations.close_waves(now=wave.closes_at)
    Contact.objects.update(last_asked_at=None)
    assert queries.first_reminder(program=wave.program, now=DAY) is Effect.WORKED


@pytest.fixture
def crowd(people: People) -> list[Contact]:
    found = peers(people, 60)
    proven(people, TWICE)
    return found


def take_part(wave: Wave, people: list[Contact]) -> None:
    for person in people:
        operations.mark_answered(enrolment=scene.row_of(wave, person), now=NOW + timedelta(days=1))


def test_it_unlocks_when_the_first_one_worked_and_most_peers_take_part(
    people: People, crowd: list[Contact]
):
    wave = reminded(people)
    take_part(wave, crowd[:40])

    assert operations.remind_again(now=DAY) == 20
    assert "40 of 59 companies" in scene.row_of(wave, crowd[50]).second_reminder_why


def test_it_says_anew_how_many_companies_take_part(people: People, crowd: list[Contact]):
    wave = reminded(people, {"touches": {"reminders": 2, "quotes_peers": True}})
    Message.objects.filter(stream=wave.public_id, step=1).update(
        fields={"peers_asked": 59, "peers_answered": 31, "survey_path": "/s/x"}
    )
    take_part(wave, crowd[:40])
    operations.remind_again(now=DAY)

    (second,) = second_of(wave, crowd[50])
    assert (second.fields["peers_asked"], second.fields["peers_answered"]) == (59, 40)
    assert second.fields["survey_path"] == "/s/x"


def test_it_stays_locked_while_most_peers_do_not_take_part(people: People, crowd: list[Contact]):
    wave = reminded(people)
    take_part(wave, crowd[:20])

    assert operations.remind_again(now=DAY) == 0
    assert "20 of 59 have answered" in scene.row_of(wave, crowd[50]).second_reminder_why


def test_it_stays_locked_when_the_first_one_drives_people_away(
    people: People, crowd: list[Contact]
):
    wave = reminded(people)
    take_part(wave, crowd[:40])
    for message in Message.objects.filter(stream=wave.public_id, step=1)[:3]:
        Delivery.objects.create(
            workspace=people.workspace, message=message, kind="unsubscribed",
            event_id=f"{message.public_id}:unsubscribe", occurred_at=DAY,
        )  # fmt: skip

    assert operations.remind_again(now=DAY) == 0
    assert "unsubscribed after the first" in scene.row_of(wave, crowd[50]).second_reminder_why
