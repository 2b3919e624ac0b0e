"""Mail to addresses of ours: whose it is, what follows from it, and what never does."""

from __future__ import annotations

import random

import pytest

from afterscore.customers.models import Contact
from afterscore.journal.models import Fact
from afterscore.kit import ids, jobs, mailboxes
from afterscore.outreach import operations, queries
from afterscore.outreach.channels.memory import Memory
from afterscore.outreach.models import Delivery, InboundEvent, Message, Suppression
from afterscore.outreach.operations import NotOurs, TooLarge
from tests.customers import importing
from tests.outreach import returned
from tests.outreach.post import Post, minutes
from tests.people import NOW, People

pytestmark = pytest.mark.django_db


@pytest.fixture
def message(post: Post) -> Message:
    return post.sent()


def to(message: Message, kind: str = "bounce") -> str:
    address = mailboxes.address(kind, message.public_id, "bounces.example")
    assert address is not None
    return address


def arrives(recipient: str, raw: bytes) -> InboundEvent:
    with jobs.inline() as queue:
        event = operations.receive(recipient=recipient, raw=raw, now=NOW)
        queue.run()
    event.refresh_from_db()
    return event


def heard(message: Message) -> list[tuple[str, bool]]:
    rows = Delivery.objects.filter(message=message).order_by("pk")
    return list(rows.values_list("kind", "is_permanent"))


def suppressed(email: str = "ana.lima@example.com") -> set[str]:
    rows = Suppression.objects.filter(address_hash=queries.address_hash(email))
    return set(rows.values_list("reason", flat=True))


def test_a_bounce_stops_all_mail_to_the_address(message: Message) -> None:
    event = arrives(to(message), returned.report())
    assert heard(message) == [("bounced", True)]
    assert suppressed() == {"bounced"}
    assert event.message == message
    assert event.processed_at is not None
    assert event.outcome.startswith("It came back: the address does not work.")


@pytest.mark.parametrize(
    ("status", "diagnostic", "is_permanent"),
    [
        ("5.2.2", "552 5.2.2 Mailbox full", False),
        ("5.7.1", "550 5.7.1 Message rejected as spam", True),
        ("4.4.1", "451 4.4.1 Connection timed out", False),
        ("5.0.0", "554 Transaction failed", False),
    ],
)
def test_other_bounces_are_counted_and_stop_nothing(
    message: Message, status: str, diagnostic: str, is_permanent: bool
) -> None:
    arrives(to(message), returned.report("failed", status, diagnostic))
    assert heard(message) == [("bounced", is_permanent)]
    assert suppressed() == set()


def test_a_delay_is_no_bounce(message: Message) -> None:
    event = arrives(to(message), returned.report("delayed"))
    assert heard(message) == []
    assert "still trying" in event.outcome


def test_the_same_mail_again_is_the_same_event(message: Message) -> None:
    first = arrives(to(message), returned.report())
    again = arrives(to(message).upper(), returned.report())
    assert first == again
    assert heard(message) == [("bounced", True)]
    assert Fact.objects.filter(name="message.bounced").count() == 1


def test_reading_twice_does_once(message: Message) -> None:
    event = arrives(to(message), returned.report())
    InboundEvent.objects.update(processed_at=None)
    for _ in range(2):
        operations.make_sense(event=event.public_id, now=NOW + minutes(5))
    assert heard(message) == [("bounced", True)]
    assert Fact.objects.filter(name="message.bounced").count() == 1


def test_a_report_about_a_forwarding_blames_nobody(message: Message) -> None:
    event = arrives(to(message), returned.report(reader="elsewhere@example.org"))
    assert heard(message) == [("bounced", False)]
    assert suppressed() == set()
    assert "forwarded to elsewhere@example.org" in event.outcome


def test_a_complaint_stops_all_mail(message: Message) -> None:
    arrives(to(message), returned.complaint())
    assert heard(message) == [("complained", True)]
    assert suppressed() == {"complained"}


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_a_report_that_complains_of_nothing_is_no_complaint(message: Message, kind: str) -> None:
    arrives(to(message), returned.complaint(kind))
    assert heard(message) == []
    assert suppressed() == set()


def test_an_automatic_reply_shows_that_the_mail_arrived(post: Post) -> None:
    message = post.sent()
    Message.objects.filter(pk=message.pk).update(state="in_doubt", sent_at=None)
    arrives(to(message), returned.mail("Out of office", Auto_Submitted="auto-replied"))
    assert heard(message) == [("auto_replied", True)]
    assert post.state(message) == "sent"
    assert suppressed() == set()


def test_what_a_person_writes_is_kept_and_changes_nothing(message: Message) -> None:
    event = arrives(to(message), returned.mail("Re: a question", "Please call me."))
    assert heard(message) == []
    assert "Kept for you to read." in event.outcome
    assert "Please call me." in event.body


def test_whoever_writes_to_unsubscribe_gets_no_more_mail(message: Message) -> None:
    arrives(to(message, "unsubscribe"), returned.mail("", "", Auto_Submitted="auto-replied"))
    assert heard(message) == [("unsubscribed", True)]
    assert suppressed() == {"unsubscribed"}


def test_a_bounce_does_not_unsubscribe(message: Message) -> None:
    arrives(to(message, "unsubscribe"), returned.report())
    assert heard(message) == []
    assert suppressed() == set()


def test_our_own_mail_that_comes_round_is_left_alone(message: Message) -> None:
    own = returned.mail("Unsubscribe", Message_ID=f"<{message.public_id}@harbourline.example>")
    for kind in ("bounce", "unsubscribe"):
        assert "came round" in arrives(to(message, kind), own).outcome
    assert heard(message) == []


def test_a_mail_that_went_round_and_round_is_left_alone(message: Message) -> None:
    raw = b"Received: by x\r\n" * 60 + returned.report()
    assert "came round" in arrives(to(message), raw).outcome
    assert heard(message) == []


def test_the_token_decides_whatever_the_mail_quotes(post: Post) -> None:
    meant, quoted = post.sent(), post.sent(post.contact("Ben Okafor"))
    arrives(to(meant), returned.report(quoted=f"<{quoted.public_id}@x.example>"))
    assert heard(meant) == [("bounced", True)]
    assert heard(quoted) == []


def test_of_a_hundred_forged_tokens_none_opens_the_door(message: Message) -> None:
    chance = random.Random(3)
    local, domain = to(message).split("@")
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    for _ in range(100):
        place = chance.randrange(len("bounce+"), len(local))
        letter = chance.choice(letters.replace(local[place], ""))
        forged = f"{local[:place]}{letter}{local[place + 1 :]}@{domain}"
        with pytest.raises(NotOurs):
            operations.receive(recipient=forged, raw=returned.report(), now=NOW)
    assert not InboundEvent.objects.exists()


def test_a_signed_token_of_no_message_is_refused(message: Message) -> None:
    stranger = mailboxes.address("bounce", ids.make("msg"), "bounces.example")
    assert stranger is not None
    with pytest.raises(NotOurs):
        operations.receive(recipient=stranger, raw=returned.report(), now=NOW)


def test_of_a_message_that_never_left_nothing_comes_back(post: Post) -> None:
    with pytest.raises(NotOurs):
        operations.receive(recipient=to(post.message()), raw=returned.report(), now=NOW)


@pytest.mark.parametrize("recipient", ["nobody@bounces.example", "case+x@bounces.example", "", "@"])
def test_mailboxes_that_nobody_reads_are_refused(db: None, recipient: str) -> None:
    with pytest.raises(NotOurs):
        operations.receive(recipient=recipient, raw=b"Subject: Hello\r\n\r\n", now=NOW)


def test_without_a_token_a_quoted_message_id_decides(message: Message) -> None:
    quoted = f"<{message.public_id}@harbourline.example>"
    arrives("bounce@bounces.example", returned.report(quoted=quoted))
    assert suppressed() == {"bounced"}


def test_without_either_the_only_recent_message_to_the_reader_decides(message: Message) -> None:
    """And since anybody may name a reader, it is counted and nothing is stopped by it."""
    event = arrives("bounce@bounces.example", returned.report())
    assert event.message == message
    assert heard(message) == [("bounced", False)]
    assert suppressed() == set()


def test_of_two_recent_messages_neither_is_guessed(post: Post) -> None:
    post.sent()
    post.sent(kind="reminder", step=1)
    with pytest.raises(NotOurs):
        operations.receive(recipient="bounce@bounces.example", raw=returned.report(), now=NOW)


def test_too_large_a_mail_is_refused(message: Message) -> None:
    with pytest.raises(TooLarge):
        operations.receive(recipient=to(message), raw=b"x" * 1_000_001, now=NOW)


def test_zeros_and_other_bytes_do_not_get_in_the_way(message: Message) -> None:
    event = arrives(to(message), bytes(range(256)) * 20)
    assert event.processed_at is not None


def test_old_mail_is_forgotten_and_what_was_made_of_it_stays(message: Message) -> None:
    arrives(to(message), returned.report())
    assert operations.forget_old_mail(now=NOW + operations.receiving.KEPT) == 0
    assert operations.forget_old_mail(now=NOW + operations.receiving.KEPT + minutes(1)) == 1
    assert heard(message) == [("bounced", True)]


def test_mail_about_somebody_erased_is_forgotten_and_everybody_elses_stays(
    message: Message, post: Post
) -> None:
    ben = post.sent(post.contact("Ben Ito"))
    arrives(to(message), returned.report())
    kept = arrives(to(ben), returned.report())
    assert operations.forget_mail_of_erased(now=NOW) == 0
    Contact.objects.filter(pk=message.contact_id).update(erased_at=NOW, email=None)
    assert operations.forget_mail_of_erased(now=NOW) == 1
    assert InboundEvent.objects.get() == kept
    assert heard(message) == [("bounced", True)]


def test_each_workspace_has_its_own(message: Message, people: People) -> None:
    event = arrives(to(message), returned.report())
    assert list(queries.list_inbound(workspace=people.workspace)) == [event]
    assert not queries.list_inbound(workspace=people.eve.workspace).exists()


@pytest.mark.parametrize("raw", [returned.report(), returned.complaint()], ids=["dead", "spam"])
def test_neither_erasure_nor_a_new_import_brings_the_mail_back(
    people: People, post: Post, memory: type[Memory], raw: bytes
) -> None:
    """What is kept holds no address, and knows it all the same."""
    arrives(to(post.sent()), raw)
    Contact.objects.filter(email="ana.lima@example.com").delete()
    for model in (Message, InboundEvent, Delivery):
        assert not model.objects.exists(), model
    kept = Suppression.objects.get()
    assert "ana" not in f"{kept.address_hash}{kept.source}"
    importing.run(people, "Email,Name\nAna.Lima@example.com,Ana Lima\n")
    again = post.message(Contact.objects.get(name="Ana Lima"))
    post.send()
    assert post.state(again) == "suppressed"
    assert memory.letters == []
