"""What ends an asking that is under way, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterscore.cases import operations as cases
from afterscore.cases.models import Entry
from afterscore.customers import operations as customers
from afterscore.customers.models import Contact
from afterscore.customers.operations import NewSignal
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock, jobs
from afterscore.kit.errors import Refused
from afterscore.outreach import operations as outreach
from afterscore.outreach import sender
from afterscore.outreach.models import Message
from afterscore.programs.models import Enrolment, Wave
from tests.cases import answers
from tests.people import NOW, People
from tests.programs import scene

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ALWAYS = {"send_window": "always"}


@pytest.fixture
def nora(people: People) -> Contact:
    return scene.contact(people.workspace, account=scene.account(people.workspace))


@pytest.fixture
def wave(people: People, nora: Contact) -> Wave:
    scene.contact(people.workspace, "Other Reader")
    return scene.launch(scene.program(people.workspace, ALWAYS))


def speak(contact: Contact, at=NOW) -> None:
    call = NewSignal(kind="interaction", name="call", occurred_at=at, email=contact.email or "")
    intake = customers.record_signals(
        workspace=contact.workspace, signals=[call], actor=SYSTEM, now=NOW
    )
    assert intake.created == 1


def leave_alone(contact: Contact, days: int = 10, why: str = "an escalation") -> Contact:
    return customers.quarantine_contact(
        contact=contact, until=NOW + days * DAY, why=why, actor=SYSTEM, now=NOW
    )


def why_stopped(wave: Wave, contact: Contact) -> str:
    row = scene.row_of(wave, contact)
    states = {message.state for message in scene.messages_of(wave, contact)}
    assert (row.state == "stopped") == (states == {"cancelled"})
    return row.stopped_why


def test_whoever_was_spoken_to_is_not_asked_by_a_machine(wave: Wave, nora: Contact):
    speak(nora)
    assert why_stopped(wave, nora) == "Somebody spoke with them personally."
    assert Enrolment.objects.filter(wave=wave, state="stopped").count() == 1


def test_a_conversation_before_the_asking_stops_nothing(wave: Wave, nora: Contact):
    speak(nora, NOW - DAY)
    assert why_stopped(wave, nora) == ""


def test_a_call_in_a_case_stops_what_another_program_still_asks(people: People):
    case = answers.open_for(people)
    other = scene.program(people.workspace, {"slug": "other", "name": "Other", **ALWAYS})
    people.workspace.minimum_gap_days = 0
    people.workspace.save()
    wave = scene.launch(other, now=NOW + 100 * DAY)
    assert scene.row_of(wave, case.contact).state == "enrolled"
    cases.log_call(case=case, outcome=Entry.Call.NOT_REACHED, actor=SYSTEM, now=NOW + 100 * DAY)
    assert why_stopped(wave, case.contact) == ""
    cases.log_call(case=case, outcome=Entry.Call.REACHED, actor=SYSTEM, now=NOW + 100 * DAY)
    assert why_stopped(wave, case.contact) == "Somebody spoke with them personally."


def test_whoever_is_left_alone_gets_nothing_more(wave: Wave, nora: Contact):
    leave_alone(nora)
    assert why_stopped(wave, nora) == "Left alone until 14 May 2026."
    fact = Fact.objects.get(name="contact.quarantined")
    assert fact.payload["why"] == "an escalation"


def test_everybody_at_an_account_that_is_left_alone_gets_nothing_more(wave: Wave, nora: Contact):
    assert nora.account is not None
    customers.quarantine_account(
        account=nora.account, until=NOW + 5 * DAY, why="", actor=SYSTEM, now=NOW
    )
    assert why_stopped(wave, nora) == "The account is left alone until 9 May 2026."
    assert Enrolment.objects.filter(wave=wave, state="enrolled").count() == 1


def test_leaving_alone_twice_tells_it_once_and_it_can_be_ended(nora: Contact):
    leave_alone(nora)
    leave_alone(nora)
    assert Fact.objects.filter(name="contact.quarantined").count() == 1
    ended = customers.quarantine_contact(contact=nora, until=None, why="", actor=SYSTEM, now=NOW)
    assert (ended.quarantined_until, ended.quarantine_why) == (None, "")
    assert Fact.objects.filter(name="contact.quarantined").count() == 2


@pytest.mark.parametrize(
    ("days", "why", "field"), [(0, "", "until"), (800, "", "until"), (3, "x" * 201, "why")]
)
def test_a_quarantine_makes_sense(nora: Contact, days, why, field):
    with pytest.raises(Refused) as refused:
        leave_alone(nora, days, why)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"erased_at": NOW}, "The reader asked to be erased."),
        ({"quarantined_until": NOW + DAY}, "Left alone until 5 May 2026."),
        ({"quarantined_until": NOW}, ""),
    ],
)
def test_the_sender_looks_once_more(wave: Wave, nora: Contact, columns, reason):
    """Rows that slipped past the operations: a launch that judged a moment before."""
    Contact.objects.filter(pk=nora.pk).update(**columns)
    with clock.at(NOW):
        sender.drain(worker="test:1")
    invitation = Message.objects.get(contact=nora, kind="invitation")
    expected = ("suppressed", reason) if reason else ("sent", "")
    assert (invitation.state, invitation.reason) == expected


def test_who_leaves_one_program_stays_in_the_other(people: People, wave: Wave, nora: Contact):
    people.workspace.minimum_gap_days = 0
    people.workspace.save()
    other = scene.launch(
        scene.program(people.workspace, {"slug": "other", "name": "Other", **ALWAYS})
    )
    message = Message.objects.get(stream=wave.public_id, contact=nora, kind="invitation")
    with jobs.inline() as queue:
        outreach.leave_program(message=message, now=NOW)
        queue.run()
    assert why_stopped(wave, nora) == "Unsubscribed from this program."
    assert why_stopped(other, nora) == ""
