"""Several senders at once on a real database: nobody is written to twice, nobody is forgotten."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models.functions import Now

from afterscore.kit import clock
from afterscore.outreach import channels, operations, sender
from afterscore.outreach.channels import HandOff, Letter, Outcome
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Message, State
from afterscore.outreach.sender import batches, queue
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
            _end_leases()
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


@contextmanager
def _locked(*, message: Message, then: Message | None = None) -> Iterator[None]:
    """Somebody else has a row locked meanwhile, and reaches for another once we wait for it."""

    def hold() -> None:
        with transaction.atomic():
            Message.objects.select_for_update().get(pk=message.pk)
            is_locked.set()
            if then is None:
                is_over.wait(30)
            else:
                while not _somebody_waits_for_a_lock():
                    time.sleep(0.01)
                Message.objects.select_for_update().get(pk=then.pk)

    is_locked, is_over = threading.Event(), threading.Event()
    thread = threading.Thread(target=_closing, args=(hold,))
    thread.start()
    is_locked.wait(30)
    yield
    is_over.set()
    thread.join()


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        (is_waiting,) = cursor.fetchone()
    return bool(is_waiting)


def _claimed(post: Post, name: str, **changes: Any) -> Message:
    message = post.message(post.contact(name))
    values = {"state": State.CLAIMED, "claimed_by": "one:1", "attempt": 1}
    Message.objects.filter(pk=message.pk).update(
        **values | {"lease_until": Now() + timedelta(minutes=1)} | changes
    )
    return Message.objects.get(pk=message.pk)


def _two_letters(post: Post) -> tuple[Message, Message]:
    """One that the other side has, and the one that follows it."""
    before = _claimed(post, "Ana Lima", state=State.HANDOFF, handed_at=NOW)
    return before, _claimed(post, "Bo Ek")


@pytest.fixture
def impatient() -> Iterator[None]:
    """Of two that wait for each other, ours is the one to give up."""
    with connection.cursor() as cursor:
        cursor.execute("SET deadlock_timeout = '100ms'")
    yield
    connection.close()


def _hand_off(before: Message, following: Message) -> frozenset[int]:
    settled = queue.Settled((before.pk,), (before.attempt,), ("250 OK",), ("",))
    passes = [queue.Pass(following.pk, following.attempt, "", None)]
    return queue.hand_off(worker="one:1", passes=passes, settled=settled, at=NOW)


@pytest.mark.usefixtures("impatient")
def test_what_the_database_gives_up_in_a_deadlock_is_put_again(post: Post) -> None:
    """The hand-off has the next letter and wants the one before; somebody else has it the other
    way round, and is more patient."""
    before, following = _two_letters(post)
    with _locked(message=before, then=following):
        allowed = _hand_off(before, following)
    assert allowed == {following.pk}
    assert post.state(following) == State.HANDOFF
    assert post.state(before) == State.SENT


@pytest.mark.usefixtures("impatient")
def test_within_something_larger_a_deadlock_is_told_since_all_of_it_is_lost(post: Post) -> None:
    before, following = _two_letters(post)
    with (
        _locked(message=before, then=following),
        pytest.raises(OperationalError, match="deadlock detected"),
        transaction.atomic(),
    ):
        _hand_off(before, following)


def test_recovery_waits_for_nobody_and_takes_up_no_row_that_somebody_has(post: Post) -> None:
    over = Now() - timedelta(seconds=1)
    held = _claimed(post, "Ana Lima", lease_until=over)
    in_flight = _claimed(post, "Bo Ek", lease_until=over, state=State.HANDOFF, handed_at=NOW)
    dead = _claimed(post, "Cy Dee", lease_until=over)
    with _locked(message=held), _locked(message=in_flight):
        sender.recover()
        states = [post.state(each) for each in (held, in_flight, dead)]
    assert states == [State.CLAIMED, State.HANDOFF, State.DUE]
    sender.recover()
    assert [post.state(each) for each in (held, in_flight)] == [State.DUE, State.IN_DOUBT]


def _end_leases() -> None:
    """As time does it: it waits for nobody."""
    with transaction.atomic():
        claimed = Message.objects.filter(state=State.CLAIMED).select_for_update(skip_locked=True)
        Message.objects.filter(pk__in=list(claimed.values_list("pk", flat=True))).update(
            lease_until=Now() - timedelta(seconds=1)
        )


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
