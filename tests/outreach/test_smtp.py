"""Every point at which a conversation with a mail server can end, and the state it leads to."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta

import pytest

from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.outreach import queries, sender
from afterscore.outreach.channels import replies, smtp
from afterscore.outreach.channels.smtp import Patience
from afterscore.outreach.models import Delivery, Message, State
from tests.outreach import mail_server
from tests.outreach.mail_server import HANG_UP, SILENCE
from tests.outreach.post import Post
from tests.people import NOW

QUICK = Patience(connect=1.0, command=0.3, dot=0.3)


@pytest.fixture(autouse=True, params=["one by one", "together"])
def by_smtp(request, settings, monkeypatch) -> None:
    """Everything holds whether or not the server lets commands travel together."""
    if request.param == "together":
        monkeypatch.setitem(mail_server.FINE, "EHLO", "250-mail.example.com\r\n250 PIPELINING")
    settings.AFTERSCORE_CHANNEL = "smtp"
    monkeypatch.setattr(smtp, "Patience", lambda: QUICK)


@pytest.fixture
def connect(settings):
    def to(server: mail_server.MailServer) -> None:
        settings.AFTERSCORE_SMTP_URL = f"smtp://127.0.0.1:{server.port}"

    return to


def test_a_mail_arrives_as_it_was_composed(post: Post, connect) -> None:
    message = post.message()
    with mail_server.running() as server:
        connect(server)
        assert post.send() == 1
    message.refresh_from_db()
    assert message.state == State.SENT
    assert message.reply == "250 2.0.0 queued as 4711"
    mail = email.message_from_bytes(server.accepted[0], policy=email.policy.default)
    assert mail["To"] == "Ana Lima <ana.lima@example.com>"
    assert mail["Message-ID"] == message.message_id
    assert len(list(mail.iter_parts())) == 2
    assert "MAIL FROM:<olivia@harbourline.example>" in server.commands


def test_one_connection_carries_a_round(post: Post, connect) -> None:
    for number in range(25):
        post.message(post.contact(f"Guest {number}"))
    with mail_server.running() as server:
        connect(server)
        assert post.send() == 25
    assert len(server.accepted) == 25
    assert server.connections <= 2  # the round, and the one that finds nothing


def test_a_line_that_begins_with_a_dot_arrives(post: Post, connect) -> None:
    post.message(kind="reply", subject="Dots", body="One\n.\n..two\nEnd")
    with mail_server.running() as server:
        connect(server)
        post.send()
    mail = email.message_from_bytes(server.accepted[0], policy=email.policy.default)
    plain = next(iter(mail.iter_parts()))
    assert plain.get_content().split() == ["One", ".", "..two", "End"]


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ({"MAIL": "451 4.3.0 later"}, State.DUE),
        ({"MAIL": "553 5.7.1 this sender may not"}, State.DUE),  # ours to mend: not the end
        ({"MAIL": HANG_UP}, State.DUE),
        ({"MAIL": SILENCE}, State.DUE),
        ({"RCPT": "450 4.2.0 mailbox busy"}, State.DUE),
        ({"RCPT": "421 4.3.2 closing down"}, State.DUE),
        ({"RCPT": "550 5.1.1 no such user"}, State.FAILED),
        ({"RCPT": HANG_UP}, State.DUE),
        ({"DATA": "451 4.3.0 later"}, State.DUE),
        ({"DATA": "554 5.7.1 not from you"}, State.FAILED),
        ({"DATA": HANG_UP}, State.DUE),
        ({"DATA": SILENCE}, State.DUE),
        ({"dot": "451 4.7.1 greylisted"}, State.DUE),
        ({"dot": "421 4.3.2 closing down"}, State.DUE),
        ({"dot": "554 5.7.1 spam"}, State.FAILED),
        ({"dot": HANG_UP}, State.IN_DOUBT),
        ({"dot": SILENCE}, State.IN_DOUBT),
        ({"dot": "nonsense"}, State.IN_DOUBT),
    ],
    ids=str,
)
def test_each_ending_leads_to_its_state(
    post: Post, connect, says: dict[str, str], state: str
) -> None:
    message = post.message()
    with mail_server.running(says=says) as server:
        connect(server)
        post.send()
    taken = says.get("dot") in {HANG_UP, SILENCE}
    assert len(server.accepted) == taken
    message.refresh_from_db()
    assert message.state == state
    assert message.reply
    if state == State.DUE:
        assert message.due_at == NOW + timedelta(minutes=5)
        assert "5" in message.reason


def test_after_the_back_off_it_is_sent(post: Post, connect) -> None:
    message = post.message()
    with mail_server.running(says={"RCPT": "450 4.2.0 busy"}) as server:
        connect(server)
        post.send()
    with mail_server.running() as server:
        connect(server)
        assert post.send(NOW + timedelta(minutes=4)) == 0
        assert post.send(NOW + timedelta(minutes=5)) == 1
    message.refresh_from_db()
    assert (message.state, message.attempt, message.failures) == (State.SENT, 2, 1)


def test_five_temporary_refusals_are_the_end(post: Post, connect) -> None:
    message = post.message()
    waits = []
    at = NOW
    with mail_server.running(says={"RCPT": "450 4.2.0 busy"}) as server:
        connect(server)
        for _ in range(5):
            post.send(at)
            message.refresh_from_db()
            waits.append(message.due_at - at)
            at = message.due_at
    assert waits == [
        timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
        timedelta(0),
    ]  # fmt: skip
    assert message.state == State.FAILED
    assert not Delivery.objects.exists()  # it never bounced; it was only never taken


def test_a_dead_address_is_suppressed_and_told(post: Post, connect) -> None:
    message = post.message()
    with mail_server.running(says={"RCPT": "550 5.1.1 user unknown"}) as server:
        connect(server)
        post.send()
    bounce = Delivery.objects.get()
    assert (bounce.kind, bounce.is_permanent, bounce.message) == ("bounced", True, message)
    assert queries.suppression_reasons(workspace=post.workspace, emails=[message.to_email]) == {
        message.to_email: "bounced"
    }
    assert Fact.objects.filter(name="message.bounced", subject=message.public_id).count() == 1


@pytest.mark.parametrize("step", ["RCPT", "dot"])
def test_a_refused_mail_is_not_the_fault_of_the_address(post: Post, connect, step: str) -> None:
    message = post.message()
    with mail_server.running(says={step: "554 5.7.1 we do not like this"}) as server:
        connect(server)
        post.send()
    assert post.state(message) == State.FAILED
    assert Delivery.objects.get().is_permanent
    assert not queries.suppression_reasons(workspace=post.workspace, emails=[message.to_email])


def test_one_bad_address_does_not_stop_the_others(post: Post, connect) -> None:
    bad = post.message(post.contact("Bad One", "bad@example.com"))
    good = [post.message(post.contact(f"Guest {number}")) for number in range(3)]
    refuse = {"bad@example.com": "550 5.1.1 no such user"}
    with mail_server.running(says_to=refuse) as server:
        connect(server)
        assert post.send() == 3
    assert post.state(bad) == State.FAILED
    assert {post.state(message) for message in good} == {State.SENT}
    assert server.connections <= 2


def test_a_hang_up_in_the_middle_costs_only_its_own_letter_an_attempt(post: Post, connect) -> None:
    first = post.message(post.contact("Bad One", "bad@example.com"))
    others = [post.message(post.contact(f"Guest {n}"), due_at=NOW) for n in range(3)]
    with mail_server.running(says_to={"bad@example.com": HANG_UP}) as server:
        connect(server)
        assert post.send() == 3
    first.refresh_from_db()
    assert (first.state, first.failures) == (State.DUE, 1)
    assert {post.state(message) for message in others} == {State.SENT}
    assert {message.failures for message in Message.objects.exclude(pk=first.pk)} == {0}


def test_without_a_server_messages_wait_and_say_why(post: Post, settings) -> None:
    message = post.message()
    settings.AFTERSCORE_SMTP_URL = "smtp://127.0.0.1:1"
    assert post.send() == 0
    message.refresh_from_db()
    assert (message.state, message.attempt, message.failures) == (State.PLANNED, 0, 0)
    assert message.reason == (
        "The mail server 127.0.0.1:1 cannot be used: connection refused. "
        "It is tried again within five minutes; nothing is lost."
    )
    assert post.send() == 0  # resting: no second attempt within the second


def test_a_wrong_password_loses_nothing(post: Post, settings) -> None:
    message = post.message()
    greeting = {"EHLO": "250-mail.example.com\r\n250 AUTH PLAIN LOGIN"}
    with mail_server.running(says=greeting) as server:
        address = f"smtp://olivia:secret@127.0.0.1:{server.port}?security=none"
        settings.AFTERSCORE_SMTP_URL = address
        assert post.send() == 0
    message.refresh_from_db()
    assert message.state == State.PLANNED
    assert "535 5.7.8 wrong password" in message.reason
    assert "secret" not in message.reason


def test_a_server_without_tls_does_not_get_the_password(post: Post, settings) -> None:
    post.message()
    with mail_server.running() as server:
        settings.AFTERSCORE_SMTP_URL = f"smtp://olivia:secret@127.0.0.1:{server.port}"
        assert post.send() == 0
    assert not any(command.startswith("AUTH") for command in server.commands)


def test_what_stops_while_data_is_open_never_becomes_a_mail(
    post: Post, connect, monkeypatch
) -> None:
    """At 354 the fence says no: the connection is dropped, and the server has nothing."""
    message = post.message()
    monkeypatch.setattr(sender.queue, "hand_off", lambda **_: frozenset())
    with mail_server.running() as server:
        connect(server)
        assert post.send() == 0
    assert server.accepted == []
    assert post.state(message) == State.DUE


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", ("localhost", 25, "", "", "none")),
        ("smtp://localhost:1025", ("localhost", 1025, "", "", "none")),
        ("smtp://mail.example.com:587", ("mail.example.com", 587, "", "", "starttls")),
        ("smtp://a%40b.c:p%3Aw@mx.b.com", ("mx.b.com", 587, "a@b.c", "p:w", "starttls")),
        ("smtps://u:p@mail.example.com", ("mail.example.com", 465, "u", "p", "tls")),
        ("smtp://u:p@relay:25?security=none", ("relay", 25, "u", "p", "none")),
    ],
)  # fmt: skip
def test_addresses_of_servers_are_read(url: str, server: tuple[str, int, str, str, str]) -> None:
    assert smtp.parse_url(url) == smtp.Server(*server)


@pytest.mark.parametrize(
    "url", ["", "mail.example.com", "http://x", "smtp://", "smtp://x?security=no"]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="smtp://user:password@"):
        smtp.parse_url(url)


@pytest.mark.parametrize(
    ("reply", "blames"),
    [
        ("550 5.1.1 The email account does not exist", True),
        ("550-5.1.1 The email account that you tried to reach does not exist", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", True),
        ("553 5.1.3 bad address syntax", True),
        ("550 No such user here", True),
        ("550 <x@example.com>: Recipient address rejected: User unknown", True),
        ("550 5.7.1 Service unavailable; client host blocked", False),
        ("550 5.1.8 Sender address rejected: domain not found", False),
        ("552 5.2.2 mailbox full", False),
        ("554 5.7.9 message not accepted for policy reasons", False),
        ("550 Administrative prohibition", False),
        ("550 5.1.1 <a@example.com> has sent to too many recipients this hour", False),
        ("550 5.1.1 Refused due to recipient preferences", False),
    ],
)
def test_only_faults_of_the_address_blame_the_address(reply: str, blames: bool) -> None:
    assert replies.blames_address(reply, answers="RCPT TO:<x@example.com>") is blames


def test_after_the_body_only_a_code_for_it_blames_the_address() -> None:
    """Filters read the mail and then call the reader unknown."""
    assert not replies.blames_address("550 Unknown user", answers="DATA")
    assert not replies.blames_address("550 : User unknown", answers="RCPT TO:<x@example.com>")
    assert replies.blames_address("550 5.1.1 User unknown", answers="DATA")
