"""Posts in chat rooms: taken, refused, in doubt, and never to where nobody may look."""

from __future__ import annotations

import ipaddress
import json
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterscore.domain.bulletins import Bulletin, Line, Section
from afterscore.outreach.channels import Unreachable, chat
from afterscore.outreach.channels.chat import posting
from tests.outreach import chat_server

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
NEWS = Bulletin(
    title="2 late",
    lead="Nora waits longest.",
    sections=(
        Section(
            "Late",
            (
                Line("Nora Lindqvist, Quayside", "https://nps.example/c/1", "“Too slow”", "2 days"),
                Line("Ben <@U123> & Co", "https://nps.example/c/2"),
            ),
            more=Line("3 more", "https://nps.example/inbox"),
        ),
    ),
    foot=(Line("What this room hears", "https://nps.example/rooms"),),
)


def test_a_post_is_taken() -> None:
    with chat_server.running() as server:
        answer = posting.post(server.address, {"text": "hello"}, allowed=LOOPBACK)
    assert (answer.is_taken, server.posts) == (True, [{"text": "hello"}])


@pytest.mark.parametrize(
    ("status", "again"), [(404, False), (403, False), (429, True), (503, True)]
)
def test_a_refusal_says_why_and_whether_to_try_again(status: int, *, again: bool) -> None:
    with chat_server.running(mode="refuse", status=status, text="no_service") as server:
        answer = posting.post(server.address, {}, allowed=LOOPBACK)
    assert answer == posting.Answer(
        is_taken=False, said=f"{status} no_service", may_try_again=again
    )


def test_a_connection_that_breaks_after_the_post_leaves_it_in_doubt() -> None:
    with chat_server.running(mode="hang_up") as server:
        answer = posting.post(server.address, {}, allowed=LOOPBACK)
        assert answer.is_taken is None
        assert server.requests == 1


def test_a_closed_port_is_told_apart_nothing_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        posting.post(f"http://127.0.0.1:{port}/x", {}, allowed=LOOPBACK)


def test_an_answer_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "ALL_SECONDS", 0.5)
    with chat_server.running(mode="drip") as server:
        answer = posting.post(server.address, {}, allowed=LOOPBACK)
    assert answer.is_taken is not False


def test_a_redirect_is_not_followed() -> None:
    with chat_server.running() as inner:
        with chat_server.running(mode="redirect", location=inner.address) as server:
            answer = posting.post(server.address, {}, allowed=LOOPBACK)
        assert answer.is_taken is False
        assert inner.requests == 0


def test_nothing_reaches_the_own_network_by_default() -> None:
    with chat_server.running() as server:
        with pytest.raises(posting.Forbidden, match="AFTERSCORE_CHAT_NETWORKS"):
            posting.post(server.address, {}, allowed=())
        assert server.requests == 0


@pytest.mark.parametrize(
    "place",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
        "100.64.0.1", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "224.0.0.1", "ff02::1",
    ],
)  # fmt: skip
def test_a_name_that_means_a_private_address_is_refused(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also beside a public one: the answer to a name may change from one look to the next."""
    public = ("93.184.216.34", 443)
    found = [(socket.AF_INET, 1, 6, "", public), (socket.AF_INET, 1, 6, "", (place, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_options: found)
    monkeypatch.setattr(
        socket, "create_connection", lambda *_given, **_options: pytest.fail("it connected")
    )
    with pytest.raises(posting.Forbidden, match="private network"):
        posting.post("https://hooks.example.com/x", {}, allowed=())


def test_the_connection_goes_to_the_address_that_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    found = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443))]

    def look_up(host: str, *_given: Any, **_options: Any) -> Any:
        asked.append(host)
        return found

    def connect(place: tuple[str, int], **_options: Any) -> socket.socket:
        assert place == ("93.184.216.34", 443)
        raise OSError("far enough")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable, match="far enough"):
        posting.post("https://hooks.example.com/x", {}, allowed=())
    assert asked == ["hooks.example.com"]


@pytest.mark.parametrize(
    "address",
    ["", "hooks.example.com/x", "ftp://hooks.example.com", "https://", "https://a:b@c.example/x",
     "https://hooks.example.com/ x", "http://hooks.example.com/x"],
)  # fmt: skip
def test_an_address_that_cannot_work_is_refused_when_it_is_entered(address: str) -> None:
    assert posting.check(address, allowed=())


def test_a_self_hosted_chat_may_do_without_encryption_where_it_is_allowed() -> None:
    assert posting.check("http://chat.internal/hooks/x", allowed=LOOPBACK) == ""


def test_slack_shows_links_and_calls_nobody() -> None:
    text = chat.style_of("slack").write(NEWS)["text"]
    assert "<https://nps.example/c/1|Nora Lindqvist, Quayside> · *2 days*\n“Too slow”" in text
    assert "&lt;@\N{WORD JOINER}U123&gt; &amp; Co" in text
    assert "<https://nps.example/inbox|3 more>" in text


def test_teams_gets_an_adaptive_card() -> None:
    body = chat.style_of("teams").write(NEWS)
    card = body["attachments"][0]["content"]
    texts = [block["text"] for block in card["body"]]
    assert texts[0] == "2 late"
    assert "[Nora Lindqvist, Quayside](https://nps.example/c/1) · **2 days**" in texts[3]


def test_teams_says_no_with_a_yes() -> None:
    fault = chat.style_of("teams").fault
    said = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP 413"
    assert fault(said) == said
    assert fault("1") == fault("") == ""


@given(st.text(max_size=60), st.sampled_from(sorted(chat.STYLES)))
def test_nothing_a_customer_writes_calls_somebody_or_becomes_a_link(text: str, key: str) -> None:
    written = json.dumps(
        chat.style_of(key).write(
            Bulletin("News", (Section("Late", (Line(f"{text}<!channel> @all", detail=text),)),))
        ),
        ensure_ascii=False,
    )
    assert "<!channel>" not in written
    if key != "teams":
        assert "@all" not in written
    assert f"<{text}" not in written or not text.strip()


@pytest.mark.parametrize("key", sorted(chat.STYLES))
def test_a_long_post_is_cut_between_lines_and_says_so(key: str) -> None:
    lines = tuple(Line(f"Customer {n} waits " + "long " * 20) for n in range(200))
    body = json.dumps(chat.style_of(key).write(Bulletin("News", (Section("Late", lines),))))
    assert len(body) < 2 * chat.LONGEST
    assert "Customer 1 waits" in body
    assert "\\u2026" in body
