"""One budget of automated messages for each reader, looked at again when one is about to leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from afterscore.customers.models import Contact, Signal
from afterscore.outreach import channels
from afterscore.outreach.channels import HandOff, Letter
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Message, State
from afterscore.workspaces.models import Workspace
from tests.outreach.post import Post
from tests.people import NOW, People

LIMIT = "The reader has had 2 automated messages in 90 days, which is the limit for one person."


@pytest.fixture(autouse=True)
def small(post: Post, memory: type[Memory]) -> None:
    """Two messages in ninety days."""
    Workspace.objects.filter(pk=post.workspace.pk).update(budget_messages=2, budget_days=90)


def tell(contact: Contact, at: datetime, kind: str = "message") -> None:
    """What another system reports."""
    Signal.objects.create(
        workspace=contact.workspace, kind=kind, name="newsletter", contact=contact, source="crm",
        external_id=f"{kind}-{at.isoformat()}", occurred_at=at, recorded_at=at,
    )  # fmt: skip


def days(number: float) -> timedelta:
    return timedelta(days=number)


def test_what_is_one_too_many_is_cancelled_with_the_day_on_which_it_fits(post: Post) -> None:
    post.sent(stream="wav_a", at=NOW - days(20))
    post.sent(stream="wav_b", at=NOW, kind="follow_up")
    third = post.message()
    assert post.send() == 0
    third.refresh_from_db()
    ninety_days_after_the_first = "The next fits from 13 July 2026."
    assert third.state == State.CANCELLED
    assert third.reason == f"{LIMIT} {ninety_days_after_the_first}"


def test_messages_of_other_systems_count(post: Post) -> None:
    ana = post.contact()
    tell(ana, NOW)
    tell(ana, NOW - timedelta(seconds=1), kind="usage")
    first, second = post.message(), post.message(stream="wav_second")
    assert post.send() == 1
    assert post.send(NOW + timedelta(minutes=2)) == 0
    assert sorted([post.state(first), post.state(second)]) == [State.CANCELLED, State.SENT]


def test_in_doubt_counts_and_so_does_what_goes_once_more_out_of_doubt(post: Post) -> None:
    doubtful = post.sent(stream="wav_a")
    Message.objects.filter(pk=doubtful.pk).update(state="in_doubt", sent_at=None)
    again = post.sent(stream="wav_b")
    Message.objects.filter(pk=again.pk).update(
        state="due", resends=1, sent_at=None, due_at=NOW + days(1)
    )
    assert post.state(post.message()) == State.PLANNED
    assert post.send() == 0


@pytest.mark.parametrize(
    "earlier",
    [
        {"at": NOW - days(90)},  # to the second: a new stretch begins
        {"kind": "reply"},
        {"state": "failed"},
        {"state": "cancelled"},
    ],
)
def test_what_is_long_ago_personal_or_never_left_does_not_count(
    post: Post, earlier: dict[str, Any]
) -> None:
    state = earlier.get("state")
    post.sent(stream="wav_a")
    changes = {name: value for name, value in earlier.items() if name != "state"}
    other = post.sent(stream="wav_b", **changes)
    if state:
        Message.objects.filter(pk=other.pk).update(state=state, handed_at=None, sent_at=None)
    message = post.message()
    assert post.send() == 1
    assert post.state(message) == State.SENT


def test_what_a_person_writes_always_leaves(post: Post) -> None:
    post.sent(stream="wav_a")
    post.sent(stream="wav_b")
    reply = post.message(kind="reply", subject="Your answer", body="Thank you.")
    assert post.send() == 1
    assert post.state(reply) == State.SENT


def test_each_reader_and_each_workspace_has_a_budget_of_its_own(post: Post, people: People) -> None:
    elsewhere = Post(people.elsewhere)
    elsewhere.sent(stream="wav_a")
    elsewhere.sent(stream="wav_b")
    post.sent(post.contact("Ben Ito"), stream="wav_a")
    post.sent(post.contact("Ben Ito"), stream="wav_b")
    post.message()
    assert post.send() == 1


class Meanwhile(Memory):
    """Another system writes to the reader while our mail is being announced."""

    def deliver(self, letters: Sequence[Letter], hand_off: HandOff):
        for contact in Contact.objects.all():
            tell(contact, NOW)
            tell(contact, NOW - timedelta(seconds=1))
        return super().deliver(letters, hand_off)


def test_the_fence_counts_once_more(post: Post, settings, monkeypatch) -> None:
    monkeypatch.setitem(channels.CHANNELS, "meanwhile", f"{__name__}.Meanwhile")
    settings.AFTERSCORE_CHANNEL = "meanwhile"
    message = post.message()
    assert post.send() == 0
    assert Memory.letters == []
    settings.AFTERSCORE_CHANNEL = "memory"
    assert post.send(NOW + timedelta(minutes=2)) == 0
    message.refresh_from_db()
    assert (message.state, message.reason) == (
        State.CANCELLED,
        f"{LIMIT} The next fits from 2 August 2026.",
    )
