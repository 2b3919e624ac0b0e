"""Several senders at once on a real database: nobody is written to twice, nobody is forgotten."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from afterscore.kit import clock
from afterscore.outreach import channels, operations, sender
from afterscore.outreach.channels import HandOff, Letter, Outcome
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Message, State
from afterscore.outreach.sender import batches
from tests.outreach.post import Post
from tests.people import NOW

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES = 200


class Slow(Memory):
    """Hands over one letter at a time and takes a moment for it, so that senders interleave."""

    batch_size = 7
    handful = 7

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff) -> Iterator[list[Outcome]]:
        for outcomes in super().deliver(letters, hand_off):
            time.sleep(random.random() / 500)
            yield outcomes


@pytest.fixture
def many(post: Post, settings, monkeypatch) -> Post:
    monkeypatch.setitem(channels.CHANNELS, "slow", f"{Slow.__module__}.{Slow.__name__}")
    settings.AFTERSCORE_CHANNEL = "slow"
    Memory.letters.clear()
    post.plan(*(post.draft(post.contact(f"Guest {number}")) for number in range(MESSAGES)))
    return post


def _in_threads(*jobs) -> None:
    def run(job) -> None:
        try:
            with clock.at(NOW):
                job()
        except BaseException as error:  # noqa: BLE001 (told to the test below)
            failures.append(error)
        finally:
            connections.close_all()

    failures: list[BaseException] = []
    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def _sent_to() -> Counter[str]:
    return Counter(letter.recipient for letter in Memory.letters)


def test_two_senders_write_to_nobody_twice(many: Post) -> None:
    _in_threads(lambda: sender.drain(worker="one:1"), lambda: sender.drain(worker="two:2"))
    assert set(_sent_to().values()) == {1}
    assert len(_sent_to()) == MESSAGES
    rows = Message.objects.values_list("state", "claimed_by")
    assert {state for state, _ in rows} == {State.SENT}
    assert {worker for _, worker in rows} == {"one:1", "two:2"}  # both had their share


def test_cancelling_meanwhile_never_leaves_a_mail_that_is_told_as_cancelled(many: Post) -> None:
    def cancel() -> None:
        for message in Message.objects.select_related("workspace", "contact").order_by("?")[:60]:
            operations.unsubscribe(message=message, now=NOW)

    _in_threads(lambda: sender.drain(worker="one:1"), lambda: sender.drain(worker="two:2"), cancel)
    sent = set(Message.objects.filter(state=State.SENT).values_list("to_email", flat=True))
    others = set(Message.objects.exclude(state=State.SENT).values_list("state", flat=True))
    assert others <= {State.CANCELLED, State.SUPPRESSED}
    assert set(_sent_to()) == sent
    assert set(_sent_to().values()) == {1}


def test_leases_that_end_while_others_send_lead_to_no_second_mail(many: Post, monkeypatch) -> None:
    """Living workers are taken for dead again and again: the attempt is the fence."""
    deadline = time.monotonic() + 60

    def recover() -> None:
        for _time in range(50):
            Message.objects.filter(state=State.CLAIMED).update(
                lease_until=Now() - timedelta(seconds=1)
            )
            sender.recover()
            time.sleep(0.01)

    def send(worker: str) -> None:
        """By the real clock: what the fence kept back is due again at once."""
        while _waiting() and time.monotonic() < deadline:
            sender.send_some(worker=worker)

    monkeypatch.setattr(batches, "LOOK_AGAIN", timedelta(0))
    _in_threads(recover, lambda: send("one:1"), lambda: send("two:2"))
    assert set(_sent_to().values()) == {1}
    assert len(_sent_to()) == MESSAGES
    assert not Message.objects.exclude(state=State.SENT).exists()
    assert Message.objects.filter(attempt__gt=1).exists()  # leases did end


def _closing(job, *arguments: str) -> None:
    try:
        job(*arguments)
    finally:
        connections.close_all()


def _waiting() -> bool:
    return Message.objects.exclude(state=State.SENT).exists()


def test_planning_at_once_in_two_places_plans_once(post: Post) -> None:
    contacts = [post.contact(f"Guest {number}") for number in range(50)]
    planned: list[int] = []

    def plan() -> None:
        planned.append(post.plan(*(post.draft(contact) for contact in contacts)))

    _in_threads(plan, plan)
    assert sum(planned) == 50
    assert Message.objects.count() == 50


def test_a_claim_is_committed_before_anything_is_sent(many: Post, monkeypatch) -> None:
    """Another connection sees the hand-off while the letter is on its way."""
    seen: list[str] = []

    def deliver(_self, letters, hand_off) -> Iterator[list[Outcome]]:
        hand_off([letters[0].number])
        thread = threading.Thread(target=_closing, args=(look, letters[0].number))
        thread.start()
        thread.join()
        yield [channels.Accepted(letters[0].number)]
        yield [channels.Untried(letter.number) for letter in letters[1:]]

    def look(number) -> None:
        seen.append(Message.objects.get(pk=number).state)

    monkeypatch.setattr(Slow, "deliver", deliver)
    assert not connection.in_atomic_block
    with clock.at(NOW):
        sent = sender.send_some(worker="one:1")
    assert seen == [State.HANDOFF] * sent


def test_the_database_plans_the_hand_over_once_and_not_for_each_letter(many: Post) -> None:
    with clock.at(NOW):
        sender.drain(worker="one:1")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements "
            "WHERE statement LIKE %s",
            ["%SET state = 'handoff'%"],
        )
        uses = [row[0] for row in cursor.fetchall()]
    assert sum(uses) == MESSAGES
    assert len(uses) <= 3  # by the types of what it is given, which may be empty lists


def test_three_senders_together_keep_to_the_rate_of_one_provider_and_use_most_of_it(
    post: Post, settings, monkeypatch
) -> None:
    """Three letters at once, and 58 a minute after that; a place in the row may come late."""
    monkeypatch.setitem(channels.CHANNELS, "slow", f"{Slow.__module__}.{Slow.__name__}")
    settings.AFTERSCORE_CHANNEL = "slow"
    settings.AFTERSCORE_DOMAIN_RATES = {"gmail.com": 60}
    Memory.letters.clear()
    people = [post.contact(f"Guest {n}", f"guest{n}@gmail.com") for n in range(60)]
    post.plan(*(post.draft(each) for each in people))
    for second in range(0, 31, 3):
        instant = NOW + timedelta(seconds=second)

        def send(worker: str, instant: datetime = instant) -> None:
            with clock.at(instant):
                sender.drain(worker=worker)

        _in_threads(*(lambda name=name: send(name) for name in ("one:1", "two:2", "three:3")))
        allowed = 3 + int(58 / 60 * second + 1e-9)
        assert 0.8 * allowed <= len(Memory.letters) <= allowed, second
    assert set(_sent_to().values()) == {1}
