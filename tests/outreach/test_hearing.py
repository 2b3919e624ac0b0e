"""What is heard of a message: in any order, any number of times, with one and the same end."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterscore.journal.models import Fact
from afterscore.outreach import queries
from afterscore.outreach.models import Delivery, Message, State, Suppression
from tests.outreach.post import Post
from tests.people import NOW, People

DAY = timedelta(days=1)
# kind, is it permanent, does it blame the address, on which day
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(Delivery.Kind.values),
        st.booleans(),
        st.booleans(),
        st.integers(min_value=0, max_value=40),
    ),
    max_size=9,
)
SOFT = ("bounced", False, False)


@pytest.fixture
def message(post: Post) -> Message:
    return post.sent()


def suppressed(message: Message) -> set[str]:
    rows = Suppression.objects.filter(address_hash=queries.address_hash(message.to_email))
    return set(rows.values_list("reason", flat=True))


def hear_all(post: Post, message: Message, events) -> None:
    for number, (kind, is_permanent, blames_address, day) in events:
        post.hear(
            message, kind, str(number), is_permanent=is_permanent,
            blames_address=blames_address, occurred_at=NOW + day * DAY,
        )  # fmt: skip


def outcome(message: Message):
    """Everything that order could have spoilt; then a clean table for the next telling."""
    heard = Delivery.objects.exclude(event_id__endswith=":unsubscribe")
    message.refresh_from_db()
    found = (
        message.state,
        message.reason,
        suppressed(message),
        sorted(heard.values_list("event_id", "kind", "is_permanent", "occurred_at")),
        sorted(Fact.objects.values_list("name", "payload__permanent")),
        sorted(Message.objects.exclude(pk=message.pk).values_list("state", flat=True)),
    )
    transaction.set_rollback(True)
    return found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EVENTS, st.data())
def test_order_and_repetition_change_nothing(post: Post, events, data) -> None:
    numbered = list(enumerate(events))
    again = data.draw(st.lists(st.sampled_from(numbered), max_size=6)) if numbered else []
    shuffled = data.draw(st.permutations([*numbered, *again]))
    ends = []
    for told in (numbered, shuffled):
        with transaction.atomic():
            doubtful = post.sent()
            Message.objects.filter(pk=doubtful.pk).update(
                public_id="msg_always_the_same", state=State.IN_DOUBT, sent_at=None
            )
            doubtful.refresh_from_db()
            post.message(doubtful.contact, stream="wav_second")
            hear_all(post, doubtful, told)
            ends.append(outcome(doubtful))
    assert ends[0] == ends[1]


def test_a_dead_address_gets_no_more_mail(post: Post, message: Message) -> None:
    assert post.hear(message, "bounced", blames_address=True, detail="550 5.1.1")
    assert not post.hear(message, "bounced", blames_address=True, detail="550 5.1.1")
    assert suppressed(message) == {"bounced"}
    assert Fact.objects.get(name="message.bounced").payload["reply"] == "550 5.1.1"


def test_a_refusal_that_is_not_the_addresss_fault_suppresses_nobody(
    post: Post, message: Message
) -> None:
    post.hear(message, "bounced", detail="550 5.7.1 Message looks like spam")
    assert suppressed(message) == set()


def test_a_complaint_suppresses_and_cancels_what_waits(post: Post, message: Message) -> None:
    waiting = post.message(message.contact, stream="wav_second")
    contact = message.contact
    contact.email = "ana@new.example"
    contact.save()
    message.refresh_from_db()
    post.hear(message, "complained")
    assert suppressed(message) == {"complained"}
    assert queries.suppression_reasons(workspace=post.workspace, emails=["ana@new.example"]) == {
        "ana@new.example": "complained"
    }
    assert (post.state(waiting), waiting.reason) == (
        State.CANCELLED,
        "The reader reported an earlier mail as spam.",
    )
    assert Fact.objects.filter(name="message.complained", subject=message.public_id).count() == 1


def test_five_soft_bounces_suppress_until_an_arrival_between_them_is_heard_of(
    post: Post, message: Message
) -> None:
    hear_all(post, message, [(day, (*SOFT, day)) for day in range(4)])
    assert suppressed(message) == set()
    hear_all(post, message, [(4, (*SOFT, 4))])
    assert suppressed(message) == {"bounced"}
    post.hear(message, "delivered", "late news", occurred_at=NOW + 2.5 * DAY)
    assert suppressed(message) == set()


def test_soft_bounces_of_several_messages_to_one_address_add_up(post: Post) -> None:
    sent = [post.sent(stream=f"wav_{number}") for number in range(5)]
    for day, message in enumerate(sent):
        hear_all(post, message, [(day, (*SOFT, day))])
    assert suppressed(sent[0]) == {"bounced"}


def test_a_dead_address_stays_suppressed_whatever_soft_news_comes(
    post: Post, message: Message
) -> None:
    hear_all(post, message, [(day, (*SOFT, day)) for day in range(5)])
    post.hear(message, "bounced", "dead", blames_address=True)
    post.hear(message, "delivered", "late news", occurred_at=NOW + 2.5 * DAY)
    assert suppressed(message) == {"bounced"}


@pytest.mark.parametrize("kind", Delivery.Kind.values)
def test_whatever_is_heard_ends_the_doubt(post: Post, message: Message, kind: str) -> None:
    Message.objects.update(state=State.IN_DOUBT, sent_at=None, reason="No reply came.")
    post.hear(message, kind)
    assert (post.state(message), message.sent_at, message.reason) == (State.SENT, NOW, "")
    assert Fact.objects.filter(name="message.confirmed").count() == 1


def test_an_automatic_reply_suppresses_nobody_and_tells_nobody(
    post: Post, message: Message
) -> None:
    post.hear(message, "auto_replied", detail="Out of office")
    assert suppressed(message) == set()
    assert not Fact.objects.filter(subject=message.public_id).exists()


def test_an_unsubscription_told_by_a_provider_is_one_like_any_other(
    post: Post, message: Message
) -> None:
    waiting = post.message(message.contact, stream="wav_second")
    post.hear(message, "unsubscribed")
    assert suppressed(message) == {"unsubscribed"}
    assert post.state(waiting) == State.CANCELLED
    assert Fact.objects.filter(name="contact.unsubscribed").count() == 1


def test_nothing_is_heard_of_a_message_that_never_left(post: Post) -> None:
    message = post.message()
    assert not post.hear(message, "complained")
    assert not Delivery.objects.exists()
    assert suppressed(message) == set()


def test_a_very_long_event_name_is_kept_apart_from_its_like(post: Post, message: Message) -> None:
    assert post.hear(message, "delivered", "x" * 400)
    assert not post.hear(message, "delivered", "x" * 400)
    assert post.hear(message, "delivered", "x" * 399 + "y")


@pytest.mark.django_db(transaction=True)
def test_five_soft_bounces_at_the_same_instant_suppress_as_well(people: People) -> None:
    """Each in a transaction of its own: none of them sees the others' rows."""
    post = Post(people.workspace)
    sent = [post.sent(stream=f"wav_{number}") for number in range(5)]
    start = threading.Barrier(5)

    def tell(message: Message) -> None:
        start.wait()
        post.hear(message, "bounced", is_permanent=False)
        connection.close()

    threads = [threading.Thread(target=tell, args=[message]) for message in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert suppressed(sent[0]) == {"bounced"}
