"""Whatever speaks against a message between its claim and its hand-off wins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from afterscore.customers.models import Contact, Signal
from afterscore.outreach import channels, operations
from afterscore.outreach.channels import Letter, Way
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Delivery, Message, State
from afterscore.outreach.sender import queue
from afterscore.workspaces.models import Workspace
from tests.outreach.post import Post, minutes
from tests.people import NOW


class Between:
    """A channel in which something happens after the claim and before the hand-off."""

    batch_size = 20
    handful = 20
    needs_content = True
    repeat_window = None
    happening = staticmethod(lambda: None)

    def __init__(self, way: Way) -> None:
        self.memory = Memory(way)

    def open(self) -> None: ...

    def close(self) -> None: ...

    def deliver(self, letters: list[Letter], hand_off):
        type(self).happening()
        yield from self.memory.deliver(letters, hand_off)


@pytest.fixture
def between(settings, monkeypatch, memory: type[Memory]) -> Callable[[Callable[[], None]], None]:
    """`between(something)` lets it happen in every batch, after the claim."""
    path = f"{Between.__module__}.{Between.__name__}"
    monkeypatch.setitem(channels.CHANNELS, "between", path)
    settings.AFTERSCORE_CHANNEL = "between"

    def set_happening(happening: Callable[[], None]) -> None:
        monkeypatch.setattr(Between, "happening", staticmethod(happening))

    return set_happening


def _unsubscribe(message: Message) -> None:
    operations.unsubscribe(message=message, now=NOW)


def _suppress(message: Message) -> None:
    operations.suppress(
        workspace=message.workspace, email=message.to_email, reason="manual", now=NOW
    )


def _cancel(message: Message) -> None:
    operations.cancel_messages(
        workspace=message.workspace, contact=message.contact, why="Answered.", now=NOW
    )


def _answer(message: Message) -> None:
    operations.mark_answered(
        workspace=message.workspace, stream=message.stream, contact=message.contact
    )


def _bounce(message: Message) -> None:
    _hear_of_an_earlier_one(message, Delivery.Kind.BOUNCED)


def _complain(message: Message) -> None:
    _hear_of_an_earlier_one(message, Delivery.Kind.COMPLAINED)


def _hear_of_an_earlier_one(message: Message, kind: Delivery.Kind) -> None:
    earlier = Post(message.workspace).sent(message.contact, stream="wav_earlier")
    operations.hear(
        message=earlier, kind=kind, blames_address=True, event_id="1", occurred_at=NOW, now=NOW
    )


def _speak(message: Message) -> None:
    later = NOW + minutes(1)
    Signal.objects.get_or_create(
        workspace=message.workspace, contact=message.contact, kind="interaction", name="call",
        external_id="call:1", defaults={"occurred_at": later, "recorded_at": later},
    )  # fmt: skip


def _quarantine(message: Message) -> None:
    _change_reader(message, quarantined_until=NOW + timedelta(days=9))


def _erase(message: Message) -> None:
    _change_reader(message, email=None, name="", erased_at=NOW)


def _change_reader(message: Message, **values: object) -> None:
    Contact.objects.filter(pk=message.contact_id).update(**values)


def _leave_the_program(message: Message) -> None:
    operations.suppress(
        workspace=message.workspace, email=message.to_email, reason="unsubscribed",
        scope=message.scope, now=NOW,
    )  # fmt: skip


def _hold(message: Message) -> None:
    operations.hold_messages(workspace=message.workspace, stream=message.stream)


def _pause(message: Message) -> None:
    Workspace.objects.filter(pk=message.workspace_id).update(is_sending_paused=True)


def _expire(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(valid_until=NOW)


def _lose_the_lease(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(lease_until=NOW - timedelta(days=3650))


def _be_claimed_by_another(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(claimed_by="other:1", attempt=2)


@pytest.mark.parametrize(
    ("happens", "state"),
    [
        (_unsubscribe, State.CANCELLED),
        (_suppress, State.SUPPRESSED),
        (_leave_the_program, State.SUPPRESSED),
        (_answer, State.CANCELLED),
        (_bounce, State.CANCELLED),
        (_complain, State.CANCELLED),
        (_speak, State.SUPPRESSED),
        (_quarantine, State.SUPPRESSED),
        (_erase, State.SUPPRESSED),
        (_cancel, State.CANCELLED),
        (_hold, State.DUE),
        (_pause, State.DUE),
        (_expire, State.EXPIRED),
        (_be_claimed_by_another, State.CLAIMED),
    ],
)
def test_what_happens_between_claim_and_hand_off_wins(
    post: Post, between, happens: Callable[[Message], None], state: str
) -> None:
    message = post.message(scope="prg_first")
    between(lambda: happens(message))
    assert post.send() == 0
    assert Memory.letters == []
    assert post.send(NOW + minutes(2)) == 0  # the next claim finds out why it was kept back
    assert post.state(message) == state
    assert Memory.letters == []


def test_whoever_lost_the_lease_sends_nothing(post: Post, between) -> None:
    message = post.message()
    between(lambda: _lose_the_lease(message))
    assert post.send() == 0
    between(lambda: None)
    assert post.send(NOW + minutes(2)) == 1  # it went back into the queue
    assert len(Memory.letters) == 1


def test_closing_time_comes_before_the_hand_off_where_the_readers_zone_is_unknown(
    post: Post, memory: type[Memory], monkeypatch
) -> None:
    """Nobody knows the hours of Olympus: the workspace's own decide, at the hand-off as well."""
    Workspace.objects.filter(pk=post.workspace.pk).update(time_zone="Europe/Berlin")
    closing = datetime(2026, 5, 4, 15, tzinfo=UTC)  # Monday, five o'clock in Berlin
    message = post.message(time_zone="Mars/Olympus", send_window="business_hours")
    hand_off = queue.hand_off
    with monkeypatch.context() as slowly:
        slowly.setattr(queue, "hand_off", lambda **values: hand_off(**{**values, "at": closing}))
        assert post.send(closing - timedelta(seconds=1)) == 0
    assert memory.letters == []
    assert post.send(closing + minutes(2)) == 0
    message.refresh_from_db()
    assert (message.state, message.due_at) == (State.DUE, datetime(2026, 5, 5, 7, tzinfo=UTC))
    assert post.send(message.due_at) == 1
