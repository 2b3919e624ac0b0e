"""What becomes of an invitation of which nobody knows whether it arrived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from afterscore.customers.models import Contact
from afterscore.domain.doubts import Policy
from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock, signing
from afterscore.outreach import operations as outreach
from afterscore.outreach import sender
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Delivery, Message
from afterscore.programs import operations
from afterscore.programs.models import Enrolment, Wave
from afterscore.workspaces.models import Workspace
from tests.people import NOW, People
from tests.programs import scene

HOUR = timedelta(hours=1)
TOMORROW = NOW + timedelta(days=1, hours=1)


@pytest.fixture(autouse=True)
def memory(settings) -> type[Memory]:
    settings.AFTERSCORE_CHANNEL = "memory"
    Memory.letters.clear()
    return Memory


@pytest.fixture
def wave(people: People) -> Wave:
    scene.contact(people.workspace, "Nora")
    choose(people.workspace, Policy.RESEND_ONCE)
    return scene.launch(scene.program(people.workspace))


@pytest.fixture
def nora(wave: Wave) -> Contact:
    return Contact.objects.get(workspace=wave.workspace)


@pytest.fixture
def invitation(wave: Wave) -> Message:
    """In doubt since Monday morning."""
    return doubt(Message.objects.get(kind="invitation"))


def choose(workspace: Workspace, policy: Policy) -> None:
    Workspace.objects.filter(pk=workspace.pk).update(doubt_policy=policy)


def doubt(message: Message, *, state: str = "in_doubt", at: datetime = NOW) -> Message:
    Message.objects.filter(pk=message.pk).update(state=state, handed_at=at)
    message.refresh_from_db()
    return message


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def settle_and_send(at: datetime) -> int:
    operations.settle_doubts(now=at)
    with clock.at(at):
        return sender.drain(worker="test")


def open_page(wave: Wave, contact: Contact) -> int:
    row = scene.row_of(wave, contact)
    with clock.at(NOW + HOUR):
        return Client().get(f"/s/{signing.sign('survey', row.public_id)}").status_code


def test_it_is_sent_once_more_after_a_day_and_never_a_third_time(
    invitation: Message, memory: type[Memory]
) -> None:
    assert settle_and_send(NOW + 23 * HOUR) == 0
    assert settle_and_send(TOMORROW) == 1
    assert state(invitation) == "sent"
    fact = Fact.objects.get(name="message.requeued")
    assert (fact.payload, fact.actor) == ({"was": "in_doubt"}, str(SYSTEM))

    doubt(invitation, at=TOMORROW)
    assert settle_and_send(TOMORROW + timedelta(days=3)) == 0
    assert state(invitation) == "in_doubt"
    assert len(memory.letters) == 1


def test_a_workspace_that_holds_leaves_it_to_a_person(invitation: Message) -> None:
    choose(invitation.workspace, Policy.HOLD)
    assert settle_and_send(TOMORROW + timedelta(days=1)) == 0
    assert state(invitation) == "in_doubt"


def _answer(invitation: Message, row: Enrolment) -> None:
    operations.mark_answered(enrolment=row, now=NOW + HOUR)


def _unsubscribe(invitation: Message, row: Enrolment) -> None:
    outreach.unsubscribe(message=invitation, now=NOW + HOUR)


def _bounce(invitation: Message, row: Enrolment) -> None:
    outreach.hear(
        message=invitation, kind=Delivery.Kind.BOUNCED, event_id="1", blames_address=True,
        occurred_at=NOW + HOUR, now=NOW + HOUR,
    )  # fmt: skip


def _auto_reply(invitation: Message, row: Enrolment) -> None:
    outreach.hear(
        message=invitation, kind=Delivery.Kind.AUTO_REPLIED, event_id="1",
        occurred_at=NOW + HOUR, now=NOW + HOUR,
    )  # fmt: skip


def _open(invitation: Message, row: Enrolment) -> None:
    assert open_page(row.wave, row.contact) == 200


SIGNS: list[Callable[[Message, Enrolment], None]] = [
    _answer,
    _unsubscribe,
    _bounce,
    _auto_reply,
    _open,
]


@pytest.mark.parametrize("sign", SIGNS)
def test_any_sign_ends_the_doubt(wave: Wave, nora: Contact, invitation: Message, sign) -> None:
    sign(invitation, scene.row_of(wave, nora))
    assert (state(invitation), invitation.sent_at) == ("sent", NOW)
    assert settle_and_send(TOMORROW) == 0


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_takes_back_what_was_to_go_once_more(
    wave: Wave, nora: Contact, invitation: Message, sign
) -> None:
    operations.settle_doubts(now=TOMORROW)
    assert state(invitation) == "due"
    sign(invitation, scene.row_of(wave, nora))
    assert state(invitation) == "sent"
    assert settle_and_send(TOMORROW) == 0
    assert Memory.letters == []


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_during_the_transfer_counts_when_that_ends_in_doubt(
    wave: Wave, nora: Contact, invitation: Message, sign
) -> None:
    doubt(invitation, state="handoff")
    sign(invitation, scene.row_of(wave, nora))
    doubt(invitation)
    operations.settle_doubts(now=NOW + 2 * HOUR)
    assert state(invitation) == "sent"


def test_an_open_page_says_nothing_where_two_mails_hold_its_link(
    wave: Wave, nora: Contact, invitation: Message
) -> None:
    reminder = Message.objects.filter(kind="reminder").first()
    assert reminder is not None
    doubt(reminder, state="sent", at=NOW + HOUR)
    assert open_page(wave, nora) == 200
    assert state(invitation) == "in_doubt"


def test_the_reminder_that_has_left_makes_up_for_it(wave: Wave, invitation: Message) -> None:
    reminder = Message.objects.filter(kind="reminder").first()
    assert reminder is not None
    doubt(reminder, state="sent", at=NOW + 2 * HOUR)
    assert settle_and_send(TOMORROW) == 0
    assert state(invitation) == "in_doubt"


def test_nothing_goes_once_more_in_a_wave_that_is_paused_or_closed(
    wave: Wave, invitation: Message
) -> None:
    operations.pause_wave(wave=wave, actor=SYSTEM, now=NOW)
    assert settle_and_send(TOMORROW) == 0
    operations.resume_wave(wave=wave, actor=SYSTEM, now=TOMORROW)
    operations.close_wave(wave=wave, actor=SYSTEM, now=TOMORROW)
    assert settle_and_send(TOMORROW) == 0
    assert state(invitation) == "in_doubt"


def test_what_is_cancelled_before_it_goes_once_more_is_in_doubt_again(
    wave: Wave, invitation: Message
) -> None:
    operations.settle_doubts(now=TOMORROW)
    operations.close_wave(wave=wave, actor=SYSTEM, now=TOMORROW)
    assert state(invitation) == "in_doubt"
    assert invitation.reason == (
        "It may have arrived. It was not sent once more: The wave was closed."
    )


def test_what_is_suppressed_before_it_goes_once_more_is_in_doubt_again(
    wave: Wave, invitation: Message
) -> None:
    operations.settle_doubts(now=TOMORROW)
    outreach.suppress(
        workspace=wave.workspace, email=invitation.to_email, reason="manual", now=TOMORROW
    )
    assert settle_and_send(TOMORROW) == 0
    assert state(invitation) == "in_doubt"
    assert invitation.reason.startswith("It may have arrived. It was not sent once more:")


def test_what_a_person_sent_again_does_not_go_a_third_time_by_itself(
    wave: Wave, invitation: Message
) -> None:
    outreach.send_again(message=invitation, actor=SYSTEM, now=NOW + HOUR)
    doubt(invitation, at=NOW + HOUR)
    assert settle_and_send(TOMORROW + HOUR) == 0
    assert state(invitation) == "in_doubt"


def test_the_outbox_says_what_happens_to_doubts(
    people: People, wave: Wave, invitation: Message
) -> None:
    olivia = people.client(people.olivia)
    with clock.at(NOW + timedelta(days=8)):
        shown = olivia.get("/w/harbourline/outbox/").content.decode()
    assert "is sent once more after a day of silence" in shown
    assert "1 of them has been so for a week" in shown

    choose(wave.workspace, Policy.HOLD)
    with clock.at(NOW + HOUR):
        shown = olivia.get("/w/harbourline/outbox/").content.decode()
    assert "Nothing is sent twice unless you say so." in shown
    assert "for a week" not in shown


def test_an_owner_chooses_what_happens_to_doubts(people: People) -> None:
    olivia = people.client(people.olivia)
    address = "/w/harbourline/settings/sending/"
    shown = olivia.get(address)
    assert "When it is unknown whether a message arrived" in shown.content.decode()
    values = {**shown.context["form"].initial, "doubt_policy": "resend_once"}
    values = {name: value for name, value in values.items() if value not in (None, False)}
    assert olivia.post(address, values).status_code == 302
    people.workspace.refresh_from_db()
    assert people.workspace.doubt_policy == "resend_once"
