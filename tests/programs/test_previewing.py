from __future__ import annotations

from datetime import date, timedelta

from afterscore.domain.fatigue import Reason
from afterscore.journal.models import Fact
from afterscore.outreach.models import Message
from afterscore.programs import operations, queries
from afterscore.programs.models import Enrolment, Wave
from tests.people import NOW, People
from tests.programs import scene
from tests.programs.test_launching import ENTERPRISE, exclude_for_every_reason


def test_a_preview_says_what_the_launch_then_does(people: People):
    left_out = exclude_for_every_reason(people.workspace)
    scene.contact(people.workspace, account=left_out["bounced"].account)
    program = scene.program(people.workspace, ENTERPRISE)

    preview = queries.preview(program=program, now=NOW)
    wave = scene.launch(program)

    assert preview.asked == wave.eligible
    assert preview.not_asked + preview.outside == wave.excluded
    counted = {group.reason.value: group.people for group in preview.left_out}
    assert counted == queries.exclusion_counts(wave=wave)
    assert preview.closes_at == wave.closes_at
    planned = Message.objects.filter(stream=wave.public_id)
    assert sum(day.total for day in preview.days) == planned.count()
    assert [day.day for day in preview.days] == sorted({m.due_at.date() for m in planned})


def test_a_preview_writes_nothing(people: People):
    scene.contact(people.workspace)
    program = scene.program(people.workspace)
    before = Fact.objects.count()

    queries.preview(program=program, now=NOW)

    assert not Wave.objects.exists()
    assert not Enrolment.objects.exists()
    assert not Message.objects.exists()
    assert Fact.objects.count() == before


def test_a_preview_names_ten_people_for_each_reason_and_when_the_first_is_free(people: People):
    scene.contacts(people.workspace, 12, last_asked_at=NOW - timedelta(days=30))
    scene.contact(people.workspace, "Sooner", last_asked_at=NOW - timedelta(days=60))
    scene.contact(people.workspace)

    (group,) = queries.preview(program=scene.program(people.workspace), now=NOW).left_out

    assert group.reason is Reason.ASKED_RECENTLY
    assert group.people == 13
    assert group.samples == tuple(f"Person {number}" for number in range(1, 11))
    assert group.until == NOW + timedelta(days=30)


def test_the_calendar_counts_invitations_and_reminders_a_day(people: People):
    scene.contact(people.workspace, "Berlin", time_zone="Europe/Berlin")
    scene.contact(people.workspace, "York", time_zone="America/New_York")
    scene.contact(people.workspace, "Tokyo", time_zone="Asia/Tokyo")

    preview = queries.preview(program=scene.program(people.workspace), now=NOW)

    assert [(day.day, day.invitations, day.reminders) for day in preview.days] == [
        (date(2026, 5, 4), 2, 0),
        (date(2026, 5, 5), 1, 0),
        (date(2026, 5, 11), 0, 3),
    ]
    assert preview.invitation_days == (date(2026, 5, 4), date(2026, 5, 5))


def test_a_program_without_a_past_is_expected_to_be_answered_by_a_quarter(people: People):
    scene.contacts(people.workspace, 40)

    expected = queries.preview(program=scene.program(people.workspace), now=NOW).expected

    assert (expected.answers, expected.ratio) == (10, 0.25)
    assert "no earlier wave" in expected.why


def test_a_program_with_a_past_is_expected_to_do_as_before(people: People):
    asked = scene.contacts(people.workspace, 10)
    program = scene.program(people.workspace)
    wave = scene.launch(program)
    scene.send(wave)
    for person in asked[:4]:
        operations.mark_answered(enrolment=scene.row_of(wave, person), now=NOW)
    operations.close_waves(now=wave.closes_at)

    preview = queries.preview(program=program, now=NOW + timedelta(days=100))

    assert (preview.expected.answers, preview.expected.ratio) == (4, 0.4)
    assert preview.expected.why == "if 40\N{NARROW NO-BREAK SPACE}% answer, as in its earlier wave"


def test_a_form_that_is_not_saved_can_be_previewed(people: People):
    company = scene.account(people.workspace, plan="enterprise")
    scene.contact(people.workspace, account=company)
    scene.contact(people.workspace, "Other")
    definition = queries.read_definition({"name": "R", "slug": "r", **ENTERPRISE})

    program = queries.draft_program(workspace=people.workspace, definition=definition)
    preview = queries.preview(program=program, now=NOW)

    assert (preview.asked, preview.outside) == (1, 1)


def test_people_without_an_owner_to_ask_them_are_counted(people: People):
    scene.contact(people.workspace, account=scene.account(people.workspace, owner=people.ana))
    scene.contact(people.workspace, "Alone")
    program = scene.program(people.workspace, {"sender": "account_owner"})

    assert queries.preview(program=program, now=NOW).substituted == 1


def test_people_of_another_workspace_are_not_even_counted(people: People):
    scene.contact(people.elsewhere)

    preview = queries.preview(program=scene.program(people.workspace), now=NOW)

    assert (preview.asked, preview.left_out) == (0, ())
