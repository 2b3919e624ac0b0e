from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from afterscore.customers.models import Contact
from afterscore.domain.fatigue import Reason
from afterscore.journal.models import Fact
from afterscore.kit import signing
from afterscore.kit.errors import Refused
from afterscore.outreach import operations as outreach
from afterscore.outreach.models import Message
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from afterscore.surveys.models import SurveyVersion
from afterscore.workspaces.models import Workspace
from tests.people import NOW, People, invite_everybody
from tests.programs import scene

ENTERPRISE = {"audience": {"field": "account.plan", "is": "enterprise"}}


def change(workspace: Workspace, **columns: Any) -> None:
    for column, value in columns.items():
        setattr(workspace, column, value)
    workspace.save()


# Whom


def test_everybody_who_may_be_asked_is_asked_and_gets_an_invitation_and_a_reminder(people: People):
    nora = scene.contact(people.workspace)

    wave = scene.launch(scene.program(people.workspace))

    assert (wave.number, wave.state, wave.eligible, wave.excluded) == (1, "running", 1, 0)
    row = scene.row_of(wave, nora)
    assert (row.state, row.reason, row.detail) == ("enrolled", "", "")
    assert [(message.kind, message.step) for message in scene.messages_of(wave, nora)] == [
        ("invitation", 0),
        ("reminder", 1),
    ]


def exclude_for_every_reason(workspace: Workspace) -> dict[str, Contact]:
    """One person for each reason for which a program leaves somebody out."""
    plan = {"account": scene.account(workspace, plan="enterprise")}

    def person(name: str, **columns: Any) -> Contact:
        return scene.contact(workspace, name, **{**plan, **columns})

    left_out = {
        "not_in_audience": person("Outside", account=None),
        "no_email": person("Nomail", email=None),
        "erased": person("Erased", email=None, erased_at=NOW),
        "no_consent": person("Refuser", consent_basis="refused"),
        "asked_recently": person("Recent", last_asked_at=NOW - timedelta(days=20)),
        "own_wish": person("Seldom", last_asked_at=NOW - timedelta(days=100), ask_gap_days=365),
        "quarantined": person("Resting", quarantined_until=NOW + timedelta(days=1)),
        "budget": person("Busy"),
    }
    for number in range(workspace.budget_messages):
        scene.reported_message(left_out["budget"], NOW - timedelta(days=number + 1))
    for reason, stored in (
        ("unsubscribed", "unsubscribed"),
        ("bounced", "bounced"),
        ("complained", "complained"),
        ("suppressed", "manual"),
    ):
        left_out[reason] = person(reason.capitalize())
        outreach.suppress(
            workspace=workspace, email=left_out[reason].email or "", reason=stored, now=NOW
        )
    return left_out


def test_every_reason_not_to_ask_is_kept_with_a_sentence(people: People):
    """All of domain.fatigue but `account_limit` and `not_due`, which have tests of their own."""
    left_out = exclude_for_every_reason(people.workspace)
    scene.contact(people.workspace, account=left_out["bounced"].account)

    wave = scene.launch(scene.program(people.workspace, ENTERPRISE))

    assert (wave.eligible, wave.excluded) == (1, len(left_out))
    for reason, person in left_out.items():
        row = scene.row_of(wave, person)
        assert (row.state, row.reason) == ("excluded", reason)
        assert row.detail.endswith(".")
        assert not scene.messages_of(wave, person)
    assert queries.exclusion_counts(wave=wave) == dict.fromkeys(left_out, 1)
    assert set(left_out) == set(Reason) - {Reason.ACCOUNT_LIMIT, Reason.NOT_DUE}


def test_who_was_asked_by_this_program_waits_for_its_cadence(people: People):
    change(people.workspace, minimum_gap_days=30)
    nora = scene.contact(people.workspace)
    program = scene.program(people.workspace)
    first = scene.launch(program)
    scene.send(first)
    close(first, NOW + timedelta(days=31))
    scene.contact(people.workspace, "Fresh", email="fresh@quayside.example")

    second = scene.launch(program, now=NOW + timedelta(days=40))

    row = scene.row_of(second, nora)
    assert (row.state, row.reason) == ("excluded", "not_due")
    assert row.until == NOW + timedelta(days=90)
    assert "2 August 2026" in row.detail
    assert (second.number, second.eligible) == (2, 1)


def close(wave: Wave, now: datetime) -> None:
    operations.close_waves(now=now)
    wave.refresh_from_db()
    assert wave.state == Wave.State.CLOSED


def test_two_programs_launched_on_one_day_do_not_ask_the_same_person_twice(people: People):
    nora = scene.contact(people.workspace)
    scene.launch(scene.program(people.workspace))
    scene.contact(people.workspace, "Fresh", email="fresh@quayside.example")
    other = scene.program(people.workspace, {"slug": "onboarding", "cadence": 30})
    Enrolment.objects.filter(contact__name="Fresh").delete()

    wave = scene.launch(other)

    assert scene.row_of(wave, nora).reason == "asked_recently"
    assert wave.eligible == 1


def test_consent_is_asked_for_where_the_workspace_requires_it(people: People):
    change(people.workspace, consent_required=True)
    without = scene.contact(people.workspace, "Without")
    scene.contact(people.workspace, "Contract", consent_basis="contract")

    wave = scene.launch(scene.program(people.workspace))

    assert scene.row_of(wave, without).reason == "no_consent"
    assert wave.eligible == 1


def test_a_launch_freezes_the_audience(people: People):
    company = scene.account(people.workspace, plan="enterprise", owner=people.ana)
    nora = scene.contact(people.workspace, account=company)
    other = scene.contact(people.workspace, "Otto")
    program = scene.program(people.workspace, {**ENTERPRISE, "sender": "account_owner"})
    wave = scene.launch(program)
    before = frozen(wave)

    company.plan, company.owner = "free", people.max
    company.save()
    Contact.objects.filter(pk=nora.pk).update(
        email="new@quayside.example", language="de", account=None
    )
    Contact.objects.filter(pk=other.pk).update(account=company)
    scene.contact(people.workspace, "Late")
    scene.program(
        people.workspace,
        {"audience": {}, "survey": {"company": "Other"}, "mail": {"body": "Other"}},
    )

    assert frozen(wave) == before
    wave.refresh_from_db()
    assert wave.audience == {"field": "account.plan", "is": "enterprise"}
    assert wave.survey_version == SurveyVersion.objects.earliest("number")


def frozen(wave: Wave) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    return (
        list(Enrolment.objects.filter(wave=wave).order_by("id").values_list()),
        list(Message.objects.filter(stream=wave.public_id).order_by("id").values_list()),
    )


def test_a_launch_of_more_than_one_chunk_leaves_nobody_out_and_asks_nobody_twice(
    people: People, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("afterscore.programs.queries.judging.CHUNK", 3)
    company = scene.account(people.workspace, plan="enterprise")
    scene.contacts(people.workspace, 10, account=company)
    scene.contact(people.workspace)

    wave = scene.launch(scene.program(people.workspace, ENTERPRISE))

    assert (wave.eligible, wave.excluded) == (10, 1)
    assert Enrolment.objects.filter(wave=wave).count() == 11
    assert Message.objects.filter(stream=wave.public_id).count() == 20


# In whose name, in which language


def test_the_account_owner_asks(people: People):
    company = scene.account(people.workspace, owner=people.ana)
    nora = scene.contact(people.workspace, account=company)

    wave = scene.launch(scene.program(people.workspace, {"sender": "account_owner"}))

    row = scene.row_of(wave, nora)
    assert (row.owner, row.sender_name, row.detail) == (people.ana, "Ana", "")
    assert {m.sender_email for m in scene.messages_of(wave)} == {"ana@harbourline.example"}


@pytest.mark.parametrize(
    ("situation", "note"),
    [
        ("no account", "Belongs to no account, so Olivia Byrne asks."),
        ("no owner", "The account has no owner, so Olivia Byrne asks."),
        ("owner left", "The account's owner, Ana, has left, so Olivia Byrne asks."),
    ],
)
def test_where_no_owner_can_ask_the_workspace_does_and_it_is_noted(
    people: People, situation: str, note: str
):
    owner = people.ana if situation == "owner left" else None
    people.ana.is_active = False
    people.ana.save()
    company = scene.account(people.workspace, owner=owner)
    nora = scene.contact(people.workspace, account=None if situation == "no account" else company)

    wave = scene.launch(scene.program(people.workspace, {"sender": "account_owner"}))

    row = scene.row_of(wave, nora)
    assert (row.state, row.detail) == ("enrolled", note)
    assert row.sender_email == "olivia@harbourline.example"


def test_a_named_person_asks(people: People):
    nora = scene.contact(people.workspace)
    sender = {"name": "Max Power", "email": "max@harbourline.example"}

    wave = scene.launch(scene.program(people.workspace, {"sender": sender}))

    assert scene.row_of(wave, nora).sender_name == "Max Power"
    assert {m.sender_email for m in scene.messages_of(wave)} == {"max@harbourline.example"}


@pytest.mark.parametrize(
    ("said", "language"), [("de-AT", "de"), ("French", "fr"), ("", "es"), ("klingon", "es")]
)
def test_people_are_asked_in_their_language_or_the_workspaces(
    people: People, said: str, language: str
):
    change(people.workspace, language="es")
    nora = scene.contact(people.workspace, language=said)

    wave = scene.launch(scene.program(people.workspace))

    assert scene.row_of(wave, nora).language == language
    assert {message.language for message in scene.messages_of(wave)} == {language}


def test_a_message_carries_what_its_text_needs(people: People):
    nora = scene.contact(people.workspace, account=scene.account(people.workspace))
    program = scene.program(
        people.workspace,
        {
            "answer_within_days": 3,
            "survey": {"company": "Harbourline Cargo"},
            "mail": {"subject": "Hello {{ first_name }}", "body": "A question."},
        },
    )

    wave = scene.launch(program)

    invitation = scene.messages_of(wave)[0]
    token = signing.sign("survey", scene.row_of(wave, nora).public_id)
    assert invitation.fields == {
        "company": "Harbourline Cargo",
        "account": "Quayside Freight",
        "survey_path": f"/s/{token}",
        "days": 3,
        "minutes": 1,
        "commitment": "",
    }
    assert (invitation.subject, invitation.body) == ("Hello {{ first_name }}", "A question.")
    assert invitation.valid_until == wave.closes_at


# When


def due(wave: Wave, person: Contact, zone: str) -> list[str]:
    local = ZoneInfo(zone)
    return [f"{m.due_at.astimezone(local):%a %d %H:%M}" for m in scene.messages_of(wave, person)]


def test_mail_arrives_in_business_hours_by_the_readers_clock(people: People):
    zones = {"Berlin": "Europe/Berlin", "York": "America/New_York", "Tokyo": "Asia/Tokyo"}
    readers = {
        name: scene.contact(people.workspace, name, time_zone=zone) for name, zone in zones.items()
    }
    nowhere = scene.contact(people.workspace, "Nowhere", time_zone="Mars/Olympus")

    wave = scene.launch(scene.program(people.workspace))

    # Monday 4 May 2026, 09:00 UTC.
    assert due(wave, readers["Berlin"], zones["Berlin"]) == ["Mon 04 11:00", "Mon 11 09:00"]
    assert due(wave, readers["York"], zones["York"]) == ["Mon 04 09:00", "Mon 11 09:00"]
    assert due(wave, readers["Tokyo"], zones["Tokyo"]) == ["Tue 05 09:00", "Mon 11 09:00"]
    assert due(wave, nowhere, "UTC") == ["Mon 04 09:00", "Mon 11 09:00"]


def test_at_any_time_means_at_once(people: People):
    nora = scene.contact(people.workspace, time_zone="Asia/Tokyo")
    saturday = datetime(2026, 5, 9, 22, 30, tzinfo=UTC)
    program = scene.program(people.workspace, {"send_window": "always"})

    wave = scene.launch(program, now=saturday)

    assert due(wave, nora, "UTC") == ["Sat 09 22:30", "Thu 14 22:30"]


@pytest.mark.parametrize(
    ("launched", "expected"),
    [
        # Clocks go forward on Sunday 29 March 2026: nine o'clock becomes ten, still open.
        (datetime(2026, 3, 25, 8, 0, tzinfo=UTC), ["Wed 25 09:00", "Mon 30 10:00"]),
        # And back on Sunday 25 October 2026: nine o'clock becomes eight, and waits until nine.
        (datetime(2026, 10, 21, 7, 0, tzinfo=UTC), ["Wed 21 09:00", "Mon 26 09:00"]),
        # A minute before closing becomes an hour after it, and waits for the next morning.
        (datetime(2026, 3, 27, 15, 59, tzinfo=UTC), ["Fri 27 16:59", "Thu 02 09:00"]),
    ],
)
def test_a_week_in_which_the_clocks_change_keeps_business_hours(
    people: People, launched: datetime, expected: list[str]
):
    nora = scene.contact(people.workspace, time_zone="Europe/Berlin")

    wave = scene.launch(scene.program(people.workspace), now=launched)

    assert due(wave, nora, "Europe/Berlin") == expected


def test_public_holidays_of_the_workspaces_country_are_no_business_days(people: People):
    change(people.workspace, country="DE", time_zone="Europe/Berlin")
    nora = scene.contact(people.workspace)

    wave = scene.launch(
        scene.program(people.workspace), now=datetime(2026, 12, 24, 17, 0, tzinfo=UTC)
    )

    assert due(wave, nora, "Europe/Berlin") == ["Mon 28 09:00", "Mon 04 09:00"]


def test_a_wave_stays_open_for_its_days_after_the_last_reader_is_invited(people: People):
    scene.contact(people.workspace, "Early", time_zone="Asia/Tokyo")
    scene.contact(people.workspace, "Late", time_zone="America/Los_Angeles")
    friday_evening = datetime(2026, 5, 8, 18, 0, tzinfo=UTC)
    change(people.workspace, business_days=[0])  # Mondays alone: a week may pass

    wave = scene.launch(scene.program(people.workspace, {"open_days": 3}), now=friday_evening)

    last = max(m.due_at for m in scene.messages_of(wave) if m.kind == "invitation")
    assert wave.closes_at == last + timedelta(days=3)


def test_a_reminder_due_after_the_close_is_left_out(people: People):
    nora = scene.contact(people.workspace)

    wave = scene.launch(scene.program(people.workspace, {"open_days": 5}))

    assert [message.kind for message in scene.messages_of(wave, nora)] == ["invitation"]


# How often


@pytest.mark.parametrize("reminders", [0, 1])
def test_as_many_reminders_are_planned_as_the_program_says(people: People, reminders: int):
    nora = scene.contact(people.workspace)

    wave = scene.launch(scene.program(people.workspace, {"touches": {"reminders": reminders}}))

    assert len(scene.messages_of(wave, nora)) == 1 + reminders


def test_a_second_reminder_is_not_planned_before_its_day(people: People):
    panel = scene.contact(people.workspace, "Paula", consent_basis="opt_in")

    wave = scene.launch(scene.program(people.workspace, {"touches": {"reminders": 2}}))

    assert [(m.kind, m.step) for m in scene.messages_of(wave, panel)] == [
        ("invitation", 0),
        ("reminder", 1),
    ]


# Once


def test_planning_the_same_messages_twice_plans_them_once(people: People):
    scene.contacts(people.workspace, 3)
    wave = scene.launch(scene.program(people.workspace))
    planned = scene.messages_of(wave)
    drafts = [
        outreach.Draft(
            workspace=people.workspace,
            kind=message.kind,
            stream=message.stream,
            step=message.step,
            contact=message.contact,
            sender_name=message.sender_name,
            sender_email=message.sender_email,
            language=message.language,
            time_zone=message.time_zone,
            due_at=message.due_at,
        )
        for message in planned
    ]

    assert outreach.plan_messages(drafts=drafts, now=NOW) == 0
    assert scene.messages_of(wave) == planned


def test_a_second_launch_waits_for_the_first_wave_to_close(people: People):
    scene.contact(people.workspace)
    program = scene.program(people.workspace)
    scene.launch(program)

    with pytest.raises(Refused, match=r"Wave 1 is still running\. It closes on 3 June 2026"):
        scene.launch(program)


@pytest.mark.django_db(transaction=True)
def test_two_launches_at_once_make_one_wave():
    people = invite_everybody()
    scene.contacts(people.workspace, 50)
    program = scene.program(people.workspace)
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def try_to_launch() -> None:
        together.wait()
        try:
            scene.launch(program)
            outcomes.append("launched")
        except Refused as refused:
            outcomes.append(refused.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_launch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    refused, launched = sorted(outcomes)
    assert launched == "launched"
    assert "still running" in refused
    assert Wave.objects.count() == 1
    assert Message.objects.count() == 100


# Refused


@pytest.mark.parametrize(
    ("columns", "definition", "field"),
    [
        ({"postal_address": " "}, {}, "postal_address"),
        ({"sender_email": ""}, {}, "sender"),
        ({"sender_email": ""}, {"sender": "account_owner"}, "sender"),
    ],
)
def test_a_launch_without_what_every_mail_needs_is_refused(
    people: People, columns: dict[str, str], definition: dict[str, object], field: str
):
    scene.contact(people.workspace)
    change(people.workspace, **columns)

    with pytest.raises(Refused) as refused:
        scene.launch(scene.program(people.workspace, definition))

    assert refused.value.field == field
    assert "settings" in refused.value.message
    assert not Wave.objects.exists()


def test_a_named_sender_needs_none_of_the_workspace(people: People):
    scene.contact(people.workspace)
    change(people.workspace, sender_email="")
    sender = {"name": "Max", "email": "max@harbourline.example"}

    assert scene.launch(scene.program(people.workspace, {"sender": sender})).eligible == 1


def test_a_launch_to_nobody_is_refused_with_the_reasons_and_leaves_no_wave(people: People):
    scene.contact(people.workspace, last_asked_at=NOW - timedelta(days=30))
    scene.contact(people.workspace, "Nomail", email=None)

    with pytest.raises(Refused) as refused:
        scene.launch(scene.program(people.workspace))

    assert refused.value.message == (
        "Nobody can be asked now: asked recently (1), no e-mail address (1). "
        "The first may be asked again from 3 July 2026."
    )
    assert not Wave.objects.exists()
    assert not Enrolment.objects.exists()


def test_a_launch_without_customers_says_to_import_them(people: People):
    with pytest.raises(Refused, match="Import your customers first"):
        scene.launch(scene.program(people.workspace))


def test_a_launch_is_written_down_once(people: People):
    scene.contact(people.workspace)
    scene.contact(people.workspace, "Nomail", email=None)

    wave = scene.launch(scene.program(people.workspace))

    fact = Fact.objects.get(name="wave.launched")
    assert fact.subject == wave.public_id
    assert fact.payload == {"program": "relationship", "eligible": 1, "excluded": 1}


def test_people_of_another_workspace_are_never_asked(people: People):
    scene.contact(people.elsewhere, "Stranger")
    nora = scene.contact(people.workspace)

    wave = scene.launch(scene.program(people.workspace))

    assert [row.contact for row in Enrolment.objects.filter(wave=wave)] == [nora]
