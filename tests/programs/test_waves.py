from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from afterscore.customers.models import Contact
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.kit.errors import NotFound, Refused
from afterscore.outreach import operations as outreach
from afterscore.outreach.models import Delivery, Message
from afterscore.programs import operations, queries, tasks
from afterscore.programs.models import Wave
from tests.people import NOW, People
from tests.programs import scene


@pytest.fixture
def nora(people: People) -> Contact:
    return scene.contact(people.workspace)


@pytest.fixture
def wave(people: People, nora: Contact) -> Wave:
    return scene.launch(scene.program(people.workspace))


def states(wave: Wave) -> list[str]:
    return [message.state for message in scene.messages_of(wave)]


def facts(wave: Wave) -> list[str]:
    found = Fact.objects.filter(subject=wave.public_id).order_by("id")
    return [fact.name for fact in found]


def pause(wave: Wave) -> None:
    operations.pause_wave(wave=wave, why="Incident", actor=SYSTEM, now=NOW)


def resume(wave: Wave) -> None:
    operations.resume_wave(wave=wave, actor=SYSTEM, now=NOW)


def close(wave: Wave) -> None:
    operations.close_wave(wave=wave, actor=SYSTEM, now=NOW)


# An answer


def test_whoever_answered_is_not_reminded(wave: Wave, nora: Contact):
    scene.send(wave)

    operations.mark_answered(enrolment=scene.row_of(wave, nora), now=NOW)

    row = scene.row_of(wave, nora)
    assert (row.state, row.answered_at) == ("answered", NOW)
    assert states(wave) == ["sent", "cancelled"]


def test_the_first_answer_counts(wave: Wave, nora: Contact):
    row = scene.row_of(wave, nora)
    operations.mark_answered(enrolment=row, now=NOW)
    operations.mark_answered(enrolment=row, now=NOW + timedelta(days=1))

    assert scene.row_of(wave, nora).answered_at == NOW


def test_an_answer_leaves_other_peoples_messages_alone(people: People, nora: Contact):
    scene.contact(people.workspace, "Otto")
    wave = scene.launch(scene.program(people.workspace))

    operations.mark_answered(enrolment=scene.row_of(wave, nora), now=NOW)

    assert sorted(states(wave)) == ["cancelled", "cancelled", "planned", "planned"]


# A reason to stop


def test_whoever_unsubscribes_is_not_reminded(people: People, wave: Wave, nora: Contact):
    scene.send(wave)
    with jobs.inline() as queue, clock.at(NOW):
        outreach.unsubscribe(message=scene.messages_of(wave)[0], now=NOW)
        queue.run()

    row = scene.row_of(wave, nora)
    assert (row.state, row.stopped_why) == ("stopped", "Unsubscribed.")
    assert states(wave) == ["sent", "cancelled"]


@pytest.mark.parametrize(("permanent", "state"), [(True, "stopped"), (False, "enrolled")])
def test_mail_that_comes_back_for_good_ends_the_reminders(
    wave: Wave, nora: Contact, permanent: bool, state: str
):
    scene.send(wave)
    with jobs.inline() as queue, clock.at(NOW):
        outreach.hear(
            message=scene.messages_of(wave)[0],
            kind=Delivery.Kind.BOUNCED,
            is_permanent=permanent,
            event_id="bounce",
            occurred_at=NOW,
            detail="550 5.1.1 no such user",
            now=NOW,
        )
        queue.run()

    assert scene.row_of(wave, nora).state == state
    assert (states(wave)[1] == "cancelled") is permanent


def test_whoever_reports_a_mail_as_spam_is_asked_nothing_more(wave: Wave, nora: Contact):
    scene.send(wave)
    with jobs.inline() as queue, clock.at(NOW):
        outreach.hear(
            message=scene.messages_of(wave)[0],
            kind=Delivery.Kind.COMPLAINED,
            event_id="report",
            occurred_at=NOW,
            now=NOW,
        )
        queue.run()

    row = scene.row_of(wave, nora)
    assert (row.state, row.stopped_why) == ("stopped", "Reported a mail as spam.")
    assert states(wave) == ["sent", "cancelled"]


def test_stopping_twice_stops_once_and_an_answer_after_it_still_counts(wave: Wave, nora: Contact):
    assert operations.stop_enrolments(contact=nora, why="Unsubscribed.", now=NOW) == 1
    assert operations.stop_enrolments(contact=nora, why="Again.", now=NOW) == 0
    assert scene.row_of(wave, nora).stopped_why == "Unsubscribed."

    operations.mark_answered(enrolment=scene.row_of(wave, nora), now=NOW)

    assert scene.row_of(wave, nora).state == "answered"


# Pause and resume


def test_a_paused_wave_holds_its_messages_until_it_is_resumed(wave: Wave):
    pause(wave)
    assert {message.is_held for message in scene.messages_of(wave)} == {True}
    wave.refresh_from_db()
    assert wave.state == "paused"

    resume(wave)
    assert {message.is_held for message in scene.messages_of(wave)} == {False}
    assert facts(wave) == ["wave.launched", "wave.paused", "wave.resumed"]
    assert Fact.objects.get(name="wave.paused").payload == {"why": "Incident"}


def test_pausing_resuming_and_closing_twice_is_as_once(wave: Wave):
    for change in (pause, pause, resume, resume, close, close):
        change(wave)

    assert facts(wave) == ["wave.launched", "wave.paused", "wave.resumed", "wave.closed"]


@pytest.mark.parametrize("change", [pause, resume])
def test_a_closed_wave_stays_closed(wave: Wave, change: Callable[[Wave], None]):
    close(wave)

    with pytest.raises(Refused, match="closed"):
        change(wave)


# Close


def test_closing_cancels_what_waits_and_takes_no_more_answers(wave: Wave):
    close(wave)

    wave.refresh_from_db()
    assert (wave.state, wave.closes_at) == ("closed", NOW)
    assert states(wave) == ["cancelled", "cancelled"]


def test_whoever_was_not_invited_before_the_close_does_not_count_as_asked(people: People):
    asked = scene.contact(people.workspace)
    waiting = scene.contact(people.workspace, "Waiting")
    program = scene.program(people.workspace)
    wave = scene.launch(program)
    scene.send(wave, asked)

    close(wave)

    assert scene.row_of(wave, asked).state == "enrolled"
    row = scene.row_of(wave, waiting)
    assert (row.state, row.stopped_why[:20]) == ("stopped", "The wave was closed ")
    again = scene.launch(program, now=NOW + timedelta(days=1))
    assert scene.row_of(again, waiting).state == "enrolled"
    assert scene.row_of(again, asked).state == "excluded"


def test_waves_close_by_themselves_when_their_time_is_over(people: People, wave: Wave):
    scene.contact(people.elsewhere)
    people.elsewhere.postal_address = "Elsewhere"
    people.elsewhere.sender_email = "eve@elsewhere.example"
    people.elsewhere.save()
    other = scene.launch(scene.program(people.elsewhere))
    pause(other)

    with clock.at(wave.closes_at - timedelta(seconds=1)):
        tasks.close_waves()
    assert not Wave.objects.filter(state="closed").exists()

    with clock.at(wave.closes_at):
        tasks.close_waves()
        tasks.close_waves()
    assert Wave.objects.filter(state="closed").count() == 2
    wave.refresh_from_db()
    assert wave.closes_at == NOW + timedelta(days=30)
    assert Fact.objects.filter(name="wave.closed").count() == 2


# Reading


def test_an_enrolment_is_found_with_everything_the_survey_page_shows(
    people: People, wave: Wave, nora: Contact, django_assert_num_queries
):
    public_id = scene.row_of(wave, nora).public_id

    with django_assert_num_queries(1):
        found = queries.find_enrolment(public_id=public_id)
        assert found is not None
        assert found.wave.program.name == "Relationship"
        assert found.wave.survey_version.company == "Harbourline"
        assert found.workspace.name == "Harbourline"
        assert (found.contact, found.account, found.owner) == (nora, None, None)

    assert queries.find_enrolment(public_id="enr_nobody") is None


def test_programs_and_waves_of_another_workspace_are_not_there(people: People, wave: Wave):
    with pytest.raises(NotFound):
        queries.get_program(workspace=people.elsewhere, slug="relationship")
    with pytest.raises(NotFound):
        queries.get_wave(workspace=people.elsewhere, public_id=wave.public_id)
    assert not queries.list_programs(workspace=people.elsewhere)
    assert not queries.list_waves(workspace=people.elsewhere)


def test_a_contacts_waves_are_listed_newest_first(people: People, wave: Wave, nora: Contact):
    close(wave)
    later = NOW + timedelta(days=1)
    again = scene.launch(wave.program, now=later)

    found = queries.list_enrolments_of(workspace=people.workspace, contact=nora)

    assert [row.wave for row in found] == [again, wave]
    assert Message.objects.count() == 4
