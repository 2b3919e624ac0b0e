"""Several letters in one request: each is taken, refused or in doubt by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from afterscore.outreach import channels, queries
from afterscore.outreach.channels import (
    Accepted,
    Declined,
    Letter,
    Outcome,
    Unknown,
    Untried,
    provider,
    together,
)
from afterscore.outreach.models import Message, State
from tests.outreach import provider_server
from tests.outreach.post import Post
from tests.outreach.provider_server import ProviderServer
from tests.outreach.test_provider import letter, route

__all__ = ["route"]

ESPS = sorted(together.WAYS)


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    with provider_server.running() as running:
        yield running


def send(server: ProviderServer, letters: list[Letter], esp: str) -> dict[int, Outcome]:
    """One goes ahead alone; all others follow in one request."""
    channel = channels.make(server.way(esp))
    channel.open()
    try:
        outcomes = [each for some in channel.deliver(letters, frozenset) for each in some]
    finally:
        channel.close()
    assert len(outcomes) == len(letters)
    return {each.number: each for each in outcomes}


def letters(count: int) -> list[Letter]:
    return [letter(number) for number in range(count)]


@pytest.mark.parametrize("esp", ESPS)
def test_fifty_letters_take_one_request(server: ProviderServer, esp: str) -> None:
    outcomes = send(server, letters(51), esp)
    assert len(server.requests) == 2
    assert len(server.taken) == 51
    names = {n: each.provider_id for n, each in outcomes.items() if isinstance(each, Accepted)}
    assert names == {number: f"esp-{number + 1}" for number in range(51)}


@pytest.mark.parametrize("esp", ESPS)
def test_each_letter_says_together_what_it_says_alone(server: ProviderServer, esp: str) -> None:
    """But for the recipient, the one that went ahead and those that followed are the same."""
    same = [
        replace(letter(n), content=letter(0).content.replace(b"nora0", b"nora%d" % n))
        for n in range(3)
    ]
    send(server, same, esp)
    alone, *others = server.taken
    assert len(others) == 2
    for number, other in enumerate(others, 1):
        shown = str(_flat(other.body)).replace(f"nora{number}@", "nora0@")
        assert shown == str(_flat(alone.body))
        assert other.headers.get("x-postmark-server-token") == alone.headers.get(
            "x-postmark-server-token"
        )
        assert other.headers.get("authorization") == alone.headers.get("authorization")


def _flat(body: dict[str, Any]) -> dict[str, Any]:
    """Without the folder for all letters that one of the dialects has."""
    if "Messages" in body:
        (message,) = body["Messages"]
        body = {**body["Globals"], **message}
    return dict(sorted(body.items()))


@pytest.mark.parametrize("esp", ESPS)
def test_what_one_letter_is_refused_for_holds_up_no_other(server: ProviderServer, esp: str) -> None:
    server.refused = {"nora2@example.com", "nora5@example.com"}
    outcomes = send(server, letters(8), esp)
    assert len(server.requests) == 2
    declined = {n: each for n, each in outcomes.items() if isinstance(each, Declined)}
    assert set(declined) == {2, 5}
    assert not any(each.blames_way for each in declined.values())
    for each in declined.values():
        assert each.reply
    assert {n for n, each in outcomes.items() if isinstance(each, Accepted)} == {0, 1, 3, 4, 6, 7}
    assert len(server.taken) == 6


def test_who_is_marked_inactive_is_written_to_no_more(server: ProviderServer) -> None:
    server.refused = {"nora2@example.com"}
    outcome = send(server, letters(4), "postmark")[2]
    assert isinstance(outcome, Declined)
    assert outcome.is_permanent


def test_a_letter_that_fails_alone_is_not_called_sent(server: ProviderServer) -> None:
    """One of the dialects says so in an answer that is in order otherwise."""
    server.refused = {"nora0@example.com"}
    (outcome,) = send(server, letters(1), "mailjet").values()
    assert isinstance(outcome, Declined)
    assert "nora0@example.com is odd" in outcome.reply


def test_a_letter_nobody_can_carry_holds_up_no_other(server: ProviderServer) -> None:
    odd = Letter(3, "a@example.com", "no address", letter(3).content.replace(b"nora3@", b"@"))
    outcomes = send(server, [*letters(3), odd, letter(4)], "postmark")
    assert isinstance(outcomes.pop(3), Declined)
    assert all(isinstance(each, Accepted) for each in outcomes.values())


@pytest.mark.parametrize("esp", ESPS)
@pytest.mark.parametrize(
    "answer",
    [
        ("no", 500, "oops"),
        ("no", 502, "<html>bad gateway</html>"),
        ("no", 200, "this is no JSON"),
        ("no", 200, "{}"),
        ("no", 200, "[]"),
        ("no", 200, '{"Messages": [], "responses": [], "success": true}'),
        ("hang up", 0, ""),
        ("silent", 0, ""),
    ],
)
def test_without_an_answer_for_each_nobody_knows_of_any(
    server: ProviderServer, monkeypatch: pytest.MonkeyPatch, esp: str, answer: tuple[str, int, str]
) -> None:
    monkeypatch.setattr(provider, "ANSWER_SECONDS", 0.4)
    channel = channels.make(server.way(esp))
    channel.open()
    assert isinstance(next(channel.deliver([letter(0)], frozenset))[0], Accepted)
    server.mode, server.status, server.text = answer
    outcomes = next(channel.deliver(letters(4)[1:], frozenset))
    channel.close()
    unknown = [each for each in outcomes if isinstance(each, Unknown)]
    assert len(unknown) == len(outcomes) == 3, outcomes
    assert not any(each.may_repeat for each in unknown)


@pytest.mark.parametrize("esp", ESPS)
@pytest.mark.parametrize("status", [401, 403, 429])
def test_what_is_no_letters_fault_ends_the_round(
    server: ProviderServer, esp: str, status: int
) -> None:
    channel = channels.make(server.way(esp))
    channel.open()
    next(channel.deliver([letter(0)], frozenset))
    server.mode, server.status, server.text = "no", status, '{"error": "not now"}'
    server.headers = {"Retry-After": "77", "Content-Type": "application/json"}
    many = [letter(number) for number in range(1, together.MOST + 11)]
    outcomes = [each for some in channel.deliver(many, frozenset) for each in some]
    channel.close()
    assert len(server.requests) == 2
    first, rest = outcomes[: together.MOST], outcomes[together.MOST :]
    declined = [each for each in first if isinstance(each, Declined)]
    assert len(declined) == together.MOST
    assert {(each.blames_way, each.rest) for each in declined} == {(True, 77)}
    assert all(isinstance(each, Untried) for each in rest)
    assert len(rest) == 10


def test_letters_held_back_at_the_last_moment_are_in_no_request(server: ProviderServer) -> None:
    channel = channels.make(server.way("postmark"))
    channel.open()
    next(channel.deliver([letter(100)], frozenset))
    some = channel.deliver(letters(20), lambda numbers: frozenset(n for n in numbers if n % 2))
    outcomes = [each for handful in some for each in handful]
    channel.close()
    assert {each.number for each in outcomes if isinstance(each, Accepted)} == set(range(1, 20, 2))
    assert len(server.requests) == 2
    assert len(server.taken) == 11


@pytest.mark.usefixtures("route")
def test_a_wave_by_such_a_provider_is_sent_and_known_by_its_names(
    post: Post, server: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "way_of", lambda _route: server.way("postmark"))
    for number in range(30):
        post.message(post.contact(f"Guest {number}"))
    server.refused = {Message.objects.order_by("id")[10].to_email}
    while post.send():
        pass
    rows = Message.objects.order_by("id")
    assert [row.state for row in rows].count(State.SENT) == 29
    assert rows[10].state == State.FAILED
    assert "inactive" in rows[10].reply
    names = {row.provider_id for row in rows if row.state == State.SENT}
    assert len(names) == 29
    assert len(server.requests) < 6
