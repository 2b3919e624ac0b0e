"""Stops win every race: whatever speaks against writing, fired at random moments while two senders
work on a real database, lets nothing be handed over once it has returned."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections

from afterscore.customers import operations as customers
from afterscore.customers.models import Contact
from afterscore.customers.operations import NewSignal
from afterscore.domain.events import SYSTEM
from afterscore.kit import clock
from afterscore.outreach import channels, sender
from afterscore.outreach import operations as outreach
from afterscore.outreach.channels import HandOff, Letter, Outcome
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Delivery, Message
from afterscore.programs import operations
from afterscore.programs.models import Enrolment, Wave
from tests.people import People
from tests.programs import scene

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 9  # contacts for each kind of stop


class Slow(Memory):
    """Hands over a few letters at a time and takes a moment for it, so that stops interleave."""

    batch_size = 3
    handful = 3

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        for outcomes in super().deliver(letters, hand_off):
            time.sleep(random.random() / 100)
            yield outcomes


@pytest.fixture(autouse=True)
def slow(settings, monkeypatch) -> None:
    monkeypatch.setitem(channels.CHANNELS, "interleaving", f"{Slow.__module__}.{Slow.__name__}")
    settings.AFTERSCORE_CHANNEL = "interleaving"
    Memory.letters.clear()


def answer(row: Enrolment) -> None:
    operations.mark_answered(enrolment=row, now=clock.now())


def unsubscribe(row: Enrolment) -> None:
    outreach.unsubscribe(message=earlier(row), now=clock.now())


def bounce(row: Enrolment) -> None:
    hear(row, Delivery.Kind.BOUNCED)


def complain(row: Enrolment) -> None:
    hear(row, Delivery.Kind.COMPLAINED)


def hear(row: Enrolment, kind: Delivery.Kind) -> None:
    now = clock.now()
    outreach.hear(
        message=earlier(row),
        kind=kind,
        blames_address=True,
        event_id="1",
        occurred_at=now,
        now=now,
    )


def speak(row: Enrolment) -> None:
    now = clock.now()
    spoken = NewSignal(
        kind="interaction", name="call", occurred_at=now, email=row.contact.email or ""
    )
    customers.record_signals(workspace=row.workspace, signals=[spoken], actor=SYSTEM, now=now)


def quarantine(row: Enrolment) -> None:
    now = clock.now()
    customers.quarantine_contact(
        contact=row.contact, until=now + timedelta(days=9), why="", actor=SYSTEM, now=now
    )


def quarantine_account(row: Enrolment) -> None:
    now = clock.now()
    assert row.account is not None
    customers.quarantine_account(
        account=row.account, until=now + timedelta(days=9), why="", actor=SYSTEM, now=now
    )


STOPS: tuple[Callable[[Enrolment], None], ...] = (
    answer, unsubscribe, bounce, complain, speak, quarantine, quarantine_account,
)  # fmt: skip


def earlier(row: Enrolment) -> Message:
    """A mail that reached the contact before."""
    return Message.objects.select_related("workspace", "contact").get(
        contact=row.contact, kind="heads_up"
    )


@pytest.fixture
def wave(people: People) -> Wave:
    for number in range(EACH * len(STOPS)):
        company = scene.account(people.workspace, f"Company {number}")
        scene.contact(people.workspace, f"P{number} Reader", account=company)
    program = scene.program(people.workspace, {"send_window": "always"})
    wave = scene.launch(program, now=clock.now())
    columns = [field.attname for field in Message._meta.fields if field.attname != "id"]
    Message.objects.bulk_create(
        Message(
            **{
                **{name: getattr(row, name) for name in columns},
                "public_id": f"{row.public_id}e",
                "kind": "heads_up",
                "state": "sent",
                "handed_at": row.created_at - timedelta(days=1),
                "sent_at": row.created_at - timedelta(days=1),
            }
        )
        for row in Message.objects.filter(kind="invitation")
    )
    return wave


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        at: datetime = cursor.fetchone()[0]
        return at


def in_threads(*jobs: Callable[[], object]) -> None:
    failures: list[BaseException] = []

    def run(job: Callable[[], object]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 (told to the test below)
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def wait_for_the_first_letter() -> None:
    started = time.monotonic()
    while not Memory.letters and time.monotonic() < started + 10:
        time.sleep(0.001)


def test_nothing_is_handed_over_once_a_stop_has_returned(wave: Wave):
    rows = list(
        Enrolment.objects.select_related("workspace", "contact", "account", "wave").filter(
            wave=wave
        )
    )
    random.shuffle(rows)
    plan = list(zip(rows, STOPS * EACH, strict=True))
    random.shuffle(plan)
    returned: dict[int, datetime] = {}

    def stop_one_after_the_other() -> None:
        wait_for_the_first_letter()
        for row, stop in plan:
            time.sleep(random.random() / 200)
            stop(row)
            returned[row.contact_id] = database_now()

    in_threads(
        lambda: sender.drain(worker="one:1"),
        lambda: sender.drain(worker="two:2"),
        stop_one_after_the_other,
    )
    in_threads(lambda: sender.drain(worker="one:1"))  # whoever is left after the last stop

    invitations = Message.objects.filter(kind="invitation", stream=wave.public_id)
    sent = {row.contact_id: row.handed_at for row in invitations.filter(state="sent")}
    assert [
        (contact, handed)
        for contact, handed in sent.items()
        if handed is not None and handed > returned[contact]
    ] == []
    assert 0 < len(sent) < len(plan)  # it was a race
    assert not invitations.filter(state__in=["planned", "due", "claimed", "handoff"]).exists()
    addresses = {letter.recipient for letter in Memory.letters}
    assert addresses == {contact.email for contact in Contact.objects.filter(pk__in=list(sent))}
    reminders = Message.objects.filter(kind="reminder", stream=wave.public_id)
    assert set(reminders.values_list("state", flat=True)) == {"cancelled"}


def test_nothing_of_a_wave_is_handed_over_once_it_is_paused(wave: Wave):
    returned: list[datetime] = []

    def pause() -> None:
        wait_for_the_first_letter()
        time.sleep(random.random() / 50)
        operations.pause_wave(wave=wave, why="", actor=SYSTEM, now=clock.now())
        returned.append(database_now())

    in_threads(lambda: sender.drain(worker="one:1"), lambda: sender.drain(worker="two:2"), pause)
    handed = Message.objects.filter(kind="invitation", state="sent")
    assert not handed.filter(handed_at__gt=returned[0]).exists()
    assert 0 < len(Memory.letters) == handed.count() < EACH * len(STOPS)
