"""A wave of which too much comes back is paused by itself, at once, and says why."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from afterscore.domain.events import SYSTEM
from afterscore.journal.models import Fact
from afterscore.kit import clock
from afterscore.outreach import operations as outreach
from afterscore.outreach import sender
from afterscore.outreach.models import Delivery, Message
from afterscore.programs import operations
from afterscore.programs.models import Wave
from tests.outreach import mail_server
from tests.people import NOW, People, invite_everybody
from tests.programs import scene

UNKNOWN = "550 5.1.1 no such user"
LATER = NOW + timedelta(days=3)


@pytest.fixture
def wave(people: People) -> Wave:
    scene.contacts(people.workspace, 200)
    wave = scene.launch(scene.program(people.workspace))
    scene.send(wave)
    return wave


def come_back(wave: Wave, count: int, kind: str = "bounced", *, now=LATER, skip: int = 0) -> None:
    mails = Message.objects.filter(stream=wave.public_id, kind="invitation").order_by("id")
    for message in mails.select_related("workspace", "contact")[skip : skip + count]:
        outreach.hear(
            message=message, kind=Delivery.Kind(kind), blames_address=True,
            event_id=f"{kind}-{message.pk}", occurred_at=now, now=now,
        )  # fmt: skip


def state_of(wave: Wave) -> str:
    wave.refresh_from_db()
    return wave.state


@pytest.mark.django_db(transaction=True)
def test_a_wave_with_six_percent_bounces_is_paused_within_a_minute_and_a_hundred_mails(settings):
    """A real mail server refuses every sixteenth address of 300; one worker sends as fast as it
    can. The limit is reached with the hundredth mail."""
    people = invite_everybody()
    scene.contacts(people.workspace, 300)
    wave = scene.launch(scene.program(people.workspace, {"send_window": "always"}))
    refused = {f"person{number}@many.example": UNKNOWN for number in range(16, 301, 16)}

    with mail_server.running(says_to=refused) as server:
        settings.AFTERSCORE_CHANNEL = "smtp"
        settings.AFTERSCORE_SMTP_URL = f"smtp://127.0.0.1:{server.port}"
        began = time.monotonic()
        with clock.at(NOW):
            sender.drain(worker="one")
        took = time.monotonic() - began

    assert state_of(wave) == "paused"
    assert took < 60
    assert 94 <= len(server.accepted) <= 100 + 100
    assert not Message.objects.filter(stream=wave.public_id, state="planned", is_held=False)
    fact = Fact.objects.get(name="wave.paused")
    assert fact.actor == str(SYSTEM)
    assert "mails came back" in fact.payload["why"]


def test_the_round_of_every_minute_finds_what_was_missed(wave: Wave):
    """In this test nothing is committed, so nobody is told of the single bounces."""
    come_back(wave, 10)
    assert state_of(wave) == "running"

    assert operations.watch_waves(now=LATER) == 1

    assert state_of(wave) == "paused"
    assert wave.paused_why.startswith("10 of 200 (5.0")
    assert "Check the addresses" in wave.paused_why


def test_below_five_percent_it_goes_on(wave: Wave):
    come_back(wave, 9)
    assert operations.watch_waves(now=LATER) == 0


def test_temporary_refusals_are_no_bounces(wave: Wave):
    for message in Message.objects.filter(stream=wave.public_id, kind="invitation")[:20]:
        outreach.hear(
            message=message, kind=Delivery.Kind.BOUNCED, is_permanent=False,
            event_id=f"full-{message.pk}", occurred_at=LATER, now=LATER,
        )  # fmt: skip
    assert operations.watch_waves(now=LATER) == 0


def test_two_complaints_in_two_thousand_mails_are_enough(wave: Wave):
    come_back(wave, 1, "complained")
    assert operations.watch_waves(now=LATER) == 0
    come_back(wave, 1, "complained", skip=1)
    assert operations.watch_waves(now=LATER) == 1
    assert "reported as spam" in Wave.objects.get(pk=wave.pk).paused_why


def test_whoever_resumes_it_has_seen_the_bounces(wave: Wave):
    come_back(wave, 10)
    operations.watch_waves(now=LATER)
    operations.resume_wave(wave=wave, actor=SYSTEM, now=LATER + timedelta(hours=1))

    come_back(wave, 5, skip=10)  # of mails sent before
    assert operations.watch_waves(now=LATER + timedelta(hours=2)) == 0
    assert state_of(wave) == "running"
    assert wave.paused_why == ""


def test_a_closed_or_paused_wave_is_left_alone(wave: Wave):
    come_back(wave, 20)
    operations.pause_wave(wave=wave, why="By hand", actor=SYSTEM, now=LATER)
    assert operations.watch_waves(now=LATER) == 0
    assert Wave.objects.get(pk=wave.pk).paused_why == "By hand"


@pytest.mark.django_db(transaction=True)
def test_with_many_bounces_it_is_not_counted_at_each_of_them(monkeypatch):
    people = invite_everybody()
    scene.contacts(people.workspace, 160)
    wave = scene.launch(scene.program(people.workspace))
    scene.send(wave)
    judged = []
    monkeypatch.setattr(
        "afterscore.programs.operations.watching._judge", lambda wave, now: judged.append(wave)
    )
    come_back(wave, 130)
    judged.clear()

    come_back(wave, 20, skip=130)

    assert len(judged) == 4
