"""Mail through the interface of a provider: what is sent, and what each answer means."""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from afterscore.kit import secrets
from afterscore.outreach import channels, composition, queries
from afterscore.outreach.channels import (
    Accepted,
    Declined,
    Letter,
    Outcome,
    Unknown,
    Unreachable,
    Untried,
    provider,
    providers,
    requesting,
)
from afterscore.outreach.models import MailRoute, Message, State
from afterscore.outreach.sender.lines import Rest
from tests.outreach import provider_server
from tests.outreach.post import Post, minutes
from tests.outreach.provider_server import KEY, ProviderServer
from tests.people import NOW

CONTENT = (
    b"From: Olivia Byrne <olivia@harbourline.example>\r\nTo: Nora <%b>\r\n"
    b"Subject: Hello\r\nMessage-ID: <msg_%b@harbourline.example>\r\n"
    b"List-Unsubscribe: <https://x.example/u/1>\r\nReply-To: help@harbourline.example\r\n"
    b"\r\nHello.\r\n"
)


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with provider_server.running() as running:
        yield running


def letter(number: int = 0) -> Letter:
    recipient = f"nora{number}@example.com"
    name = b"22222222222222222222%02d" % (number + 22)
    return Letter(number, "a@example.com", recipient, CONTENT % (recipient.encode(), name))


def send(server: ProviderServer, count: int = 1, esp: str = "resend") -> list[Outcome]:
    channel = channels.make(server.way(esp))
    channel.open()
    try:
        letters = [letter(number) for number in range(count)]
        return [each for some in channel.deliver(letters, frozenset) for each in some]
    finally:
        channel.close()


def test_the_provider_gets_the_whole_letter(post: Post, server: ProviderServer) -> None:
    message = post.message(reply_to="help@harbourline.example")
    composed = composition.compose(message)
    content = composition.as_bytes(composed, date=NOW)
    channel = channels.make(server.way())
    channel.open()
    letters = [Letter(1, composed.sender, message.to_email, content)]
    list(channel.deliver(letters, frozenset))
    channel.close()
    (request,) = server.taken
    body = request.body
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["idempotency-key"] == message.public_id
    assert body["subject"] == composed.subject
    assert body["from"] == "Olivia Byrne <olivia@harbourline.example>"
    assert body["to"] == ["Ana Lima <ana.lima@example.com>"]
    assert body["reply_to"] == ["Olivia Byrne <help@harbourline.example>"]
    assert "How likely" in body["text"]
    assert "<html" in body["html"]
    headers = {name.lower(): value for name, value in body["headers"].items()}
    assert headers["list-unsubscribe"].startswith("<http")
    assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert headers["message-id"] == message.message_id
    assert message.public_id in headers["x-metadata"]
    assert not {"date", "mime-version", "content-type", "subject", "to"} & set(headers)


def test_the_same_letter_makes_the_same_request_again(server: ProviderServer) -> None:
    """Byte for byte, or a provider refuses the key: "used with another content"."""
    send(server)
    send(server)
    first, second = server.requests
    assert (first.body, first.path) == (second.body, second.path)
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert len(server.taken) == 1


def test_what_is_taken_bears_the_providers_name_for_it(server: ProviderServer) -> None:
    (outcome,) = send(server)
    assert outcome == Accepted(0, "Resend took it as esp-1.", provider_id="esp-1")


@pytest.mark.parametrize(
    ("status", "text"),
    [(400, "bad field"), (404, "no such thing"), (413, "too large"), (422, "invalid `to` field")],
)
def test_a_clear_no_is_declined_and_the_answer_kept(server, status: int, text: str) -> None:
    server.mode, server.status, server.text = "no", status, text
    (outcome,) = send(server)
    assert isinstance(outcome, Declined)
    assert not outcome.is_permanent
    assert str(status) in outcome.reply
    assert text in outcome.reply


@pytest.mark.parametrize("status", [301, 401, 402, 403, 429])
def test_what_is_no_letters_fault_ends_the_round_after_one(server, status: int) -> None:
    server.mode, server.status = "no", status
    channel = channels.make(server.way())
    channel.open()
    outcomes = [
        each for some in channel.deliver([letter(n) for n in range(5)], frozenset) for each in some
    ]
    assert len(server.requests) == 1
    assert isinstance(outcomes[0], Declined)
    assert (outcomes[0].blames_way, outcomes[0].is_permanent) == (True, False)
    assert outcomes[1:] == [Untried(number) for number in range(1, 5)]
    with pytest.raises(Unreachable, match=rf"Resend takes nothing at present: {status}"):
        channel.open()
    channel.open()  # once told, it is tried again
    channel.close()


@pytest.mark.parametrize("esp", ["resend", "postmark"])
@pytest.mark.parametrize(
    "answer",
    [
        ("no", 500, "oops"),
        ("no", 502, "<html>bad gateway</html>"),
        ("no", 503, ""),
        ("no", 408, "slow"),
        ("no", 200, "this is no JSON"),
        ("no", 200, "{}"),
        ("hang up", 0, ""),
        ("silent", 0, ""),
    ],
)
def test_without_a_clear_answer_nobody_knows(server, monkeypatch, esp: str, answer) -> None:
    monkeypatch.setattr(provider, "ANSWER_SECONDS", 0.4)
    server.mode, server.status, server.text = answer
    (outcome,) = send(server, esp=esp)
    assert isinstance(outcome, Unknown), outcome
    assert outcome.may_repeat is (esp == "resend")
    assert KEY not in outcome.reply


def test_where_nobody_listens_nothing_has_left(server: ProviderServer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        server.port = unused.getsockname()[1]
    (outcome,) = send(server)
    assert isinstance(outcome, Declined)
    assert (outcome.blames_way, outcome.is_permanent) == (True, False)
    assert "could not be reached" in outcome.reply


def test_a_name_that_does_not_resolve_has_taken_nothing(server: ProviderServer) -> None:
    way = server.way(api_url="https://nowhere.invalid/")
    channel = channels.make(way)
    channel.open()
    (outcome,) = next(iter(channel.deliver([letter()], frozenset)))
    channel.close()
    assert isinstance(outcome, Declined)
    assert outcome.blames_way


def test_a_certificate_that_is_wrong_has_taken_nothing(server: ProviderServer) -> None:
    way = server.way(api_url=server.url.replace("http:", "https:"))
    channel = channels.make(way)
    channel.open()
    (outcome,) = next(iter(channel.deliver([letter()], frozenset)))
    channel.close()
    assert isinstance(outcome, Declined)
    assert not server.requests


def test_a_letter_that_may_not_leave_does_not(server: ProviderServer) -> None:
    channel = channels.make(server.way())
    channel.open()
    outcomes = [
        each
        for some in channel.deliver(
            [letter(n) for n in range(20)], lambda numbers: frozenset(n for n in numbers if n % 2)
        )
        for each in some
    ]
    channel.close()
    assert {each.number for each in outcomes if isinstance(each, Accepted)} == set(range(1, 20, 2))
    assert len(server.taken) == 10


def test_the_key_never_stands_in_an_answer(server: ProviderServer) -> None:
    server.mode, server.status, server.text = "no", 400, f"the key {KEY} may not"
    (outcome,) = send(server)
    assert isinstance(outcome, Declined)
    assert KEY not in outcome.reply
    assert secrets.HIDDEN in outcome.reply


def test_a_missing_key_is_told_before_anything_is_tried() -> None:
    way = channels.Way("test", "provider", options={"provider": "resend"})
    with pytest.raises(Unreachable, match="Resend needs: API key"):
        channels.make(way).open()


@pytest.mark.parametrize("key", [k for k, p in providers.PROVIDERS.items() if not p.is_smtp])
def test_every_provider_can_be_made_ready(key: str) -> None:
    """The names of its settings are those that the library knows."""
    chosen = providers.PROVIDERS[key]
    entered = {
        each.name: each.choices[0][0] if each.choices else "https://esp.example/x"
        for each in chosen.settings
        if each.is_for_sending
    }
    channel = channels.make(channels.Way("test", "provider", {"provider": key, **entered}))
    channel.open()
    channel.close()


@pytest.fixture
def route(post: Post, server: ProviderServer, monkeypatch) -> MailRoute:
    """The workspace's mail leaves by the provider on loopback."""
    made = MailRoute.objects.create(
        workspace=post.workspace, name="Resend", channel="provider", options={"provider": "resend"},
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    monkeypatch.setattr(queries, "way_of", lambda _route: server.way())
    return made


def test_a_message_is_sent_by_its_route_and_known_by_the_providers_name(
    post: Post, route: MailRoute, server: ProviderServer
) -> None:
    message = post.message()
    assert post.send() == 1
    assert post.state(message) == State.SENT
    assert message.provider_id == "esp-1"


def test_a_request_without_answer_is_repeated_under_its_key_and_goes_once(
    post: Post, route: MailRoute, server: ProviderServer
) -> None:
    message = post.message()
    server.mode, server.status, server.takes_before_failing = "no", 502, True
    post.send()
    assert post.state(message) == State.DUE
    assert message.repeat_until == NOW + timedelta(hours=23)
    assert message.due_at == NOW + timedelta(seconds=30)
    server.mode = "ok"
    post.send(at=NOW + minutes(1))
    assert post.state(message) == State.SENT
    assert len(server.requests) == 2
    assert len(server.taken) == 1


def test_a_request_that_may_not_be_repeated_is_in_doubt(
    post: Post, server: ProviderServer, route: MailRoute, monkeypatch
) -> None:
    monkeypatch.setattr(queries, "way_of", lambda _route: server.way("postmark"))
    message = post.message()
    server.mode, server.status = "no", 502
    post.send()
    assert (post.state(message), message.repeat_until) == (State.IN_DOUBT, None)
    assert "502" in message.reply


def test_once_the_key_is_forgotten_it_stays_in_doubt(
    post: Post, route: MailRoute, server: ProviderServer
) -> None:
    message = post.message()
    server.mode, server.status = "no", 502
    post.send()
    server.mode = "ok"
    post.send(at=NOW + timedelta(hours=23))
    assert (post.state(message), len(server.taken)) == (State.IN_DOUBT, 0)
    assert "key" in message.reason


def test_repeats_end_in_doubt_before_the_key_is_forgotten(
    post: Post, route: MailRoute, server: ProviderServer
) -> None:
    message = post.message()
    server.mode, server.status = "no", 502
    at = NOW
    while post.state(message) != State.IN_DOUBT:
        at = max(at, message.due_at)
        post.send(at=at)
        assert len(server.requests) < 50
    assert at < NOW + timedelta(hours=23)
    assert len({request.headers["idempotency-key"] for request in server.requests}) == 1


def test_a_no_to_the_repeat_says_nothing_of_the_first(
    post: Post, route: MailRoute, server: ProviderServer
) -> None:
    message = post.message()
    server.mode, server.status = "no", 502
    post.send()
    server.status = 400
    at = NOW
    for _ in range(6):
        post.state(message)
        at = max(at, message.due_at)
        post.send(at=at)
    assert post.state(message) == State.IN_DOUBT


def test_who_unsubscribes_before_the_repeat_gets_none_and_it_has_arrived(
    post: Post, route: MailRoute, server: ProviderServer
) -> None:
    message = post.message()
    server.mode, server.status, server.takes_before_failing = "no", 502, True
    post.send()
    post.hear(message, "unsubscribed")
    server.mode = "ok"
    post.send(at=NOW + minutes(5))
    assert post.state(message) == State.SENT
    assert len(server.requests) == 1


def test_too_many_requests_put_the_rest_off_and_count_against_no_letter(
    post: Post, route: MailRoute, server: ProviderServer
) -> None:
    for number in range(12):
        post.message(post.contact(f"Guest {number}"))
    server.mode, server.status, server.text = "no", 429, "slow down"
    post.send()
    rows = Message.objects.all()
    assert len(server.requests) <= 2
    assert {row.state for row in rows} <= {State.DUE, State.PLANNED}
    assert {row.failures for row in rows} == {0}
    assert any("slow down" in row.reply for row in rows)
    server.mode = "ok"
    post.worker = "another:1"  # which has not been told to rest
    post.send(at=NOW + minutes(6))
    assert {row.state for row in Message.objects.all()} == {State.SENT}
    assert len(server.taken) == 12


def test_who_asks_to_be_left_alone_for_a_while_is(
    post: Post, route: MailRoute, server: ProviderServer
) -> None:
    for number in range(3):
        post.message(post.contact(f"Guest {number}"))
    server.mode, server.status, server.text = "no", 429, "slow down"
    server.headers = {"Retry-After": "1200"}
    post.send()
    post.send()
    assert len(server.requests) == 1
    told = [row.reason for row in Message.objects.all() if "slow down" in row.reason]
    assert len(told) == 2  # beside those that were not tried
    for reason in told:
        assert "It asks to wait, and is tried again in 20 minutes; nothing is lost." in reason
    server.mode = "ok"
    assert post.send() == 0
    assert len(server.requests) == 1


def test_how_long_to_wait_travels_with_the_reason(server: ProviderServer) -> None:
    server.mode, server.status, server.headers = "no", 429, {"Retry-After": "77"}
    channel = channels.make(server.way())
    channel.open()
    (outcome,) = next(channel.deliver([letter()], frozenset))
    assert isinstance(outcome, Declined)
    assert outcome.rest == 77
    with pytest.raises(Unreachable) as told:
        channel.open()
    assert told.value.rest == 77
    channel.open()  # told once, and then no more of it
    channel.close()


SENT_AT = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": " 0 "}, 0),
        ({"Retry-After": "-5"}, 0),
        ({"Retry-After": "1.5"}, 0),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "²"}, 0),
        ({"Retry-After": "9" * 400}, math.inf),
        ({"Retry-After": "Wed, 21 Oct 2026 07:29:30 GMT", "Date": SENT_AT}, 90),
        ({"Retry-After": "Wed, 21 Oct 2026 07:27:00 GMT", "Date": SENT_AT}, 0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:29:30 GMT"}, 0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:29:30", "Date": SENT_AT}, 0),
        ({"Retry-After": "Wed, 21 Oct 99999999999 07:29:30 GMT", "Date": SENT_AT}, 0),
    ],
)
def test_what_an_answer_says_of_waiting(headers: dict[str, str], seconds: float) -> None:
    assert requesting.seconds_to_wait(headers) == seconds


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [(0, 0.9, 1), (0.2, 0.9, 1), (600, 590, 600), (86_400, 3_590, 3_600), (math.inf, 3_590, 3_600)],
)
def test_a_rest_is_as_long_as_is_asked_but_never_over_an_hour(
    asked: float, least: float, most: float
) -> None:
    rest = Rest()
    begun = time.monotonic()
    rest.lengthen(asked)
    assert least <= rest.until - begun <= most + 0.5
    assert rest.lasts()
